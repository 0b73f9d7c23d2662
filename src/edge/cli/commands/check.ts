import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { isGoing } from "../../../core/decision.ts";
import { explainDecision } from "../../../operate/explain-decision.ts";
import { readCase } from "../../../operate/read-case.ts";
import { caseToCall } from "../../../policy/compile/case-to-call.ts";
import type { Program } from "../../../policy/program.ts";
import { type AddCommand, example } from "../add-command.ts";
import { callOfCheckRequest } from "../call-of-check-request.ts";
import type { CliWorld } from "../cli-world.ts";
import { describeDecision } from "../describe-decision.ts";
import { explanationLines } from "../describe-explanation.ts";
import { couldNotRun, EXIT, isErrorCode } from "../exit.ts";
import { givenByUrl } from "../given-by-url.ts";
import { folderOrEnd, foldersOrEnd } from "./policy/policy-folder.ts";

export const addCheck: AddCommand = (program, world, setExit) => {
  program
    .command("check <file-or-method> [url]")
    .description("Decides one call off-line: CALL.json (a case or a CheckRequest), or METHOD URL.")
    .option("-d, --data <key=value...>", "form fields of the body")
    .option("-H, --header <name:value...>", "headers")
    .option("--agent <name>", "who calls", "agent-1")
    .option("--policies <dir>", "folder of policy files (default: the embedded examples)")
    .option("--guardrails <dir...>", "folders of guardrails that the policies are under")
    .option("--explain", "shows what won and why: each candidate rule, each test with the value it saw, each unknown")
    .option("--json", "as JSON")
    .addHelpText(
      "after",
      example("sluice check POST https://api.stripe.com/v1/payment_intents -d amount=4000 -d currency=usd --agent finance-1 --explain"),
    )
    .action(async (first, url, options) => {
      const opened = await open(options, world);
      const given = url === undefined ? await readGiven(first, world) : givenByUrl(first, url, options);
      const asked = toCall(given, url === undefined ? first : "arguments", opened.program, options.agent);
      const explained = await explainDecision({ ...opened, pseudonyms: world.pseudonyms, nowMs: world.clock.nowMs(), ...asked });
      const { decision, receipt, rules, why, details } = explained;
      const isExplained = options.explain === true;
      if (options.json === true) world.write(`${JSON.stringify({ receipt, details, ...(isExplained ? { why, rules } : {}) })}\n`);
      else {
        const lines = [...describeDecision(decision, details), ...(isExplained ? explanationLines({ ...why, rules }) : [])];
        world.write(lines.map((line) => `${line}\n`).join(""));
      }
      setExit(isGoing(decision) ? EXIT.fine : EXIT.no);
    });
};

type Policies = { readonly policies?: string | undefined; readonly guardrails?: readonly string[] | undefined };

async function open({ policies, guardrails = [] }: Policies, world: CliWorld): ReturnType<CliWorld["openPolicy"]> {
  if (policies === undefined && guardrails.length > 0) {
    throw couldNotRun("the embedded examples are compiled already: name a folder with --policies beside --guardrails");
  }
  const folder = policies === undefined ? null : await folderOrEnd(policies, world);
  return world.openPolicy(folder, await foldersOrEnd(guardrails, world));
}

async function readGiven(file: string, world: CliWorld): Promise<object> {
  const text = await readFile(resolve(world.cwd, file), "utf8").catch((error: unknown) => {
    if (/^[A-Z]+$/.test(file)) throw couldNotRun(`the URL is missing: sluice check ${file} https://host/path`);
    if (isErrorCode(error, "ENOENT")) throw couldNotRun(`${file} does not exist: give a file CALL.json, or METHOD URL`);
    throw couldNotRun(`${file} cannot be read: give a file CALL.json, or METHOD URL`);
  });
  const given = parseObject(text);
  if (given !== null) return given;
  throw couldNotRun(`${file} is no JSON object: give a case {caller, call} or a CheckRequest, or METHOD URL`);
}

/** What the file holds is not repeated where it cannot be read. */
function parseObject(text: string): object | null {
  try {
    const given: unknown = JSON.parse(text);
    return typeof given === "object" ? given : null;
  } catch {
    return null;
  }
}

function toCall(given: object, file: string, program: Program, agent: string) {
  if ("attributes" in given) return callOfCheckRequest(given, agent);
  const read = readCase({ caller: { agent }, ...given }, file, program);
  if (read.kind === "unreadable") throw couldNotRun(read.messages.join("; "));
  const { policyCase } = read;
  const { nowMs } = policyCase;
  return { ...caseToCall(policyCase, program.catalogue), given: policyCase, ...(nowMs === null ? {} : { nowMs }) };
}
