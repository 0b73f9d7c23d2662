import type { Money } from "./money.ts";

/** Protocols that are understood now; `tunnel`, `upgrade` and `stream` hide what they carry. */
export type Protocol = "http" | "tunnel" | "upgrade" | "stream";

/** The destination in canonical form: what is judged and what is sent (design section 4). */
export type Target = {
  readonly scheme: string;
  /** Lower case, no trailing dot; `:port` only if it is not the scheme's default (443 for a tunnel). */
  readonly host: string;
  readonly hostname: string;
  readonly port: number;
  /** Canonical path without the query; empty for a tunnel. */
  readonly path: string;
  /** The path's segments with escapes decoded; empty for a tunnel. */
  readonly segments: readonly string[];
  /** The raw query pairs in order, undecoded, as they go upstream. */
  readonly query: readonly QueryPair[];
  /** `:path` to send: path and query by the one encoder. */
  readonly text: string;
  /** Set where the received form differs from the canonical one and so must be overwritten. */
  readonly rewritten: { readonly path: boolean; readonly authority: boolean };
  /** An IP literal, a single label or a private name: only a rule or catalogue entry naming it exactly opens it. */
  readonly private: boolean;
};

export type QueryPair = {
  /** Exactly as sent, for example `e%6Dail=a`. */
  readonly raw: string;
  readonly key: string;
  readonly value: string;
};

/** Which catalogue entry a call is. */
export type Tool =
  /** The host has no catalogue entries. */
  | { readonly kind: "none" }
  | { readonly kind: "known"; readonly name: string }
  /** The host has entries and none fits. */
  | { readonly kind: "unknown" }
  /** The call hides what it does; any of these could be inside. */
  | { readonly kind: "undetermined"; readonly possible: readonly string[] };

/** A name that a call may have. */
export type Aspect = { readonly kind: "none" } | { readonly kind: "known"; readonly name: string } | { readonly kind: "undetermined" };

/** A value that JSON can carry. A number whose text a double cannot hold stands as its text. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** What a call means. */
export type Intent = {
  readonly protocol: Protocol;
  readonly target: Target;
  readonly tool: Tool;
  /** What the protocol calls the act; `none` where it has no such thing, undetermined where it cannot be seen. */
  readonly operation: Aspect;
  /** The model a call asks, by the catalogue. */
  readonly model: Aspect;
  readonly args: Readonly<Record<string, Json>>;
  /** Bindings of the catalogue entry's path pattern. */
  readonly bindings: Readonly<Record<string, string>>;
  /** Null where the catalogue names none, or it is negative, missing or malformed. */
  readonly amount: Money | null;
  readonly cost: Money | null;
  /** Where the catalogue names an amount but the call has none that can be judged, a budget on it cannot be kept. */
  readonly amountExpected: boolean;
};
