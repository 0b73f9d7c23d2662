import { readFileSync, statSync } from "node:fs";
import type { SecretRef } from "../core/setting.ts";
import type { Environment } from "./apply-environment.ts";

export type ReadSecret =
  | { readonly kind: "secret"; readonly value: string }
  /** `message` names the reference, never a value. */
  | { readonly kind: "unreadable"; readonly message: string };

const BYTES_MAX = 65_536;

/** What a reference stands for, without the line end that editors put behind it. An empty secret is none. */
export function readSecret(ref: SecretRef, env: Environment): ReadSecret {
  const name = describeSecret(ref);
  try {
    const text = ref.kind === "env" ? env[ref.name] : readBounded(ref.path);
    if (text === undefined) return { kind: "unreadable", message: `${name}: is not set` };
    const value = text.replace(/\r?\n$/, "");
    return value === "" ? { kind: "unreadable", message: `${name}: is empty` } : { kind: "secret", value };
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "unreadable";
    return { kind: "unreadable", message: `${name}: cannot be read: ${code}` };
  }
}

/** `file PATH` or `variable NAME`: what may be told of a secret. */
export function describeSecret(ref: SecretRef): string {
  return ref.kind === "env" ? `variable ${ref.name}` : `file ${ref.path}`;
}

function readBounded(path: string): string {
  if (statSync(path).size > BYTES_MAX) throw Object.assign(new Error("too large"), { code: "EFBIG" });
  return readFileSync(path, "utf8");
}
