import { stat, writeFile } from "node:fs/promises";
import { basename, resolve } from "node:path";
import { SILENT } from "../../../core/observer.ts";
import { buildPolicy } from "../../../operate/build-policy.ts";
import { createCaseDecider } from "../../../operate/decide-case.ts";
import { type TestedPolicy, testPolicy } from "../../../operate/test-policy.ts";
import { validatePolicy } from "../../../operate/validate-policy.ts";
import { describeProblem, type Problem } from "../../../policy/compile/problem.ts";
import { preparePolicy } from "../../../policy/wasm/prepare-policy.ts";
import { type AddCommand, example, noun } from "../add-command.ts";
import type { CliWorld } from "../cli-world.ts";
import { couldNotRun, EXIT, type ExitCode } from "../exit.ts";

export const addPolicy: AddCommand = (program, world, setExit) => {
  const policy = noun(program, "policy", "The policy tool chain.");
  policy
    .command("validate <dir>")
    .description("Compiles a policy folder and tells everything that is wrong with it.")
    .option("--strict", "warnings are errors")
    .option("--json", "as JSON")
    .addHelpText("after", example("sluice policy validate ./policies --strict"))
    .action(async (dir, options) => {
      const result = await validatePolicy({ folder: await folderOf(dir, world), strict: options.strict === true });
      if (options.json === true) world.write(`${JSON.stringify(result)}\n`);
      else if (result.kind === "valid") {
        tellProblems(result.warnings, "warning: ", world);
        world.write(
          `Valid: ${result.rules} rules and limits, ${result.tools} tools, ${result.cases} cases; revision ${result.revision}.\n`,
        );
      } else tellProblems(result.problems, "", world);
      setExit(result.kind === "valid" ? EXIT.fine : EXIT.no);
    });
  policy
    .command("test <dir>")
    .description("Runs the folder's cases on the engine that decides in production.")
    .option("--json", "as JSON")
    .addHelpText("after", example("sluice policy test ./policies"))
    .action(async (dir, options) => {
      const result = await runCases(await folderOf(dir, world), world);
      if (options.json === true) world.write(`${JSON.stringify(result)}\n`);
      else tellCases(result, world);
      setExit(exitOf(result));
    });
  policy
    .command("build <dir>")
    .description("Makes an OPA bundle of a policy folder (unsigned).")
    .requiredOption("-o, --output <file>", "where the bundle goes")
    .option("--tenant <name>", "the tenant it is for")
    .option("--json", "as JSON")
    .addHelpText("after", example("sluice policy build ./policies -o bundle.tar.gz"))
    .action(async (dir, options) => {
      const folder = await folderOf(dir, world);
      const tenant = options.tenant === undefined ? {} : { tenant: options.tenant };
      const built = await buildPolicy({ folder, name: basename(folder), ...(await world.readEngine()), ...tenant });
      if (built.kind === "invalid") tellProblems(built.problems, "", world);
      else {
        await writeOrEnd(resolve(world.cwd, options.output), built.bundle);
        const { revision, digest } = built;
        world.write(options.json === true ? `${JSON.stringify({ revision, digest })}\n` : `revision ${revision}\nsha256 ${digest}\n`);
      }
      setExit(built.kind === "built" ? EXIT.fine : EXIT.no);
    });
};

/** A folder that is not there is no policy that is wrong. */
async function folderOf(dir: string, world: CliWorld): Promise<string> {
  const folder = resolve(world.cwd, dir);
  const found = await stat(folder).catch(() => null);
  if (found?.isDirectory() !== true) throw couldNotRun(`${dir} is no folder: name a folder of policy files`);
  return folder;
}

async function writeOrEnd(path: string, bytes: Uint8Array): Promise<void> {
  try {
    await writeFile(path, bytes);
  } catch {
    throw couldNotRun(`${path} cannot be written: name a file in a folder that is there with -o`);
  }
}

async function runCases(folder: string, world: CliWorld): Promise<TestedPolicy> {
  const { wasm } = await world.readEngine();
  return testPolicy({
    folder,
    prepare: ({ program, revision, digest }) => {
      const policy = preparePolicy({ program, wasm, name: basename(folder), revision, digest, observer: SILENT });
      return createCaseDecider({ program, policy, pseudonyms: world.pseudonyms, nowMs: world.clock.nowMs() });
    },
  });
}

function exitOf(result: TestedPolicy): ExitCode {
  return result.kind === "tested" && result.failed === 0 ? EXIT.fine : EXIT.no;
}

function tellCases(result: TestedPolicy, world: CliWorld): void {
  if (result.kind === "invalid") {
    tellProblems(result.problems, "", world);
    return;
  }
  tellProblems(result.warnings, "warning: ", world);
  for (const one of result.results) {
    world.write(`${one.differences.length === 0 ? "ok  " : "FAIL"} ${one.name}\n`);
    for (const difference of one.differences) world.write(`       ${one.file}:${one.line}: ${difference}\n`);
  }
  if (result.neverHit.length > 0) world.write(`Never hit: ${result.neverHit.join(", ")}\n`);
  world.write(`${result.results.length - result.failed} cases passed, ${result.failed} failed\n`);
}

function tellProblems(problems: readonly Problem[], prefix: string, world: CliWorld): void {
  for (const problem of problems) world.writeError(`${prefix}${describeProblem(problem)}\n`);
}
