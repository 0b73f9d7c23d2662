import type { Json } from "./intent.ts";
import type { Money } from "./money.ts";

/** A tool of the catalogue in the form the compiler leaves it: which call it is and where its arguments are. */
export type CatalogueEntry = {
  readonly tool: string;
  readonly method: string;
  /** As in `Target.host`: with `:port` only if it is not the scheme's default. */
  readonly host: string;
  readonly path: readonly PathSegment[];
  readonly body: "none" | "json" | "form";
  readonly args: readonly ArgumentSource[];
  readonly amount: AmountSource | null;
  /** The argument that names the model, or null. */
  readonly model: string | null;
  /** What the call itself costs; null where the catalogue does not say. */
  readonly cost: CostSource | null;
  /** JSON Schema (2020-12) of the arguments as one object, or null: arguments that it refuses make the call malformed. */
  readonly schema: Json | null;
};

/** In usd. By model: the exact name before the longest beginning (`gpt-5*`); a model that none fits has no known cost. */
export type CostSource =
  | { readonly kind: "fixed"; readonly money: Money }
  | { readonly kind: "by_model"; readonly prices: readonly { readonly model: string; readonly money: Money }[] };

export type PathSegment =
  | { readonly kind: "literal"; readonly text: string }
  | { readonly kind: "any" }
  | { readonly kind: "bind"; readonly name: string }
  /** Any number of segments; only as the last one. */
  | { readonly kind: "rest" };

export type ArgumentSource = {
  readonly name: string;
  readonly from:
    | { readonly kind: "json"; readonly path: readonly string[] }
    | { readonly kind: "form" | "query" | "path" | "header"; readonly key: string };
  readonly type: "string" | "integer" | "number" | "any";
  /** Whether receipts show its value in clear. */
  readonly record: boolean;
};

export type AmountSource = {
  readonly argument: string;
  readonly unit: "minor" | "major" | "micros";
  readonly currency: { readonly kind: "argument"; readonly name: string } | { readonly kind: "fixed"; readonly code: string };
};

/** What policy and catalogue read of the calls to the hosts one pattern covers; nothing else is parsed or scanned. */
export type HostReads = {
  /** Exact `host` or `host:port`, `.suffix`, or `*`. */
  readonly host: string;
  /** Whether a rule's condition or the catalogue reads the body. */
  readonly body: boolean;
  /** Detectors by their finding's kind, for example `pii.ssn`. */
  readonly detectors: readonly string[];
};
