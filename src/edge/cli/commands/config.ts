import { type AddCommand, example, noun } from "../add-command.ts";
import { loadOrEnd } from "../load-or-end.ts";

export const addConfig: AddCommand = (program, world) => {
  const config = noun(program, "config", "The configuration.");
  config
    .command("print")
    .description("Prints the effective settings, with every default; secrets stay references.")
    .option("--config <file>", "configuration")
    .option("--json", "as JSON")
    .addHelpText("after", example("sluice config print --config sluice.yaml"))
    .action((options) => {
      const { effective } = loadOrEnd(options, world);
      world.write(options.json === true ? `${JSON.stringify(effective, null, 2)}\n` : world.renderSettings(effective));
    });
  config
    .command("check")
    .description("Says whether a server would start on this configuration.")
    .option("--config <file>", "configuration")
    .addHelpText("after", example("sluice config check --config sluice.yaml"))
    .action((options) => {
      loadOrEnd(options, world);
      world.write("The configuration is fine.\n");
    });
  config
    .command("schema")
    .description("Prints the configuration's JSON Schema.")
    .addHelpText("after", example("sluice config schema > sluice.schema.json"))
    .action(() => world.write(world.renderJsonSchema()));
};
