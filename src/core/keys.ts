import type { KeyObject } from "node:crypto";

/** A secret for HMAC-SHA-256 under `keys.grants`: hashes of strings in facts, headers in digests, `with: hash`. */
export type Pseudonyms = {
  /** Hex HMAC-SHA-256 of the text in UTF-8. */
  readonly hmacHex: (text: string) => string;
};

/** A key, Ed25519 but where bundles are signed, with its id (RFC 7638 thumbprint unless the file names one). A key has one use. */
export type SigningKey = { readonly kid: string; readonly privateKey: KeyObject; readonly publicKey: KeyObject };
export type VerifyingKey = { readonly kid: string; readonly publicKey: KeyObject };
export type KeyUse = "agents" | "bundles" | "receipts" | "grants";
/** What keys are made for: ES256 is what a stock OPA server accepts of its configuration, EdDSA all the rest. */
export type KeyAlgorithm = "ES256" | "EdDSA";

/** A private key as its file holds it. */
export type KeyFile = SigningKey & {
  /** Null where the file does not say. */
  readonly use: KeyUse | null;
  /** Made by the demo: whoever can read its folder knows the key, so nothing real trusts it. */
  readonly demo: boolean;
};

/** Keys on disk. Rejects with a message that names the file and never the key. */
export type KeyFiles = {
  /** Of Ed25519 keys alone. */
  readonly read: (path: string, use: KeyUse) => Promise<KeyFile>;
  /** Writes a new key, readable by its owner alone; rejects where the file is there already. EdDSA where nothing is said. */
  readonly make: (path: string, use: KeyUse, alg?: KeyAlgorithm) => Promise<KeyFile>;
  /** Writes the public halves as a JWKS, in place of what was there. */
  readonly writePublic: (path: string, keys: readonly KeyFile[]) => Promise<void>;
  /** Writes the public half of one key as PEM, which is what an OPA is given. */
  readonly writePublicPem: (path: string, key: KeyFile) => Promise<void>;
};
