import { type AddCommand, example } from "../add-command.ts";
import { loadOrEnd } from "../load-or-end.ts";

export const addServe: AddCommand = (program, world) => {
  program
    .command("serve")
    .description("Runs the server that Envoy asks.")
    .option("--config <file>", "configuration (default: sluice.yaml if there is one)")
    .option("--policies <dir>", "folder of policy files for the only tenant (default: the embedded examples)")
    .addHelpText("after", example("sluice serve --policies ./policies"))
    .action(async (options) => {
      const { settings } = loadOrEnd(options, world);
      const server = await world.startServer(settings);
      const given = { file: options.config ?? null, policies: options.policies ?? null };
      await world.untilStopped(() => void server.reload(world.loadSettings(given)));
      await server.stop({ atOnce: false });
    });
};
