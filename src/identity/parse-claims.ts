import type { Caller } from "../core/caller.ts";
import { parseName } from "../core/name.ts";
import { type Refused, refused } from "./identification.ts";

/** What a token says, in the form of contract section 3; times in seconds. */
export type TokenClaims = {
  readonly kind: "claims";
  readonly issuer: string;
  readonly audiences: readonly string[];
  readonly expiresAt: number;
  readonly issuedAt: number;
  readonly notBefore: number;
  /** The `tenant` claim, or null. */
  readonly tenant: string | null;
  readonly epoch: number;
  readonly who: Omit<Caller, "tenant" | "credential" | "issuer" | "issuedAt">;
};

type Members = Readonly<Record<string, unknown>>;

const ACTORS_MAX = 4;
// The last second of the year 9999.
const SECONDS_MAX = 253_402_300_799;
const TOKEN_ID = /^[!-~]{1,256}$/;
const SCOPE_ENTRY = /^(?:tool|host):(?:[A-Za-z0-9._:@/+-]{1,128}|[A-Za-z0-9._:@/+-]{0,127}\*)$/;
const REQUIRED = ["iss", "aud", "exp", "iat", "sub"] as const;

/** Reads every claim we know; one of another type refuses the token, whatever it would have been used for. */
export function parseClaims(claims: Members): TokenClaims | Refused {
  if (REQUIRED.some((name) => claims[name] === undefined)) return refused("claim_missing");
  const { iss, exp, iat, nbf = 0, tenant = null, epoch = 0 } = claims;
  const audiences = parseAudiences(claims["aud"]);
  if (typeof iss !== "string" || audiences === null) return refused("claim_invalid");
  if (!isSeconds(exp) || !isSeconds(iat) || !isSeconds(nbf) || !isEpoch(epoch)) return refused("claim_invalid");
  if (tenant !== null && parseName(tenant) === null) return refused("claim_invalid");
  if (claims["cnf"] !== undefined) return refused("binding_missing");
  const actors = parseActors(claims["act"]);
  if (actors.kind === "refused") return actors;
  const who = parseWho(claims, actors.names);
  if (who === null) return refused("claim_invalid");
  return {
    kind: "claims",
    issuer: iss,
    audiences,
    expiresAt: exp,
    issuedAt: iat,
    notBefore: nbf,
    tenant: parseName(tenant),
    epoch,
    who,
  };
}

function parseWho(claims: Members, actors: readonly string[]): TokenClaims["who"] | null {
  const subject = parseName(claims["sub"]);
  const [calling, ...earlier] = actors;
  const roles = parseNames(claims["roles"]);
  const groups = parseNames(claims["groups"]);
  const labels = parseLabels(claims["labels"]);
  const scope = claims["scope"] === undefined ? null : parseScope(claims["scope"]);
  const session = parseOptional(claims["session"]);
  const agentVersion = parseOptional(claims["agent_version"]);
  const priority = parseOptional(claims["priority"]);
  const tokenId = claims["jti"] ?? null;
  if (subject === null || roles === null || groups === null || labels === null) return null;
  if (scope === undefined || session === undefined || agentVersion === undefined || priority === undefined) return null;
  if (tokenId !== null && !(typeof tokenId === "string" && TOKEN_ID.test(tokenId))) return null;
  return {
    agent: calling ?? subject,
    subject: calling === undefined ? null : subject,
    actors: earlier,
    roles,
    groups,
    scope,
    labels,
    session,
    agentVersion,
    tokenId,
  };
}

/** RFC 8693 section 4.1: the outermost actor calls; those inside acted before it. */
function parseActors(act: unknown): { readonly kind: "actors"; readonly names: readonly string[] } | Refused {
  const names: string[] = [];
  let actor = act;
  while (actor !== undefined) {
    if (names.length === ACTORS_MAX) return refused("actors_too_deep");
    const name = isMembers(actor) ? parseName(actor["sub"]) : null;
    if (!isMembers(actor) || name === null) return refused("claim_invalid");
    names.push(name);
    actor = actor["act"];
  }
  return { kind: "actors", names };
}

function parseAudiences(aud: unknown): readonly string[] | null {
  const list: readonly unknown[] = Array.isArray(aud) ? aud : [aud];
  return list.length > 0 && list.every((item) => typeof item === "string") ? list : null;
}

function parseNames(value: unknown): readonly string[] | null {
  if (value === undefined) return [];
  return Array.isArray(value) && value.every((item) => parseName(item) !== null) ? value : null;
}

function parseLabels(value: unknown): Readonly<Record<string, string>> | null {
  // Without a prototype, so that a label may be called `constructor` and is found only where it was sent.
  const labels: Record<string, string> = Object.create(null);
  if (value === undefined) return labels;
  if (!isMembers(value)) return null;
  for (const [key, item] of Object.entries(value)) {
    const label = parseName(item);
    if (parseName(key) === null || label === null) return null;
    labels[key] = label;
  }
  return labels;
}

/** Undefined: no scope of our grammar. An empty text is a scope that reaches nothing. */
function parseScope(value: unknown): readonly string[] | undefined {
  if (value === "") return [];
  const entries = typeof value === "string" ? value.split(" ") : null;
  return entries?.every((entry) => SCOPE_ENTRY.test(entry)) ? entries : undefined;
}

/** Undefined: another type, or no name. */
function parseOptional(value: unknown): string | null | undefined {
  return value === undefined ? null : (parseName(value) ?? undefined);
}

function isMembers(value: unknown): value is Members {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isSeconds(value: unknown): value is number {
  return typeof value === "number" && value >= 0 && value <= SECONDS_MAX;
}

function isEpoch(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}
