import type { CatalogueEntry } from "../../core/catalogue.ts";
import type { ProgramRule } from "../program.ts";
import type { CelParser } from "./condition/parse-cel.ts";
import type { Test } from "./condition/test-tree.ts";
import type { LoweredMatch } from "./match/lower-match.ts";
import type { Spot } from "./spot.ts";

/** What the policy around a rule or limit says, and the catalogue beside it. */
export type PolicyContext = {
  readonly policy: string;
  readonly shadow: boolean;
  readonly timeZone: string;
  readonly catalogue: readonly CatalogueEntry[];
  /** Ids of the limits of all policies, `policy/id`. */
  readonly limitIds: ReadonlySet<string>;
  readonly parseCel: CelParser;
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
