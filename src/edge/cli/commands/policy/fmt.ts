import { formatPolicies } from "../../../../operate/format-policy.ts";
import { escapeText } from "../../../http/escape-text.ts";
import { type AddCommand, example } from "../../add-command.ts";
import { couldNotRun, EXIT } from "../../exit.ts";
import { tellProblems } from "./tell-problems.ts";

export const addFmt: AddCommand = (policy, world, setExit) => {
  policy
    .command("fmt <paths...>")
    .description("Formats policy files and folders of them, and repairs expressions that YAML misreads. What they say stays.")
    .option("--check", "writes nothing, and ends with 1 when something would change")
    .option("--json", "as JSON")
    .addHelpText("after", example("sluice policy fmt ./policies --check"))
    .action(async (paths, options) => {
      const isCheck = options.check === true;
      const formatted = await formatPolicies({ cwd: world.cwd, paths, write: !isCheck });
      if (formatted.kind === "unreadable") {
        throw couldNotRun(`${formatted.path} cannot be read (${formatted.reason}): name policy files or folders of them`);
      }
      const { files, changed, problems } = formatted;
      tellProblems(problems, "", world);
      if (options.json === true) world.write(`${JSON.stringify({ files, changed, problems })}\n`);
      else {
        for (const name of changed) world.write(`${escapeText(name)}\n`);
        const rest = problems.length === 0 ? "" : "; what is broken was left as it is";
        world.write(`${changed.length} of ${files} files ${isCheck ? "would be formatted" : "formatted"}${rest}\n`);
      }
      setExit(problems.length === 0 && (!isCheck || changed.length === 0) ? EXIT.fine : EXIT.no);
    });
};
