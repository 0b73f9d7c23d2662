import type { Call } from "../../core/call.ts";
import type { PreparedPolicy } from "../../core/policy.ts";
import type { Inspect } from "../../detectors/inspect.ts";
import type { Understand } from "../../understanding/create-understanding.ts";
import { readWhole, type WholeRead } from "./read-whole.ts";

export type ReadBy = { readonly policy: PreparedPolicy; readonly understand: Understand };

export type LargeRead = WholeRead | { readonly kind: "overloaded" };

/** Reads calls whose body is too long to be parsed where they are decided. */
export type ReadLarge = (by: ReadBy, call: Call, deadlineUs: number) => LargeRead | Promise<LargeRead>;

/** For whoever decides one call at a time: there is nobody whom that would hold up. */
export function readLargeInPlace(inspect: Inspect): ReadLarge {
  return ({ understand }, call) => readWhole({ understand, inspect }, call);
}
