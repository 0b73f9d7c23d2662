import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { type Decision, isGoing } from "../../../core/decision.ts";
import { explainDecision } from "../../../operate/explain-decision.ts";
import { readCase } from "../../../operate/read-case.ts";
import { caseToCall } from "../../../policy/compile/case-to-call.ts";
import type { Program } from "../../../policy/program.ts";
import { escapeText } from "../../http/escape-text.ts";
import { type AddCommand, example } from "../add-command.ts";
import { callOfCheckRequest } from "../call-of-check-request.ts";
import type { CliWorld } from "../cli-world.ts";
import { explanationLines } from "../describe-explanation.ts";
import { couldNotRun, EXIT } from "../exit.ts";
import { givenByUrl } from "../given-by-url.ts";

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
      const { decision, receipt, rules, why } = explained;
      if (options.json === true) world.write(`${JSON.stringify({ receipt, ...(options.explain === true ? { why, rules } : {}) })}\n`);
      else {
        world.write(describeDecision(decision));
        if (options.explain === true)
          world.write(
            explanationLines({ ...why, rules })
              .map((line) => `${line}\n`)
              .join(""),
          );
      }
      setExit(isGoing(decision) ? EXIT.fine : EXIT.no);
    });
};

type Policies = { readonly policies?: string | undefined; readonly guardrails?: readonly string[] | undefined };

async function open({ policies, guardrails = [] }: Policies, world: CliWorld): ReturnType<CliWorld["openPolicy"]> {
  if (policies === undefined && guardrails.length > 0) {
    throw couldNotRun("the embedded examples are compiled already: name a folder with --policies beside --guardrails");
  }
  const at = (dir: string) => resolve(world.cwd, dir);
  return world.openPolicy(policies === undefined ? null : at(policies), guardrails.map(at));
}

async function readGiven(file: string, world: CliWorld): Promise<object> {
  try {
    const given: unknown = JSON.parse(await readFile(resolve(world.cwd, file), "utf8"));
    if (typeof given === "object" && given !== null) return given;
  } catch {
    // Told below: what the file holds is not repeated.
  }
  throw couldNotRun(`${file} is no JSON object: give a case {caller, call} or a CheckRequest, or METHOD URL`);
}

function toCall(given: object, file: string, program: Program, agent: string) {
  if ("attributes" in given) return callOfCheckRequest(given, agent);
  const read = readCase({ caller: { agent }, ...given }, file, program);
  if (read.kind === "unreadable") throw couldNotRun(read.messages.join("; "));
  const { policyCase } = read;
  const { nowMs } = policyCase;
  return { ...caseToCall(policyCase, program.catalogue), given: policyCase, ...(nowMs === null ? {} : { nowMs }) };
}

function describeDecision(decision: Decision): string {
  if (decision.kind === "allow" || decision.kind === "sanitize") {
    const { path, set, remove } = decision.changes;
    const changes = [
      ...(path === null ? [] : ["path rewritten"]),
      ...set.map(({ name }) => `${name} set`),
      ...remove.map((name) => `${escapeText(name)} removed`),
    ];
    return `${decision.kind}  ${decision.rule ?? ""}\n${changes.map((change) => `  ${change}\n`).join("")}`;
  }
  const kind = decision.kind === "deny" ? `deny ${decision.class}` : decision.kind;
  return `${kind}  ${decision.code}  ${decision.rule ?? ""}\n  ${escapeText(decision.message)}\n  ${escapeText(decision.hint)}\n`;
}
