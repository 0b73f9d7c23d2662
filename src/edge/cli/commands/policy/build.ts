import { basename } from "node:path";
import { buildPolicy } from "../../../../operate/build-policy.ts";
import { type AddCommand, example } from "../../add-command.ts";
import { EXIT } from "../../exit.ts";
import { folderOrEnd, foldersOrEnd, GUARDRAILS_OPTION } from "./policy-folder.ts";
import { tellProblems } from "./tell-problems.ts";
import { writeOutput } from "./write-output.ts";

export const addBuild: AddCommand = (policy, world, setExit) => {
  policy
    .command("build <dir>")
    .description("Makes an OPA bundle of a policy folder (unsigned).")
    .requiredOption("-o, --output <file>", "where the bundle goes")
    .option("--tenant <name>", "the tenant it is for")
    .option(...GUARDRAILS_OPTION)
    .option("--json", "as JSON")
    .addHelpText("after", example("sluice policy build ./policies -o bundle.tar.gz"))
    .action(async (dir, options) => {
      const folder = await folderOrEnd(dir, world);
      const guardrailFolders = await foldersOrEnd(options.guardrails, world);
      const tenant = options.tenant === undefined ? {} : { tenant: options.tenant };
      const built = await buildPolicy({ folder, guardrailFolders, name: basename(folder), ...(await world.readEngine()), ...tenant });
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
