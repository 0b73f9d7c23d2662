import type { Complaint, Spot } from "../spot.ts";
import type { CelExpr, ParsedCel } from "./parse-cel.ts";

/** What reading one expression needs everywhere: its text and places, and what names mean where it stands. */
export type Reading = {
  readonly spot: Spot;
  readonly source: ParsedCel & { readonly kind: "parsed" };
  readonly scope: ConditionScope;
  /** Inside `exists`: the name of the element and what it is. */
  readonly element: { readonly name: string; readonly type: "text" | "finding" | "any" } | null;
};

/** What the rule around a condition says about names. */
export type ConditionScope = {
  /** Names bound by the path of every tool that the rule names. */
  readonly bindings: ReadonlySet<string>;
  /** Names bound by the rule's own `paths`. */
  readonly ownBindings: ReadonlySet<string>;
  /** Arguments that every tool of the rule has. */
  readonly args: ReadonlySet<string>;
  /** Of `ownBindings`, those that every pattern binds at one place, and that place, counted from 0. */
  readonly segments: ReadonlyMap<string, number>;
  /** The rule's policy as its limits' ids have it, and its time zone. */
  readonly policy: string;
  readonly timeZone: string;
  /** Ids of all limits there are, `policy/id`. */
  readonly limitIds: ReadonlySet<string>;
};

/** Notes a complaint where the expression stands. */
export function complain(reading: Reading, expr: CelExpr, complaint: Omit<Complaint, "offset">): null {
  return reading.spot.problem({ ...complaint, offset: reading.source.offsetOf(expr) });
}
