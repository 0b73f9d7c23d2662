import type { TraceIds } from "../core/observer.ts";

export type TraceParent = TraceIds & { readonly sampled: boolean };

// https://www.w3.org/TR/trace-context/#traceparent-header: later versions may add fields, version ff is invalid.
const FORM = /^(?!ff)([0-9a-f]{2})-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})($|-)/;

/** Null for what is absent or malformed: it then counts for nothing. */
export function parseTraceparent(text: string | null): TraceParent | null {
  const match = text === null ? null : FORM.exec(text);
  if (match === null) return null;
  const [, version, traceId = "", spanId = "", flags = "00", rest] = match;
  if (version === "00" && rest !== "") return null;
  return { traceId, spanId, sampled: (Number.parseInt(flags, 16) & 1) === 1 };
}
