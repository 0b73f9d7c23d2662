import { readFileSync, statSync } from "node:fs";
import { parsePublicJwk } from "../core/jwk.ts";
import type { VerifyingKey } from "../core/keys.ts";
import type { Issuer } from "./issuer.ts";
import type { IssuerSettings } from "./settings.ts";

export type LoadedIssuers = {
  readonly issuers: readonly Issuer[];
  /** Issuers that could not be loaded; no token of theirs is accepted. */
  readonly problems: readonly { readonly tenant: string; readonly issuer: string; readonly message: string }[];
};

export type LoadIssuersOptions = {
  readonly tenants: ReadonlyMap<string, { readonly identity: { readonly issuers: readonly IssuerSettings[] } }>;
  /** Only the demo accepts keys that the demo made. */
  readonly acceptDemoKeys: boolean;
};

const BYTES_MAX = 1_048_576;
const KEYS_MAX = 100;

/** Reads the key sets of all issuers, whole or not at all: a set with one unfit key is none. */
export function loadIssuers({ tenants, acceptDemoKeys }: LoadIssuersOptions): LoadedIssuers {
  const issuers: Issuer[] = [];
  const problems: { tenant: string; issuer: string; message: string }[] = [];
  for (const [tenant, { identity }] of tenants) {
    for (const { issuer, audience, keys, types } of identity.issuers) {
      const found = readKeySet(keys, acceptDemoKeys);
      if (found.kind === "unfit") problems.push({ tenant, issuer, message: found.message });
      else issuers.push({ tenant, issuer, audience, types, keys: found.keys });
    }
  }
  return { issuers, problems };
}

type KeySet = { readonly kind: "keys"; readonly keys: readonly VerifyingKey[] } | { readonly kind: "unfit"; readonly message: string };

function readKeySet(source: IssuerSettings["keys"], acceptDemoKeys: boolean): KeySet {
  if (typeof source !== "string") return parseKeySet(source, acceptDemoKeys);
  try {
    if (statSync(source).size > BYTES_MAX) return { kind: "unfit", message: `${source}: is larger than 1 MiB` };
    const found = parseKeySet(JSON.parse(readFileSync(source, "utf8")), acceptDemoKeys);
    return found.kind === "keys" ? found : { kind: "unfit", message: `${source}: ${found.message}` };
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "is no JSON";
    return { kind: "unfit", message: `${source}: cannot be read: ${code}` };
  }
}

/** RFC 7517 section 5, or one key alone. */
function parseKeySet(set: unknown, acceptDemoKeys: boolean): KeySet {
  const unfit = (message: string): KeySet => ({ kind: "unfit", message });
  const list: unknown = typeof set === "object" && set !== null && !Array.isArray(set) && "keys" in set ? set.keys : [set];
  if (!Array.isArray(list) || list.length === 0 || list.length > KEYS_MAX) return unfit(`is no set of 1 to ${KEYS_MAX} keys`);
  const keys: VerifyingKey[] = [];
  for (const [index, jwk] of list.entries()) {
    const parsed = parsePublicJwk(jwk);
    if (parsed.kind === "unfit") return unfit(`keys[${index}] ${parsed.message}`);
    if (parsed.use !== null && parsed.use !== "agents") return unfit(`keys[${index}] is for ${parsed.use}; a key has one use`);
    if (parsed.demo && !acceptDemoKeys) return unfit(`keys[${index}] was made by the demo`);
    if (keys.some((key) => key.kid === parsed.key.kid)) return unfit(`keys[${index}] has the id of another key`);
    keys.push(parsed.key);
  }
  return { kind: "keys", keys };
}
