import type { LimitIds } from "../lost-names.ts";
import type { Complaint, Spot } from "../spot.ts";
import type { CelExpr, CelParser, ParsedCel } from "./parse-cel.ts";

/** What reading one expression needs everywhere: its text and places, and what names mean where it stands. */
export type Reading = {
  readonly spot: Spot;
  readonly source: ParsedCel & { readonly kind: "parsed" };
  readonly scope: ConditionScope;
  /** Inside `exists` and `all`: the name of the element and what it is. */
  readonly element: Element | null;
};

export type Element = { readonly macro: string; readonly name: string; readonly type: ElementType };

export type ElementType = "text" | "finding" | "any";

/** What the rule around a condition says about names. */
export type ConditionScope = {
  /** Names bound by the path of every tool that the rule names. */
  readonly bindings: ReadonlySet<string>;
  /** Names bound by the rule's own `paths`. */
  readonly ownBindings: ReadonlySet<string>;
  /** Of `ownBindings`, those that every pattern binds at one place, and that place, counted from 0. */
  readonly segments: ReadonlyMap<string, number>;
  /** Arguments that every tool of the rule has. */
  readonly args: ReadonlySet<string>;
  /** What the catalogue declares an argument to be; null where it may be of any type. */
  readonly declaredAs: (name: string) => DeclaredArgument | null;
  /** The rule's policy as its limits' ids have it, and its time zone. */
  readonly policy: string;
  readonly timeZone: string;
  /** Ids of all limits there are, `policy/id`. */
  readonly limitIds: LimitIds;
  /** Remembers what it parsed: rules that are alike share their conditions' text. */
  readonly parseCel: CelParser;
};

/** `untyped`: the text of a form, query, path or header to which the catalogue gives no type. */
export type DeclaredArgument = {
  readonly type: "number" | "text" | "untyped";
  /** The tool, or one of the tools, that declares it. */
  readonly tool: string;
};

export type Fault = Omit<Complaint, "offset">;

/** Notes a complaint where the expression stands. */
export function complain(reading: Reading, expr: CelExpr, fault: Fault): null {
  return reading.spot.problem({ ...fault, offset: reading.source.offsetOf(expr) });
}
