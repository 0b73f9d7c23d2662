import type { Body } from "../../core/call.ts";

export type BodyEvidence = {
  readonly method: string;
  readonly headers: ReadonlyMap<string, string>;
  /** `x-envoy-auth-partial-body`, the proxy's own word: absent when it buffered nothing. */
  readonly partialHeader: string | null;
  readonly bytes: Uint8Array | null;
  /** How many bytes the proxy had when it asked. */
  readonly size: number;
  /** What the proxy's declaration says of its buffer; null when there is none. */
  readonly buffer: { readonly maxBytes: number; readonly partial: boolean } | null;
};

/** What was seen of the body; null when content-length is no number. Every doubt makes it partial or unseen, never absent. */
export function classifyBody(evidence: BodyEvidence): Body | null {
  const declared = evidence.headers.get("content-length");
  if (declared !== undefined && !LENGTH.test(declared)) return null;
  const length = declared === undefined ? null : Number(declared);
  const { bytes } = evidence;
  if (bytes !== null) return { kind: isWhole(evidence, bytes.length, length) ? "full" : "partial", bytes };
  return { kind: isBodiless(evidence, length) ? "none" : "unseen" };
}

function isWhole(evidence: BodyEvidence, received: number, declared: number | null): boolean {
  const { partialHeader, size, buffer } = evidence;
  if (partialHeader === "true" || size > received) return false;
  if (declared !== null && declared !== received) return false;
  if (buffer?.partial === true && received >= buffer.maxBytes) return false;
  // A buffer that is exactly full says "false" with more to come. Where nobody declared the buffer, only a length proves the end.
  return buffer !== null || declared !== null;
}

function isBodiless(evidence: BodyEvidence, declared: number | null): boolean {
  const { method, partialHeader, size } = evidence;
  if (partialHeader === "true" || size > 0) return false;
  if (declared !== null) return declared === 0;
  // The proxy removes transfer-encoding before it asks: a chunked body that it did not buffer leaves no sign.
  return partialHeader !== null || METHODS_WITHOUT_BODY.has(method);
}

const LENGTH = /^[0-9]{1,15}$/;
const METHODS_WITHOUT_BODY: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS", "CONNECT", "TRACE"]);
