import { resolve } from "node:path";
import { type DiffedPolicy, diffPolicies } from "../../../../operate/diff-policy.ts";
import { escapeText } from "../../../http/escape-text.ts";
import { type AddCommand, example } from "../../add-command.ts";
import { couldNotRun, EXIT } from "../../exit.ts";
import { describeDiff } from "./describe-diff.ts";
import { foldersOrEnd, GUARDRAILS_OPTION } from "./policy-folder.ts";
import { threadsForCases } from "./threads.ts";

export const addDiff: AddCommand = (policy, world, setExit) => {
  policy
    .command("diff <a> <b>")
    .description("Compares two policies, folders or bundles: by rule, and by what they decide of both sides' cases.")
    .option("--forbid-widening", "ends with 1 when a case is let through that was not, or the rules alone could do that")
    .option(...GUARDRAILS_OPTION)
    .option("--json", "as JSON")
    .addHelpText("after", example("sluice policy diff ./policies-live ./policies --forbid-widening"))
    .action(async (a, b, options) => {
      const { wasm } = await world.readEngine();
      const at = (path: string) => resolve(world.cwd, path);
      const guardrailFolders = await foldersOrEnd(options.guardrails, world);
      const sides = { was: at(a), is: at(b), guardrailFolders };
      const diffed = await diffPolicies({ ...sides, wasm, nowMs: world.clock.nowMs(), threads: threadsForCases() });
      if (diffed.kind === "unreadable") {
        for (const message of diffed.messages) world.writeError(`${escapeText(message)}\n`);
        throw couldNotRun("one side cannot be compared: name two folders that `sluice policy validate` passes, or bundles");
      }
      const reasons = reasonsToEnd(diffed, options.forbidWidening === true);
      if (options.json === true) world.write(`${JSON.stringify(diffed)}\n`);
      else world.write(describeDiff(diffed, { reasons, isColored: world.isColored }));
      setExit(reasons.length === 0 ? EXIT.fine : EXIT.no);
    });
};

type Diffed = DiffedPolicy & { readonly kind: "diffed" };

/** Why the command ends with 1; none where it ends with 0. */
function reasonsToEnd({ versionsKept, verdict }: Diffed, forbidsWidening: boolean): readonly string[] {
  const kept = versionsKept.map(
    ({ policy, version }) => `the rules of ${policy} changed and its \`version\` is still ${version}: raise it`,
  );
  const isForbidden = forbidsWidening && (verdict.widens || verdict.mayWiden);
  return isForbidden ? [...kept, `--forbid-widening, and it ${verdict.widens ? "widens" : "may widen"}`] : kept;
}
