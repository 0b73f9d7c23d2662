import type { Call } from "../core/call.ts";
import { bareCaller } from "../core/caller.ts";
import type { Challenge } from "../core/decision.ts";
import type { Observer } from "../core/observer.ts";
import { type Credential, findCredential, PROXY_HEADER } from "./find-credential.ts";
import { IDENTITY_REASONS, type Identification, type IdentityReason, type Refused, refused } from "./identification.ts";
import { type Issuer, indexIssuers } from "./issuer.ts";
import { createTokenCache } from "./token-cache.ts";
import { examineToken, isSignatureRight, judgeTimes, type TokenRules, type VerifiedToken } from "./verify-token.ts";

export type { Identification } from "./identification.ts";

/** Says who makes a call. Synchronous as long as no key has to be fetched. */
export type Identifier = {
  readonly identify: (call: Call, nowMs: number) => Identification | Promise<Identification>;
};

export type IdentifierOptions = {
  readonly issuers: readonly Issuer[];
  /** Headers that may carry the token, in lower case. */
  readonly headers: readonly string[];
  readonly tokenMaxLifetimeMs: number;
  readonly clockSkewMs: number;
  /** Every tenant; where `required` is false a call without a credential is anonymous. */
  readonly tenants: ReadonlyMap<string, { readonly identity: { readonly required: boolean } }>;
  readonly observer: Pick<Observer, "count">;
  /** How many verified and how many refused tokens are remembered. */
  readonly cacheTokensMax?: number;
};

const CACHE_TOKENS_MAX = 10_000;
const TENANT_EXTENSION = "sluice.tenant";
const ANONYMOUS = "anonymous";
const CHECKED = "sluice_identity_checks_total";
const CACHE_HITS = "sluice_token_cache_hits_total";
const NO_LABELS = {};
const LABELS_OK = { result: "ok" };
const LABELS_ANONYMOUS = { result: ANONYMOUS };

/** Token → caller, by every rule of contract section 3 that needs no network. */
export function createIdentifier(options: IdentifierOptions): Identifier {
  const { headers, observer } = options;
  const rules: TokenRules = {
    issuers: indexIssuers(options.issuers),
    lifetimeMaxMs: options.tokenMaxLifetimeMs,
    clockSkewMs: options.clockSkewMs,
  };
  const cache = createTokenCache(options.cacheTokensMax ?? CACHE_TOKENS_MAX);
  const onlyProxyHeader = headers.length === 1 && headers[0] === PROXY_HEADER;

  function identify(call: Call, nowMs: number): Identification {
    const credential = findCredential(call, headers);
    switch (credential.kind) {
      case "none":
        return admitAnonymous(call, nowMs);
      case "refused":
        return refuse(call, credential.reason, { credential, tenant: null });
      case "token":
        break;
    }
    const found = readToken(credential.token, nowMs);
    if (found.kind === "refused") return refuse(call, found.reason, { credential, tenant: null });
    const { caller } = found;
    const misplaced = judgeTimes(found, rules, nowMs) ?? judgePlace(call, caller.tenant);
    if (misplaced !== null) return refuse(call, misplaced.reason, { credential, tenant: caller.tenant });
    observer.count(CHECKED, LABELS_OK);
    return { kind: "caller", caller, via: credential.via };
  }

  function readToken(token: string, nowMs: number): VerifiedToken | Refused {
    const known = cache.findVerified(token);
    if (known !== null) {
      observer.count(CACHE_HITS, NO_LABELS);
      return known;
    }
    const examined = examineToken(token, rules, nowMs);
    if (examined.kind === "refused") return examined;
    if (cache.isForged(token)) {
      observer.count(CACHE_HITS, NO_LABELS);
      return refused("signature");
    }
    if (!isSignatureRight(examined)) {
      cache.addForged(token);
      return refused("signature");
    }
    cache.addVerified(token, examined.facts);
    return examined.facts;
  }

  function admitAnonymous(call: Call, nowMs: number): Identification {
    const tenant = findTenantWithoutToken(call, options.tenants);
    if (tenant === null || options.tenants.get(tenant)?.identity.required !== false) {
      return refuse(call, "missing", { credential: null, tenant });
    }
    observer.count(CHECKED, LABELS_ANONYMOUS);
    return {
      kind: "caller",
      caller: bareCaller({ tenant, agent: ANONYMOUS, credential: "anonymous", issuedAt: Math.floor(nowMs / 1000) }),
      via: null,
    };
  }

  function refuse(call: Call, reason: IdentityReason, { credential, tenant }: RefusedOf): Identification {
    observer.count(CHECKED, { result: reason });
    const toProxy = call.method === "CONNECT" || onlyProxyHeader || credential?.via === PROXY_HEADER;
    const challenge: Challenge = { to: toProxy ? "proxy" : "agent", withError: credential !== null };
    return { kind: "refused", code: IDENTITY_REASONS[reason], reason, tenant, challenge };
  }

  return { identify };
}

type RefusedOf = { readonly credential: Exclude<Credential, { kind: "none" }> | null; readonly tenant: string | null };

/** Where the proxy is believed, what it says of the tenant must agree with the token (contract section 2). */
function judgePlace({ context, proxy }: Call, tenant: string): Refused | null {
  const said = context[TENANT_EXTENSION];
  if (said !== undefined && said !== tenant) return refused("tenant_mismatch");
  return proxy.kind === "authenticated" && !proxy.tenants.includes(tenant) ? refused("proxy_tenant") : null;
}

function findTenantWithoutToken({ context, proxy }: Call, tenants: IdentifierOptions["tenants"]): string | null {
  const [only, ...others] = tenants.keys();
  const tenant = context[TENANT_EXTENSION] ?? (others.length === 0 ? only : undefined);
  if (tenant === undefined || !tenants.has(tenant)) return null;
  return proxy.kind === "authenticated" && !proxy.tenants.includes(tenant) ? null : tenant;
}
