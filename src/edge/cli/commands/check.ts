import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import type { Decision } from "../../../core/decision.ts";
import { isGoing } from "../../../core/decision.ts";
import { explainDecision } from "../../../operate/explain-decision.ts";
import { readCase } from "../../../operate/read-case.ts";
import { caseToCall } from "../../../policy/compile/case-to-call.ts";
import type { Program } from "../../../policy/program.ts";
import type { AtomExplanation, RuleExplanation } from "../../../policy/wasm/explain.ts";
import { escapeText } from "../../http/escape-text.ts";
import { type AddCommand, example } from "../add-command.ts";
import { callOfCheckRequest } from "../call-of-check-request.ts";
import type { CliWorld } from "../cli-world.ts";
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
    .option("--explain", "shows each candidate rule, each test's value, each unknown")
    .option("--json", "as JSON")
    .addHelpText(
      "after",
      example("sluice check POST https://api.stripe.com/v1/payment_intents -d amount=4000 -d currency=usd --agent finance-1 --explain"),
    )
    .action(async (first, url, options) => {
      const opened = await world.openPolicy(options.policies === undefined ? null : resolve(world.cwd, options.policies));
      const given = url === undefined ? await readGiven(first, world) : givenByUrl(first, url, options);
      const asked = toCall(given, url === undefined ? first : "arguments", opened.program, options.agent);
      const explained = await explainDecision({ ...opened, pseudonyms: world.pseudonyms, nowMs: world.clock.nowMs(), ...asked });
      const { decision, receipt, rules } = explained;
      if (options.json === true) world.write(`${JSON.stringify({ receipt, ...(options.explain === true ? { rules } : {}) })}\n`);
      else {
        world.write(describeDecision(decision));
        if (options.explain === true) world.write(rules.map(describeRule).join("") || "No rule was a candidate.\n");
      }
      setExit(isGoing(decision) ? EXIT.fine : EXIT.no);
    });
};

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

function describeRule({ rule, effect, shadow, match, conditions }: RuleExplanation): string {
  const fits = match.dimensions.map(({ dimension, saw, truth }) => `${dimension} ${escapeText(JSON.stringify(saw ?? null))}: ${truth}`);
  const head = `${rule} (${effect}${shadow ? ", shadow" : ""})\n  match: ${match.fits} [${fits.join(", ")}]\n`;
  const tests = conditions.flatMap((condition) => [
    `  ${condition.mode}: ${condition.truth}${condition.applies ? ", applies" : ""}\n`,
    ...condition.clauses.map((clause) => `    ${clause.map(describeAtom).join(" and ") || "always"}\n`),
  ]);
  return head + tests.join("");
}

function describeAtom({ operator, path, operand, saw, truth }: AtomExplanation): string {
  const value = saw === undefined ? "absent" : escapeText(JSON.stringify(saw));
  return `${path.join(".")} ${operator} ${escapeText(JSON.stringify(operand))} [saw ${value}: ${truth}]`;
}
