import { createFindN } from "./regex-find-n.ts";
import { parseRfc3339Ns } from "./time-parse-rfc3339-ns.ts";

/**
 * A built-in function of Rego that a module asks its host for. Gets the arguments as JSON values and gives JSON text, or
 * undefined where `opa eval` would fail: wrong types, and values that it cannot take. It never throws.
 */
export type Builtin = (args: readonly unknown[]) => string | undefined;

export type Builtins = Readonly<Record<string, Builtin>>;

/** What this host supplies; a module that needs more is refused. */
export function createBuiltins(): Builtins {
  return {
    "regex.find_n": createFindN(),
    "time.parse_rfc3339_ns": parseRfc3339Ns,
  };
}
