import type { CatalogueEntry } from "../../core/catalogue.ts";
import type { LimitDimension } from "../../core/ruling.ts";
import type { Match, ProgramRule } from "../program.ts";
import { intersectGlobs, toGlob } from "./match/path-patterns.ts";
import type { CompiledRule, PolicyContext } from "./parts.ts";
import type { RuleSource } from "./schemas/policy-file.ts";
import type { Spot } from "./spot.ts";

export const GUARDRAIL_PREFIX = "guardrail:";

/** Whether a rule of a guardrail only denies, asks, takes out or limits. */
export function checkGuardedRule(source: RuleSource, spot: Spot): boolean {
  const wrong = (key: "then" | "set", message: string) => {
    spot.in(key).problem({ code: "guardrail", message, fix: "a guardrail denies, asks, redacts, removes or limits", atKey: true });
    return false;
  };
  if (source.then === "allow" || source.then === "sanitize") return wrong("then", `a guardrail never permits: \`${source.then}\``);
  return source.set === undefined || wrong("set", "a guardrail sets no headers");
}

/** What the catalogue says of a call, as a condition reads it. */
const CATALOGUE_ROOTS: ReadonlySet<string> = new Set(["tool", "args", "amount", "cost", "model", "path"]);

type Reading = { readonly match: Match; readonly paths: readonly (readonly string[])[] };

/**
 * Whether a guardrail reads what a catalogue says only of the guardrails' own tools. The catalogue of a tenant is the
 * tenant's word: it could call anything an argument, an amount or a price, and so choose what the guardrail sees.
 */
export function checkGuardedFacts({ match, paths }: Reading, spot: Spot, context: PolicyContext): boolean {
  const read = paths.find(([root = ""]) => CATALOGUE_ROOTS.has(root));
  return read === undefined || checkGuardedTools(`\`${read.join(".")}\``, match, spot, context);
}

type Counting = { readonly match: Match; readonly per: readonly LimitDimension[]; readonly of: "amount" | "cost" | undefined };

/** The same for what a limit counts and by what it counts. */
export function checkGuardedCount({ match, per, of }: Counting, spot: Spot, context: PolicyContext): boolean {
  if (context.guard && per.includes("group")) {
    const message = "a guardrail counts nothing per group: files of others say who is in which";
    spot.in("per").problem({ code: "guardrail", message, fix: "count per agent, subject or tenant" });
    return false;
  }
  const dimension = per.find((one) => one === "tool" || one === "model");
  const what = of === undefined ? (dimension ?? null) : of;
  return what === null || checkGuardedTools(`the \`${what}\` of calls`, match, spot, context);
}

function checkGuardedTools(what: string, match: Match, spot: Spot, { guard, catalogue }: PolicyContext): boolean {
  if (!guard) return true;
  if (match.tool !== undefined && Object.keys(match.tool.is).every((name) => catalogue.has(name))) return true;
  const message = `a guardrail reads ${what} only where it names tools of the guardrails' own: others could say what it is`;
  spot.problem({ code: "guardrail", message, fix: "write the tools in a `tools` file beside it and name them in the match" });
  return false;
}

/** Notes every rule that sets what a guardrail takes out: what is set stands, and so would undo the guardrail. */
export function noteSetAgain(rules: readonly CompiledRule[]): void {
  const taken = new Map(rules.flatMap(({ rule }) => (rule.guard && !rule.shadow ? takenOutBy(rule) : [])));
  for (const { rule, spot } of rules) {
    for (const { name } of rule.sets) {
      const guardrail = taken.get(spellingOf(name));
      if (guardrail === undefined) continue;
      const message = `the header \`${name}\` is taken out by \`${guardrail}\`, and so cannot be set`;
      spot.in("set").problem({ code: "guardrail", message, atKey: true });
    }
  }
}

function takenOutBy(rule: ProgramRule): readonly (readonly [string, string])[] {
  return rule.obligations.flatMap((one) =>
    one.kind === "remove_header" || one.kind === "redact_header" ? [[spellingOf(one.name), rule.id] as const] : [],
  );
}

/** Many servers take `_` for `-` in the name of a header. */
function spellingOf(name: string): string {
  return name.replaceAll("_", "-");
}

type ToolPlace = { readonly entry: CatalogueEntry; readonly spot: Spot };

/** Notes every tool of a tenant that could take a call from a tool of the guardrails, and so from their rules. */
export function noteTakenCalls(tools: readonly ToolPlace[], guarded: readonly CatalogueEntry[]): void {
  for (const { entry, spot } of tools) {
    const taken = guarded.find((other) => meets(entry, other));
    if (taken === undefined) continue;
    const message = `\`${entry.tool}\` could be a call of the guardrails' tool \`${taken.tool}\`, which only that may be`;
    spot.problem({ code: "guardrail", message, atKey: true });
  }
}

function meets(a: CatalogueEntry, b: CatalogueEntry): boolean {
  return a.method === b.method && a.host === b.host && intersectGlobs([toGlob(a.path)], [toGlob(b.path)]).length > 0;
}
