import { verify } from "node:crypto";
import type { Caller } from "../core/caller.ts";
import type { VerifyingKey } from "../core/keys.ts";
import { type Refused, refused } from "./identification.ts";
import { isTypeAccepted, type TrustedIssuer } from "./issuer.ts";
import { parseClaims, type TokenClaims } from "./parse-claims.ts";
import { type ParsedToken, parseToken } from "./parse-token.ts";

/** What the signature of a token proves. Whether it counts now and here is judged on every call. */
export type VerifiedToken = {
  readonly kind: "verified";
  readonly caller: Caller;
  readonly expiresAt: number;
  readonly issuedAt: number;
  readonly notBefore: number;
  readonly epoch: number;
};

/** Everything but the signature was found right. */
export type UnsignedToken = {
  readonly kind: "unsigned";
  readonly token: ParsedToken;
  readonly key: VerifyingKey;
  readonly facts: VerifiedToken;
};

export type TokenRules = {
  readonly issuers: ReadonlyMap<string, readonly TrustedIssuer[]>;
  readonly lifetimeMaxMs: number;
  readonly clockSkewMs: number;
};

type Times = Pick<VerifiedToken, "expiresAt" | "issuedAt" | "notBefore">;

/** All that costs no cryptography, so that garbage is refused cheaply (threats 16, 17, 19). */
export function examineToken(text: string, rules: TokenRules, nowMs: number): UnsignedToken | Refused {
  const token = parseToken(text);
  if (token.kind === "refused") return token;
  const claims = parseClaims(token.claims);
  if (claims.kind === "refused") return claims;
  const issuer = findIssuer(claims, rules);
  if (issuer.kind === "refused") return issuer;
  const { row } = issuer;
  if (!isTypeAccepted(row, token.type)) return refused("type");
  const key = findKey(token.kid, row);
  if (key.kind === "refused") return key;
  const lifetimeMs = (claims.expiresAt - claims.issuedAt) * 1000;
  if (lifetimeMs <= 0 || lifetimeMs > rules.lifetimeMaxMs) return refused("lifetime");
  const untimely = judgeTimes(claims, rules, nowMs);
  if (untimely !== null) return untimely;
  if (claims.tenant !== null && claims.tenant !== row.tenant) return refused("tenant_mismatch");
  return { kind: "unsigned", token, key: key.key, facts: factsOf(claims, row) };
}

/** `exp` is taken to the letter; the skew forgives only clocks that are ahead of ours. */
export function judgeTimes(times: Times, { clockSkewMs }: Pick<TokenRules, "clockSkewMs">, nowMs: number): Refused | null {
  if (nowMs >= times.expiresAt * 1000) return refused("expired");
  if (times.issuedAt * 1000 > nowMs + clockSkewMs) return refused("issued_in_future");
  return times.notBefore * 1000 > nowMs + clockSkewMs ? refused("not_yet_valid") : null;
}

// Node's own verification: synchronous, so that a call never waits, and a third cheaper than jose's WebCrypto.
export function isSignatureRight({ token, key }: UnsignedToken): boolean {
  return verify(null, Buffer.from(token.signedText, "latin1"), key.publicKey, token.signature);
}

function findIssuer(claims: TokenClaims, { issuers }: TokenRules): { readonly kind: "issuer"; readonly row: TrustedIssuer } | Refused {
  const rows = issuers.get(claims.issuer);
  if (rows === undefined) return refused("issuer_unknown");
  const [row, ...others] = rows.filter((one) => claims.audiences.includes(one.audience));
  // A token for two of our audiences could be meant for two tenants.
  return row === undefined || others.length > 0 ? refused("audience") : { kind: "issuer", row };
}

function findKey(kid: string | null, { keys, keysById }: TrustedIssuer): { readonly kind: "key"; readonly key: VerifyingKey } | Refused {
  const [only, ...others] = keys;
  if (kid === null && others.length > 0) return refused("kid_missing");
  const key = kid === null ? only : keysById.get(kid);
  return key === undefined ? refused("kid_unknown") : { kind: "key", key };
}

function factsOf({ who, issuedAt, expiresAt, notBefore, epoch, issuer }: TokenClaims, row: TrustedIssuer): VerifiedToken {
  const caller: Caller = { tenant: row.tenant, ...who, issuer, credential: "agent_token", issuedAt };
  return { kind: "verified", caller, expiresAt, issuedAt, notBefore, epoch };
}
