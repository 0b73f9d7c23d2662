import { readFileSync } from "node:fs";
import { parsePrivateJwk, parsePublicJwk } from "../../core/jwk.ts";
import type { VerifyingKey } from "../../core/keys.ts";
import { couldNotRun } from "./exit.ts";

/** The receipts keys an auditor trusts: a JWKS, a public JWK, or the server's own private one. */
export function readPinnedKeys(file: string): readonly VerifyingKey[] {
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(file, "utf8"));
  } catch {
    throw couldNotRun(`${file} is no key file: name the receipts key with --key`);
  }
  const list: unknown = typeof json === "object" && json !== null && "keys" in json ? json.keys : [json];
  if (!Array.isArray(list)) throw couldNotRun(`${file}: keys is no list`);
  return list.map((jwk: unknown) => {
    const isPrivate = typeof jwk === "object" && jwk !== null && "d" in jwk;
    const parsed = isPrivate ? parsePrivateJwk(jwk) : parsePublicJwk(jwk);
    if (parsed.kind === "unfit") throw couldNotRun(`${file}: ${parsed.message}`);
    if (parsed.use !== null && parsed.use !== "receipts") throw couldNotRun(`${file}: is a key for ${parsed.use}, not for receipts`);
    return parsed.key;
  });
}
