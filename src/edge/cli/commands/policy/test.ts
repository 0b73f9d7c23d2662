import { type TestedPolicy, testPolicy } from "../../../../operate/test-policy.ts";
import { escapeText } from "../../../http/escape-text.ts";
import { type AddCommand, example } from "../../add-command.ts";
import type { CliWorld } from "../../cli-world.ts";
import { EXIT, type ExitCode } from "../../exit.ts";
import { junitText } from "../../junit-text.ts";
import { describeTested } from "./describe-tested.ts";
import { folderOrEnd, foldersOrEnd, GUARDRAILS_OPTION } from "./policy-folder.ts";
import { runOnChange } from "./run-on-change.ts";
import { tellProblems } from "./tell-problems.ts";
import { threadsForCases } from "./threads.ts";
import { writeOutput } from "./write-output.ts";

export const addTest: AddCommand = (policy, world, setExit) => {
  policy
    .command("test <dir>")
    .description("Runs the folder's cases on the engine that decides in production.")
    .option("--junit <file>", "writes the results as JUnit XML too")
    .option("--coverage", "lists the rules and limits that no case hits, with their places")
    .option("--watch", "runs again whenever a file changes, until SIGINT or the end of standard input")
    .option(...GUARDRAILS_OPTION)
    .option("--json", "as JSON")
    .addHelpText("after", example("sluice policy test ./policies --coverage --junit cases.xml"))
    .action(async (dir, options) => {
      const folder = await folderOrEnd(dir, world);
      const guardrailFolders = await foldersOrEnd(options.guardrails, world);
      const run = async () => runOnce({ folder, guardrailFolders }, options, world);
      if (options.watch !== true) setExit(await run());
      else await runOnChange([folder, ...guardrailFolders], async () => void (await run()), world);
    });
};

type Where = { readonly folder: string; readonly guardrailFolders: readonly string[] };
type How = { readonly junit?: string | undefined; readonly coverage?: true | undefined; readonly json?: true | undefined };

async function runOnce(where: Where, options: How, world: CliWorld): Promise<ExitCode> {
  const { wasm } = await world.readEngine();
  const tested = await testPolicy({ ...where, wasm, nowMs: world.clock.nowMs(), threads: threadsForCases() });
  if (options.junit !== undefined) await writeOutput(options.junit, junitText(tested), { option: "--junit", world });
  if (options.json === true) world.write(`${JSON.stringify(tested)}\n`);
  else tell(tested, options.coverage === true, world);
  const isEmpty = tested.kind === "tested" && tested.results.length === 0;
  if (isEmpty) world.writeError(`${escapeText(where.folder)} has no cases: write some in a file with the key \`cases\`\n`);
  return tested.kind === "tested" && tested.failed === 0 && !isEmpty ? EXIT.fine : EXIT.no;
}

function tell(tested: TestedPolicy, coverage: boolean, world: CliWorld): void {
  tellProblems(tested.kind === "invalid" ? tested.problems : tested.warnings, tested.kind === "invalid" ? "" : "warning: ", world);
  if (tested.kind === "tested") world.write(describeTested(tested, { coverage, isColored: world.isColored }));
}
