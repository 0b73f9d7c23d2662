import type { ProgramRule } from "../program.ts";
import type { CelParser } from "./condition/parse-cel.ts";
import type { Test } from "./condition/test-tree.ts";
import type { LimitIds } from "./lost-names.ts";
import type { Group } from "./lower-groups.ts";
import type { ToolsByName } from "./match/arguments-of.ts";
import type { LoweredMatch, MatchContext } from "./match/lower-match.ts";
import type { Spot } from "./spot.ts";

/** What all policies of one folder, or all guardrails, are compiled against. */
export type Surroundings = {
  /** A guardrail restricts and never opens, and nothing of a tenant changes what it says. */
  readonly guard: boolean;
  /** The tools that its rules may name: of a guardrail those of the guardrails. */
  readonly catalogue: ToolsByName;
  readonly tools: Omit<MatchContext, "restricts">;
  /** Ids of the limits whose usage its conditions may read, `policy/id`. */
  readonly limitIds: LimitIds;
  readonly parseCel: CelParser;
  readonly groups: ReadonlyMap<string, Group>;
};

/** What the policy around a rule or limit says. */
export type PolicyContext = Surroundings & {
  /** Its name, as ids begin with it. */
  readonly policy: string;
  readonly shadow: boolean;
  readonly timeZone: string;
  /** The policy's own match: once for rules that permit, once for those that restrict, where `*` covers more. */
  readonly outer: { readonly permits: LoweredMatch; readonly restricts: LoweredMatch };
};

/** A compiled rule with what it makes Sluice read. */
export type CompiledRule = {
  readonly rule: ProgramRule;
  /** Input paths that its condition reads. */
  readonly paths: readonly (readonly string[])[];
  readonly detectors: readonly string[];
  /** The name of its policy. */
  readonly policy: string;
  readonly spot: Spot;
  /** Its condition as it is written at `if`; true where it has none. */
  readonly test: Test;
};
