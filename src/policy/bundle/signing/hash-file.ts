import { sha256 } from "../../digest-policy.ts";
import { canonicalJson } from "./canonical-json.ts";

/** Files that OPA hashes by what they say; all others by their bytes. */
const STRUCTURED: ReadonlySet<string> = new Set([".manifest", "data.json", ".signatures.json"]);

/** Hex SHA-256 as OPA's bundle signatures state it. Null for a structured file that is no JSON. */
export function hashFile(name: string, bytes: Uint8Array): string | null {
  if (!STRUCTURED.has(name.slice(name.lastIndexOf("/") + 1))) return sha256(bytes);
  const text = decode(bytes);
  const canonical = text === null ? null : canonicalJson(text);
  return canonical === null ? null : sha256(canonical);
}

function decode(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}
