import { SignJWT } from "jose";
import { createUlid } from "../core/id.ts";
import type { SigningKey } from "../core/keys.ts";
import { parseClaims } from "../identity/parse-claims.ts";

export type TokenRequest = {
  readonly key: Pick<SigningKey, "kid" | "privateKey">;
  readonly issuer: string;
  readonly audience: string;
  readonly agent: string;
  readonly tenant: string | null;
  /** The principal the agent acts for. */
  readonly subject?: string | null;
  /** Earlier actors, latest first; only with a subject. */
  readonly actors?: readonly string[];
  readonly roles?: readonly string[];
  readonly groups?: readonly string[];
  /** `tool:NAME`, `host:NAME`; null or absent: no scope, which is wider than an empty one. */
  readonly scope?: readonly string[] | null;
  readonly labels?: Readonly<Record<string, string>>;
  readonly session?: string | null;
  readonly agentVersion?: string | null;
  readonly epoch?: number;
  readonly lifetimeMs: number;
  readonly nowMs: number;
};

const TYPE = "sluice-agent+jwt";

/** Signs an agent's token. Rejects what our own reading would refuse, so that nobody is given a token that cannot work. */
export async function issueToken(request: TokenRequest): Promise<string> {
  const claims = claimsOf(request);
  const read = parseClaims(claims);
  if (read.kind === "refused") throw new TypeError(`these claims would be refused: ${read.reason}`);
  if (read.expiresAt <= read.issuedAt) throw new TypeError("the lifetime is less than a second");
  return new SignJWT(claims).setProtectedHeader({ alg: "EdDSA", typ: TYPE, kid: request.key.kid }).sign(request.key.privateKey);
}

function claimsOf(request: TokenRequest): Record<string, unknown> {
  const { issuer, audience, agent, tenant, subject = null, nowMs, lifetimeMs } = request;
  const issuedAt = Math.floor(nowMs / 1000);
  const optional: Record<string, unknown> = {
    tenant,
    act: subject === null ? null : nestActors([agent, ...(request.actors ?? [])]),
    roles: request.roles,
    groups: request.groups,
    scope: request.scope?.join(" "),
    labels: request.labels,
    session: request.session,
    agent_version: request.agentVersion,
    epoch: request.epoch,
  };
  const sent = Object.entries(optional).filter(([, value]) => value !== undefined && value !== null);
  return {
    iss: issuer,
    aud: audience,
    sub: subject ?? agent,
    iat: issuedAt,
    exp: issuedAt + Math.floor(lifetimeMs / 1000),
    jti: createUlid(nowMs),
    ...Object.fromEntries(sent),
  };
}

function nestActors(names: readonly string[]): Record<string, unknown> | undefined {
  return names.reduceRight<Record<string, unknown> | undefined>(
    (earlier, sub) => (earlier === undefined ? { sub } : { sub, act: earlier }),
    undefined,
  );
}
