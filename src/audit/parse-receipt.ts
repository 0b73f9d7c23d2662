import { hash } from "node:crypto";
import canonicalize from "canonicalize";
import type { Json } from "../core/intent.ts";

/** A stored line that has the members of a receipt. */
export type ParsedReceipt = {
  readonly stream: string;
  readonly seq: number;
  readonly prev: string;
  /** As the line claims it. */
  readonly hash: string;
  /** What it has to be; null where the line has no canonical form. */
  readonly computed: string | null;
  /** Whether the text is the canonical form of what it says, and the hash the right one. */
  readonly intact: boolean;
  readonly fields: Readonly<Record<string, Json>>;
};

/** The receipt in a line, intact or not; null when the line is none. */
export function parseReceipt(text: string): ParsedReceipt | null {
  const fields = parseObject(text);
  if (fields === null) return null;
  const { stream, seq, prev, hash: claimed } = fields;
  if (typeof stream !== "string" || typeof prev !== "string" || typeof claimed !== "string") return null;
  if (typeof seq !== "number" || !Number.isSafeInteger(seq) || seq < 1) return null;
  const { hash: _claimed, ...covered } = fields;
  const canonical = canonicalOf(covered);
  const computed = canonical === null ? null : hash("sha256", canonical, "hex");
  const intact = computed === claimed && canonicalOf(fields) === text;
  return { stream, seq, prev, hash: claimed, computed, intact, fields };
}

function parseObject(text: string): Readonly<Record<string, Json>> | null {
  try {
    const value: unknown = JSON.parse(text);
    // JSON.parse gives nothing but Json.
    return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Record<string, Json>) : null;
  } catch {
    return null;
  }
}

function canonicalOf(fields: Readonly<Record<string, Json>>): string | null {
  try {
    return canonicalize(fields) ?? null;
  } catch {
    return null;
  }
}
