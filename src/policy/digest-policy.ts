import { createHash } from "node:crypto";
import canonicalize from "canonicalize";
import type { Program } from "./program.ts";

/** Hex SHA-256 of the sources, whatever their names and order. */
export function digestSources(files: readonly { readonly text: string }[]): string {
  return sha256(JSON.stringify(files.map(({ text }) => sha256(text)).sort()));
}

/** Hex SHA-256 of the compiled program in canonical form. */
export function digestProgram(program: Program): string {
  return sha256(canonicalText(program));
}

const REVISION_CHARS = 12;

/** What a policy is called when nobody gives it a revision: the beginning of its sources' digest. */
export function revisionOf(sourcesDigest: string): string {
  return sourcesDigest.slice(0, REVISION_CHARS);
}

/** RFC 8785 text: the same value gives the same bytes. */
export function canonicalText(value: unknown): string {
  const text = canonicalize(value);
  if (text === undefined) throw new Error("a value that JSON cannot carry has no canonical text");
  return text;
}

export function sha256(data: string | Uint8Array): string {
  return createHash("sha256").update(data).digest("hex");
}
