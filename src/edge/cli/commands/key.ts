import { resolve } from "node:path";
import { Option } from "@commander-js/extra-typings";
import { makeKey } from "../../../operate/make-key.ts";
import { type AddCommand, example, noun } from "../add-command.ts";
import { couldNotRun, isErrorCode } from "../exit.ts";

const USES = ["agents", "receipts", "grants"] as const;

export const addKey: AddCommand = (program, world) => {
  noun(program, "key", "Keys: each has one use.")
    .command("new <file>")
    .description("Makes an Ed25519 key as JWK, readable by its owner alone.")
    .addOption(new Option("--for <use>", "what it signs").choices(USES).makeOptionMandatory())
    .addHelpText("after", example("sluice key new ./keys/agents.jwk --for agents"))
    .action(async (file, options) => {
      const made = await makeKey(world.keyFiles, { use: options.for, file: resolve(world.cwd, file) }).catch((error: unknown) => {
        if (isErrorCode(error, "EEXIST")) throw couldNotRun(`${file} is there already and is never overwritten: give another file`);
        throw error;
      });
      world.write(`${made.kid}\nprivate: ${made.file}\npublic:  ${made.publicFile}\n`);
    });
};
