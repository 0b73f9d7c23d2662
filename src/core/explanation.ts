import type { DenyClass } from "./codes.ts";
import type { Decision } from "./decision.ts";
import type { Json } from "./intent.ts";

/** Kleene's three values: unknown is what cannot be judged. */
export type Truth = "true" | "false" | "unknown";

/** Why one call was decided so, as plain data. */
export type Explanation = {
  readonly decisionId: string;
  readonly tenant: string;
  readonly agent: string;
  readonly atMs: number;
  readonly mode: "enforce" | "shadow";
  /** What was decided; of a tenant in shadow what would have been. */
  readonly decision: Decision["kind"];
  readonly class: DenyClass | null;
  readonly code: string | null;
  readonly rule: string | null;
  /** None where the call was refused before the rules. */
  readonly rules: readonly RuleExplanation[];
  /** How many rules are not told, because all of them would be too long. */
  readonly rulesLeftOut: number;
};

/** Why a rule behind one of the call's keys applies or does not, and what came of it. */
export type RuleExplanation = {
  readonly rule: string;
  readonly effect: "deny" | "approval_needed" | "allow" | "add" | "limit";
  readonly shadow: boolean;
  readonly guard: boolean;
  readonly match: MatchExplanation;
  /** Each condition the rule has: for what it permits or sets (unknown counts as false) and for what it restricts, adds or limits. */
  readonly conditions: readonly ConditionExplanation[];
  readonly outcome: RulePart;
};

/** What a rule has to do with the verdict. */
export type RulePart =
  | "decides"
  /** It applies, and a stricter one decides. */
  | "outranked"
  /** It asks for an approval, and no rule lets this call go on after a yes. */
  | "opens_nothing"
  /** It only adds obligations or sets headers. */
  | "adds"
  | "limits"
  /** It applies and is not enforced. */
  | "shadow"
  | "does_not_apply";

export type MatchExplanation = {
  readonly fits: Truth;
  /** Whether a rule that permits may use it: it fits for certain, and names what must be named. */
  readonly permits: boolean;
  /** Whether it names what only a rule that names it may let through: a hidden protocol, an unknown tool. */
  readonly opens: boolean;
  readonly dimensions: readonly DimensionExplanation[];
};

export type DimensionExplanation = {
  readonly dimension: "agent" | "host" | "method" | "tool" | "protocol" | "operation" | "model" | "role" | "group" | "path";
  /** Absent where the call's input has no such thing. */
  readonly saw?: Json | undefined;
  /** Of a path: the patterns, the first of them. */
  readonly wants?: readonly string[] | undefined;
  readonly truth: Truth;
};

export type ConditionExplanation = {
  readonly mode: "sure" | "maybe";
  /** Whether match and condition together hold, as the engine judges them in this mode. */
  readonly applies: boolean;
  readonly truth: Truth;
  readonly clauses: readonly (readonly AtomExplanation[])[];
};

export type AtomExplanation = {
  /** Without the `?` of a strict twin. */
  readonly operator: string;
  readonly path: readonly string[];
  readonly operand: Json;
  /** What stood at the path; absent where nothing did. */
  readonly saw?: Json | undefined;
  /** What kind of thing that was, also where the value itself is not shown. */
  readonly sawKind: ValueKind;
  /** What stood at the operand's path, of an operator that compares two. */
  readonly against?: Json | undefined;
  readonly truth: Truth;
};

export type ValueKind = "absent" | "null" | "text" | "number" | "boolean" | "list" | "map";
