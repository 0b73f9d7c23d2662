import { sign, verify } from "node:crypto";
import canonicalize from "canonicalize";
import type { Json } from "../core/intent.ts";
import type { SigningKey, VerifyingKey } from "../core/keys.ts";
import type { Head } from "./audit-sink.ts";
import { canonicalText } from "./canonical-text.ts";
import { type ChainPlace, RECEIPT_VERSION, type ReceiptHalves, recordText } from "./receipt-text.ts";

/** The heads of all streams under an Ed25519 signature over the canonical form without `hash` and `sig`. */
export function checkpointText(heads: ReadonlyMap<string, Head>, key: SigningKey, place: ChainPlace): ReceiptHalves {
  const fields = { kind: "checkpoint", kid: key.kid, heads: headsJson(heads) };
  const signed = canonicalText({ ...fields, ...place, v: RECEIPT_VERSION });
  const sig = sign(null, Buffer.from(signed), key.privateKey).toString("base64url");
  return recordText({ ...fields, sig }, place);
}

export function isSignedBy(key: VerifyingKey, checkpoint: Readonly<Record<string, Json>>): boolean {
  const { sig, hash: _hash, ...signed } = checkpoint;
  const text = canonicalize(signed);
  if (typeof sig !== "string" || text === undefined) return false;
  return verify(null, Buffer.from(text), key.publicKey, Buffer.from(sig, "base64url"));
}

/** The heads a checkpoint names; entries that are none are left out. */
export function readHeads(checkpoint: Readonly<Record<string, Json>>): ReadonlyMap<string, Head> {
  const heads = new Map<string, Head>();
  const named = checkpoint["heads"];
  if (typeof named !== "object" || named === null) return heads;
  for (const [stream, head] of Object.entries(named)) {
    if (typeof head !== "object" || head === null || !("seq" in head) || !("hash" in head)) continue;
    const { seq, hash } = head;
    if (typeof seq === "number" && typeof hash === "string") heads.set(stream, { seq, hash });
  }
  return heads;
}

function headsJson(heads: ReadonlyMap<string, Head>): Readonly<Record<string, Json>> {
  // A tenant may be called `__proto__`.
  const json: Record<string, Json> = Object.create(null);
  for (const [stream, head] of heads) json[stream] = { seq: head.seq, hash: head.hash };
  return json;
}
