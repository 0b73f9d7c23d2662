import type { KeyObject } from "node:crypto";

/** A secret for HMAC-SHA-256 under `keys.grants`: hashes of strings in facts, headers in digests, `with: hash`. */
export type Pseudonyms = {
  /** Hex HMAC-SHA-256 of the text in UTF-8. */
  readonly hmacHex: (text: string) => string;
};

/** An Ed25519 key with its id (RFC 7638 thumbprint unless the file names one). A key has one use. */
export type SigningKey = { readonly kid: string; readonly privateKey: KeyObject; readonly publicKey: KeyObject };
export type VerifyingKey = { readonly kid: string; readonly publicKey: KeyObject };
export type KeyUse = "agents" | "bundles" | "receipts" | "grants";
