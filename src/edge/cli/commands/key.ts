import { resolve } from "node:path";
import { Option } from "@commander-js/extra-typings";
import { makeKey } from "../../../operate/make-key.ts";
import { type AddCommand, example, noun } from "../add-command.ts";
import { couldNotRun, isErrorCode } from "../exit.ts";

const USES = ["agents", "bundles", "receipts", "grants"] as const;
const ALGORITHMS = ["ES256", "EdDSA"] as const;

export const addKey: AddCommand = (program, world) => {
  noun(program, "key", "Keys: each has one use.")
    .command("new <file>")
    .description("Makes a key as JWK, readable by its owner alone, and its public half beside it.")
    .addOption(new Option("--for <use>", "what it signs").choices(USES).makeOptionMandatory())
    .addOption(new Option("--alg <algorithm>", "of a key for bundles (default: ES256); all others are EdDSA").choices(ALGORITHMS))
    .addHelpText("after", example("sluice key new ./keys/agents.jwk --for agents", "sluice key new ./keys/ci.jwk --for bundles"))
    .action(async (file, options) => {
      const alg = options.alg ?? (options.for === "bundles" ? "ES256" : "EdDSA");
      if (alg !== "EdDSA" && options.for !== "bundles") throw couldNotRun(`keys for ${options.for} are EdDSA: leave --alg out`);
      const made = await makeKey(world.keyFiles, { use: options.for, alg, file: resolve(world.cwd, file) }).catch((error: unknown) => {
        if (isErrorCode(error, "EEXIST")) throw couldNotRun(`${file} is there already and is never overwritten: give another file`);
        throw error;
      });
      const pem = made.pemFile === null ? "" : `for OPA: ${made.pemFile}\n`;
      world.write(`${made.kid}\nprivate: ${made.file}\npublic:  ${made.publicFile}\n${pem}`);
    });
};
