import { generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import type { Call } from "../../../src/core/call.ts";
import { SILENT } from "../../../src/core/observer.ts";
import { type ProxyIdentity, UNAUTHENTICATED } from "../../../src/core/proxy.ts";
import { createIdentifier, type Identification, type IdentifierOptions } from "../../../src/identity/create-identifier.ts";
import type { Issuer } from "../../../src/identity/issuer.ts";
import { TOKEN_TYPES_DEFAULT } from "../../../src/identity/settings.ts";

export const NOW_MS = 1_800_000_000_000;
export const NOW = NOW_MS / 1000;
export const KEY = createKey("k1");
export const OTHER_KEY = createKey("k2");
export const HEADER = { alg: "EdDSA", typ: "JWT", kid: "k1" };
export const CLAIMS = { iss: "https://i", aud: "sluice", sub: "agent-1", iat: NOW - 10, exp: NOW + 600 };
export const ISSUER: Issuer = {
  tenant: "default",
  issuer: "https://i",
  audience: "sluice",
  keys: [{ kid: "k1", publicKey: KEY.publicKey }],
  types: TOKEN_TYPES_DEFAULT,
};

export type Key = { readonly kid: string; readonly privateKey: KeyObject; readonly publicKey: KeyObject };

export function createKey(kid: string): Key {
  return { kid, ...generateKeyPairSync("ed25519") };
}

export const encode = (part: unknown) => Buffer.from(typeof part === "string" ? part : JSON.stringify(part)).toString("base64url");

/** Signs whatever it is given, so that a test can send what no issuer would. Texts stand as they are. */
export function signToken(header: unknown, claims: unknown, key: Pick<Key, "privateKey"> = KEY): string {
  const text = `${encode(header)}.${encode(claims)}`;
  return `${text}.${sign(null, Buffer.from(text), key.privateKey).toString("base64url")}`;
}

/** A token of the usual header and claims, but for what is given; `undefined` takes a claim out. */
export function tokenWith(claims: Record<string, unknown>, header: Record<string, unknown> = {}): string {
  return signToken({ ...HEADER, ...header }, { ...CLAIMS, ...claims });
}

export type CallParts = {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly repeated?: readonly string[];
  readonly context?: Readonly<Record<string, string>>;
  readonly proxy?: ProxyIdentity;
};

function callOf({ method = "POST", headers = {}, repeated = [], context = {}, proxy = UNAUTHENTICATED }: CallParts): Call {
  return {
    method,
    scheme: "https",
    authority: "api.example",
    target: "/",
    headers: new Map(Object.entries(headers)),
    repeated: new Set(repeated),
    body: { kind: "none" },
    protocol: "HTTP/1.1",
    principal: null,
    context,
    proxy,
    proxyRequestId: "1",
    traceparent: null,
  };
}

export function proxyOf(...tenants: string[]): ProxyIdentity {
  return { kind: "authenticated", name: "edge", tenants, trusts: new Set(["context"]), body: null };
}

/** An identifier that answers at once, as every one without network does. */
export function createTestIdentifier(options: Partial<IdentifierOptions> = {}) {
  const identifier = createIdentifier({
    issuers: [ISSUER],
    headers: ["x-sluice-token", "proxy-authorization"],
    tokenMaxLifetimeMs: 3_600_000,
    clockSkewMs: 5_000,
    tenants: new Map([["default", { identity: { required: true } }]]),
    observer: SILENT,
    ...options,
  });
  return (call: CallParts, nowMs = NOW_MS): Identification => {
    const found = identifier.identify(callOf(call), nowMs);
    if (found instanceof Promise) throw new Error("identify waited for something");
    return found;
  };
}

/** `reason`, or `ok` for a caller. */
export function outcomeOf(found: Identification): string {
  return found.kind === "caller" ? "ok" : found.reason;
}
