import { basename } from "node:path";
import { buildPolicy } from "../../../../operate/build-policy.ts";
import { type AddCommand, example } from "../../add-command.ts";
import type { CliWorld } from "../../cli-world.ts";
import { EXIT } from "../../exit.ts";
import { readSigner } from "../../read-bundle-key.ts";
import { parseNotAfter, parseSerial, parseTenant } from "./parse-build-options.ts";
import { folderOrEnd, foldersOrEnd, GUARDRAILS_OPTION } from "./policy-folder.ts";
import { tellProblems } from "./tell-problems.ts";
import { writeOutput } from "./write-output.ts";

const EXAMPLE = "sluice policy build ./policies -o bundle.tar.gz --tenant default --serial 7 --key ./keys/ci.jwk";
const FOR_ANY_TENANT = "warning: it is signed for no tenant: every tenant that trusts this key takes it; say --tenant\n";

export const addBuild: AddCommand = (policy, world, setExit) => {
  policy
    .command("build <dir>")
    .description("Makes an OPA bundle of a policy folder.")
    .requiredOption("-o, --output <file>", "where the bundle goes")
    .option("--tenant <name>", "the tenant it is for", parseTenant)
    .option("--serial <n>", "grows with every version; a server refuses one below the highest that decided (default: 0)", parseSerial)
    .option("--not-after <time>", "when servers stop taking it, such as 2026-12-31T00:00:00Z", parseNotAfter)
    .option("--key <file>", "signs it: a private JWK or PEM (default: unsigned)")
    .option("--rollback-from <n>", "may take the place of exactly this serial, though its own is lower", parseSerial)
    .option("--no-cases", "leaves the folder's cases out, which servers run before it may decide")
    .option(...GUARDRAILS_OPTION)
    .option("--json", "as JSON")
    .addHelpText("after", example(EXAMPLE))
    .action(async (dir, options) => {
      const folder = await folderOrEnd(dir, world);
      const guardrailFolders = await foldersOrEnd(options.guardrails, world);
      const said = await readSaid(options, world);
      if (said.signer !== undefined && said.tenant === undefined) world.writeError(FOR_ANY_TENANT);
      const built = await buildPolicy({ folder, guardrailFolders, name: basename(folder), ...(await world.readEngine()), ...said });
      if (built.kind === "invalid") tellProblems(built.problems, "", world);
      else {
        tellProblems(built.warnings, "warning: ", world);
        await writeOutput(options.output, built.bundle, { option: "-o", world });
        const { revision, digest } = built;
        world.write(options.json === true ? `${JSON.stringify({ revision, digest })}\n` : `revision ${revision}\nsha256 ${digest}\n`);
      }
      setExit(built.kind === "built" ? EXIT.fine : EXIT.no);
    });
};

type Said = {
  readonly tenant?: string | undefined;
  readonly serial?: number | undefined;
  readonly notAfter?: string | undefined;
  readonly rollbackFrom?: number | undefined;
  readonly key?: string | undefined;
  readonly cases: boolean;
};

async function readSaid({ tenant, serial, notAfter, rollbackFrom, key, cases }: Said, world: CliWorld) {
  return {
    withCases: cases,
    ...(tenant === undefined ? {} : { tenant }),
    ...(serial === undefined ? {} : { serial }),
    ...(notAfter === undefined ? {} : { notAfter }),
    ...(rollbackFrom === undefined ? {} : { rollbackFrom }),
    ...(key === undefined ? {} : { signer: await readSigner(key, world) }),
  };
}
