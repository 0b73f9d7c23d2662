import { validatePolicy } from "../../../../operate/validate-policy.ts";
import { type AddCommand, example } from "../../add-command.ts";
import { EXIT } from "../../exit.ts";
import { folderOrEnd, foldersOrEnd, GUARDRAILS_OPTION } from "./policy-folder.ts";
import { tellProblems } from "./tell-problems.ts";

export const addValidate: AddCommand = (policy, world, setExit) => {
  policy
    .command("validate <dir>")
    .description("Compiles a policy folder and tells everything that is wrong or doubtful in it.")
    .option("--strict", "warnings are errors")
    .option(...GUARDRAILS_OPTION)
    .option("--json", "as JSON")
    .addHelpText("after", example("sluice policy validate ./policies --strict"))
    .action(async (dir, options) => {
      const guardrailFolders = await foldersOrEnd(options.guardrails, world);
      const result = await validatePolicy({ folder: await folderOrEnd(dir, world), guardrailFolders, strict: options.strict === true });
      if (options.json === true) world.write(`${JSON.stringify(result)}\n`);
      else if (result.kind === "valid") {
        tellProblems(result.warnings, "warning: ", world);
        const { rules, tools, cases, revision } = result;
        world.write(`Valid: ${rules} rules and limits, ${tools} tools, ${cases} cases; revision ${revision}.\n`);
      } else tellProblems(result.problems, "", world);
      setExit(result.kind === "valid" ? EXIT.fine : EXIT.no);
    });
};
