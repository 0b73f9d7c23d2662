import type { Caller } from "../../core/caller.ts";
import type { Finding } from "../../core/finding.ts";
import type { Json } from "../../core/intent.ts";
import type { PolicyInput } from "../../core/policy-input.ts";
import type { Program } from "../program.ts";
import { createMatchDescriber } from "./describe-match.ts";
import { createKeyLister } from "./list-keys.ts";
import { planReading, type Reading } from "./plan-reading.ts";
import { trimValue } from "./trim-value.ts";

export const FINDINGS_A_KIND_MAX = 64;

/** Makes the text that the engine gets for one call: keys, match, and what the program's conditions read. */
export function createInputBuilder(program: Program): (input: PolicyInput) => string {
  const listKeys = createKeyLister(program);
  const plan = planReading(program);
  const ofCaller = plan.filter((reading) => reading.path[0] === "caller");
  const ofCall = plan.filter((reading) => reading.path[0] !== "caller");
  const callers = new WeakMap<Caller, CallerPart>();
  const describeMatch = createMatchDescriber(program);

  return function buildInput(input) {
    const caller = callerPart(input);
    const cut: (readonly string[])[] = [...caller.cut];
    const fields = readFields(ofCall, limitFindings(input, cut), cut);
    const text = JSON.stringify({
      keys: listKeys(input),
      match: describeMatch(input),
      ...fields,
      cut: cut.length === 0 ? undefined : cut,
    });
    return `${text.slice(0, -1)},"caller":${caller.text}}`;
  };

  function callerPart(input: PolicyInput): CallerPart {
    const known = callers.get(input.caller);
    if (known !== undefined) return known;
    const cut: (readonly string[])[] = [];
    const { caller = {} } = readFields(ofCaller, input, cut);
    const part = { text: JSON.stringify(caller), cut };
    callers.set(input.caller, part);
    return part;
  }
}

type CallerPart = { readonly text: string; readonly cut: readonly (readonly string[])[] };

function readFields(plan: readonly Reading[], input: PolicyInput, cut: (readonly string[])[]): { [name: string]: Json } {
  const fields: { [name: string]: Json } = {};
  for (const { path, read } of plan) {
    const value = read(input);
    if (value !== undefined) put(fields, path, trimValue(value, path, cut));
  }
  return fields;
}

type Node = { [name: string]: Json };

function put(root: Node, path: readonly [string, ...string[]], value: Json): void {
  let node = root;
  for (const name of path.slice(0, -1)) {
    const next: Node = isNode(node[name]) ? node[name] : Object.create(null);
    node[name] = next;
    node = next;
  }
  node[path[path.length - 1] ?? path[0]] = value;
}

function isNode(value: Json | undefined): value is Node {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** At most so many findings of a kind; that there are more is told by `cut`. */
function limitFindings(input: PolicyInput, cut: (readonly string[])[]): PolicyInput {
  const counts = new Map<string, number>();
  const kept: Finding[] = [];
  for (const finding of input.findings) {
    const count = (counts.get(finding.kind) ?? 0) + 1;
    counts.set(finding.kind, count);
    if (count <= FINDINGS_A_KIND_MAX) kept.push(finding);
  }
  const isWhole = kept.length === input.findings.length;
  if (input.findingsCut || !isWhole) cut.push(["findings"]);
  return isWhole ? input : { ...input, findings: kept };
}
