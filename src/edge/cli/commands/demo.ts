import { type AddCommand, example } from "../add-command.ts";
import { EXIT } from "../exit.ts";

export const addDemo: AddCommand = (program, world, setExit) => {
  program
    .command("demo")
    .description("Runs an upstream, Sluice and a real Envoy, makes the four decisions and goes on serving.")
    .option("--once", "ends after the calls; exit code 0 only if every decision was the expected one")
    .option("--no-envoy", "asks Sluice directly instead of through an Envoy")
    .addHelpText("after", example("sluice demo --once"))
    .action(async (options) => {
      const { ok } = await world.runDemo({ once: options.once === true, envoy: options.envoy });
      setExit(ok ? EXIT.fine : EXIT.no);
    });
};
