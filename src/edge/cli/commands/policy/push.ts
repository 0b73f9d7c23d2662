import { type AddCommand, example } from "../../add-command.ts";
import { addServerOptions, openBundleClient } from "../../operator-client.ts";
import { readBundleFile } from "./bundle-file.ts";
import { parseTenant } from "./parse-build-options.ts";
import { pushBundle } from "./push-bundle.ts";

export const addPush: AddCommand = (policy, world) => {
  addServerOptions(policy.command("push <file>"))
    .description("Shows what a bundle changes against the live one, asks, and lets it decide (role author).")
    .requiredOption("--tenant <name>", "the tenant, whose `bundle` is `pushed`", parseTenant)
    .option("--forbid-widening", "ends with 1, nothing pushed, where it lets more through than the live one or could")
    .option("--yes", "does not ask")
    .addHelpText("after", example("sluice policy push bundle.tar.gz --tenant default --server 127.0.0.1:9190"))
    .action(async (file, options) => {
      const packed = await readBundleFile(file, world);
      const client = await openBundleClient(options, world);
      const [forbidWidening, yes, json] = [options.forbidWidening === true, options.yes === true, options.json === true];
      await pushBundle({ tenant: options.tenant, packed, label: file, forbidWidening, yes, json }, client, world);
    });
};
