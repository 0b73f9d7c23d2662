import { resolve } from "node:path";
import { type DiffedPolicy, diffPolicies } from "../../../../operate/diff-policy.ts";
import { escapeText } from "../../../http/escape-text.ts";
import { type AddCommand, example } from "../../add-command.ts";
import { couldNotRun, EXIT, type ExitCode } from "../../exit.ts";
import { describeDiff } from "./describe-diff.ts";
import { threadsForCases } from "./threads.ts";

export const addDiff: AddCommand = (policy, world, setExit) => {
  policy
    .command("diff <a> <b>")
    .description("Compares two policies, folders or bundles: by rule, and by what they decide of both sides' cases.")
    .option("--forbid-widening", "ends with 1 when a case is let through that was not, or the rules alone could do that")
    .option("--json", "as JSON")
    .addHelpText("after", example("sluice policy diff ./policies-live ./policies --forbid-widening"))
    .action(async (a, b, options) => {
      const { wasm } = await world.readEngine();
      const at = (path: string) => resolve(world.cwd, path);
      const diffed = await diffPolicies({ was: at(a), is: at(b), wasm, nowMs: world.clock.nowMs(), threads: threadsForCases() });
      if (diffed.kind === "unreadable") {
        for (const message of diffed.messages) world.writeError(`${escapeText(message)}\n`);
        throw couldNotRun("one side cannot be compared: name two folders that `sluice policy validate` passes, or bundles");
      }
      world.write(options.json === true ? `${JSON.stringify(diffed)}\n` : describeDiff(diffed));
      setExit(exitOf(diffed, options.forbidWidening === true));
    });
};

function exitOf({ versionsKept, verdict }: DiffedPolicy & { readonly kind: "diffed" }, forbidsWidening: boolean): ExitCode {
  const isForbidden = forbidsWidening && (verdict.widens || verdict.mayWiden);
  return versionsKept.length > 0 || isForbidden ? EXIT.no : EXIT.fine;
}
