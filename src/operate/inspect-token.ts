import type { Caller } from "../core/caller.ts";
import type { IdentityReason } from "../identity/identification.ts";
import { type Issuer, indexIssuers } from "../identity/issuer.ts";
import { parseJsonObject } from "../identity/parse-json-object.ts";
import { examineToken, isSignatureRight } from "../identity/verify-token.ts";

export type InspectedToken = {
  /** As they stand in the token, believed or not; null where they are no JSON. */
  readonly header: Readonly<Record<string, unknown>> | null;
  readonly claims: Readonly<Record<string, unknown>> | null;
  readonly verdict:
    | { readonly kind: "accepted"; readonly caller: Caller; readonly expiresAtMs: number }
    | { readonly kind: "refused"; readonly reason: IdentityReason };
};

export type InspectOptions = {
  readonly issuers: readonly Issuer[];
  readonly tokenMaxLifetimeMs: number;
  readonly clockSkewMs: number;
  readonly nowMs: number;
};

/** What a token says, and what the server would make of it. */
export function inspectToken(token: string, options: InspectOptions): InspectedToken {
  const [header = "", claims = ""] = token.split(".", 2);
  return { header: decode(header), claims: decode(claims), verdict: judge(token, options) };
}

function judge(token: string, { issuers, tokenMaxLifetimeMs, clockSkewMs, nowMs }: InspectOptions): InspectedToken["verdict"] {
  const rules = { issuers: indexIssuers(issuers), lifetimeMaxMs: tokenMaxLifetimeMs, clockSkewMs };
  const examined = examineToken(token, rules, nowMs);
  if (examined.kind === "refused") return examined;
  if (!isSignatureRight(examined)) return { kind: "refused", reason: "signature" };
  return { kind: "accepted", caller: examined.facts.caller, expiresAtMs: examined.facts.expiresAt * 1000 };
}

function decode(part: string): Readonly<Record<string, unknown>> | null {
  const parsed = parseJsonObject(Buffer.from(part, "base64url").toString("utf8"));
  return parsed.kind === "object" ? parsed.members : null;
}
