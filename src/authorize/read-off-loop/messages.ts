import type { PreparedPolicy } from "../../core/policy.ts";
import type { CallText } from "../../understanding/create-understanding.ts";
import type { BodyObligation } from "../find-in-body.ts";
import type { WholeRead } from "./read-whole.ts";

/** What of a policy says how its calls are read. */
export type ReadingPart = Pick<PreparedPolicy, "catalogue" | "reads" | "namedHosts">;

/** To the thread. A policy is sent once and named by its number from then on. */
export type ToThread =
  | { readonly kind: "policy"; readonly number: number; readonly policy: ReadingPart }
  | { readonly kind: "forget"; readonly number: number }
  | { readonly kind: "read"; readonly number: number; readonly call: CallText }
  | { readonly kind: "find"; readonly call: CallText; readonly obligations: readonly BodyObligation[] };

/** From the thread: one for each `read` and `find`, in order. */
export type FromThread =
  | WholeRead
  | { readonly kind: "looked"; readonly found: number | null }
  | { readonly kind: "threw"; readonly name: string };
