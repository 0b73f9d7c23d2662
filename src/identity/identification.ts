import type { Caller } from "../core/caller.ts";
import type { Challenge } from "../core/decision.ts";

/** Why a credential was refused, for operators. Agents read only the code. */
export const IDENTITY_REASONS = {
  missing: "token_missing",
  /** Two of the listed headers, or one twice. */
  repeated: "token_invalid",
  /** Neither raw nor Bearer, nor Basic where that is allowed. */
  scheme: "token_invalid",
  too_large: "token_invalid",
  /** Not a compact JWS of two JSON objects in strict base64url. */
  malformed: "token_invalid",
  duplicate_member: "token_invalid",
  header_forbidden: "token_invalid",
  algorithm: "token_invalid",
  type: "token_invalid",
  issuer_unknown: "token_invalid",
  audience: "token_invalid",
  kid_missing: "token_invalid",
  kid_unknown: "token_invalid",
  claim_missing: "token_invalid",
  claim_invalid: "token_invalid",
  expired: "token_expired",
  not_yet_valid: "token_invalid",
  issued_in_future: "token_invalid",
  lifetime: "token_invalid",
  actors_too_deep: "token_invalid",
  /** `cnf` names a key, and no proof of it can be checked yet. */
  binding_missing: "token_invalid",
  tenant_mismatch: "token_invalid",
  /** The proxy that asks may not speak for the token's tenant. */
  proxy_tenant: "token_invalid",
  signature: "token_invalid",
} as const satisfies Record<string, IdentityCode>;

export type IdentityCode = "token_missing" | "token_expired" | "token_invalid";
export type IdentityReason = keyof typeof IDENTITY_REASONS;

export type Identification =
  | {
      readonly kind: "caller";
      readonly caller: Caller;
      /** The header that carried the credential; null where none was needed. */
      readonly via: string | null;
    }
  | {
      readonly kind: "refused";
      readonly code: IdentityCode;
      readonly reason: IdentityReason;
      /** Known only from a verified signature or a proxy that is believed; never from an unverified token. */
      readonly tenant: string | null;
      readonly challenge: Challenge;
    };

/** A refusal before it is told to anyone. */
export type Refused = { readonly kind: "refused"; readonly reason: IdentityReason };

export function refused(reason: IdentityReason): Refused {
  return { kind: "refused", reason };
}
