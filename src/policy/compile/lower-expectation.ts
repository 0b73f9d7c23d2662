import { APPROVAL_CODE_DEFAULT, CODES } from "../../core/codes.ts";
import type { ProgramRule } from "../program.ts";
import type { CaseExpectation } from "./cases.ts";
import { FINDING_KINDS } from "./condition/input-names.ts";
import { parseJsonPath } from "./json-path.ts";
import { suggestName } from "./nearest-name.ts";
import type { CaseSource } from "./schemas/cases-file.ts";
import type { Spot } from "./spot.ts";

/** What an expectation may name; null: that is not known, because something of it has a mistake or is somebody else's. */
export type ExpectedNames = {
  readonly tools: readonly string[];
  readonly rules: readonly Pick<ProgramRule, "id" | "effect" | "code">[];
} | null;

/** What must come of a case, or null after its mistakes were noted. */
export function lowerExpectation(source: CaseSource["expect"], spot: Spot, names: ExpectedNames): CaseExpectation | null {
  const full = typeof source === "string" ? { decision: source } : source;
  if (names !== null && !areNamesKnown(full, spot, names)) return null;
  const redactions = full.redactions?.map((text, at) => lowerRedaction(text, spot.in("redactions", at))) ?? [];
  if (redactions.includes(null)) return null;
  const { shadow } = full;
  return {
    decision: full.decision,
    rule: full.rule ?? null,
    code: full.code ?? null,
    class: full.class ?? null,
    tool: full.tool ?? null,
    model: full.model ?? null,
    redactions: full.redactions === undefined ? null : redactions.filter((one) => one !== null),
    limits: full.limits ?? null,
    shadow: shadow === undefined ? null : shadow === null ? "none" : { decision: shadow.decision, rule: shadow.rule ?? null },
    set: full.set === undefined ? null : Object.fromEntries(Object.entries(full.set).map(([name, value]) => [name.toLowerCase(), value])),
    removed: full.removed?.map((name) => name.toLowerCase()) ?? null,
  };
}

type Full = Exclude<CaseSource["expect"], string>;

const GUARDRAIL = "guardrail:";
/** What a call may be that is no tool of the catalogue. */
const NO_TOOLS = ["unknown", "none", "undetermined"];

function areNamesKnown(full: Full, spot: Spot, { tools, rules }: NonNullable<ExpectedNames>): boolean {
  const ids = rules.map(({ id }) => id);
  const limits = rules.flatMap(({ id, effect }) => (effect === "limit" ? [id] : []));
  const own = [...new Set(rules.flatMap(({ code }) => (code === null ? [] : [code])))];
  const ours = [...Object.keys(CODES), APPROVAL_CODE_DEFAULT];
  const checks = [
    isKnown(full.rule, ids, { spot: spot.in("rule"), what: "rule or limit" }),
    isKnown(full.shadow?.rule, ids, { spot: spot.in("shadow", "rule"), what: "rule or limit" }),
    isKnown(full.tool, [...tools, ...NO_TOOLS], { spot: spot.in("tool"), what: "tool" }),
    isKnown(full.code, [...own, ...ours], { spot: spot.in("code"), what: "code of a rule or of ours" }),
    ...(full.limits ?? []).map((id, at) => isKnown(id, limits, { spot: spot.in("limits", at), what: "limit" })),
  ];
  return checks.every((one) => one);
}

/** What guardrails say is known only where they are compiled with the policies. */
function isKnown(
  name: string | undefined,
  known: readonly string[],
  { spot, what }: { readonly spot: Spot; readonly what: string },
): boolean {
  if (name === undefined || known.includes(name)) return true;
  if (name.startsWith(GUARDRAIL) && !known.some((one) => one.startsWith(GUARDRAIL))) return true;
  spot.problem({ code: "wrong_value", message: `there is no ${what} \`${name}\``, fix: suggestName(name, known) });
  return false;
}

const REDACTION = /^(find|header|query|form|json):(.+)$/s;

function lowerRedaction(text: string, spot: Spot): string | null {
  const [, place = "", what = ""] = REDACTION.exec(text) ?? [];
  switch (place) {
    case "find": {
      if (FINDING_KINDS.includes(what)) return text;
      return spot.problem({ code: "wrong_value", message: `nothing detects \`${what}\``, fix: suggestName(what, FINDING_KINDS) });
    }
    case "header":
      return `${place}:${what.toLowerCase()}`;
    case "json":
      return parseJsonPath(what, spot) === null ? null : text;
    case "query":
    case "form":
      return text;
    default: {
      const fix = "find:KIND, header:NAME, query:KEY, form:KEY or json:$.a.b";
      return spot.problem({ code: "wrong_value", message: `\`${text}\` is no redaction`, fix });
    }
  }
}
