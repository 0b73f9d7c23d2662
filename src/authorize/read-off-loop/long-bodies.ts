import type { Call } from "../../core/call.ts";
import type { PreparedPolicy } from "../../core/policy.ts";
import type { Inspect } from "../../detectors/inspect.ts";
import type { Understand } from "../../understanding/create-understanding.ts";
import { type BodyObligation, findFirstInBody } from "../find-in-body.ts";
import { readWhole, type WholeRead } from "./read-whole.ts";

/** Reads the bodies that are too long to be parsed where their calls are decided. Deadlines are on the monotonic clock. */
export type LongBodies = {
  readonly read: (by: ReadBy, call: Call, deadlineUs: number) => LongRead | Promise<LongRead>;
  /** Which of the obligations is the first that names something the body holds. */
  readonly find: (call: Call, obligations: readonly BodyObligation[], deadlineUs: number) => LongFound | Promise<LongFound>;
};

export type ReadBy = { readonly policy: PreparedPolicy; readonly understand: Understand };

export type LongRead = WholeRead | Overloaded;
export type LongFound = { readonly kind: "looked"; readonly found: number | null } | Overloaded;

type Overloaded = { readonly kind: "overloaded" };

/** Why a call is denied as overloaded. */
export const LONG_BODIES_WAIT = "too many long bodies are waiting to be read";

/** For whoever decides one call at a time: there is nobody whom that would hold up. */
export function readInPlace(inspect: Inspect): LongBodies {
  return {
    read: ({ understand }, call) => readWhole({ understand, inspect }, call),
    find: (call, obligations) => ({ kind: "looked", found: findFirstInBody(call, obligations) }),
  };
}
