import type { Approvals } from "../approvals/approvals.ts";
import type { Recorder } from "../audit/create-recorder.ts";
import type { Clock } from "../core/clock.ts";
import type { Pseudonyms } from "../core/keys.ts";
import type { Observer } from "../core/observer.ts";
import type { PreparedPolicy } from "../core/policy.ts";
import type { Inspect } from "../detectors/inspect.ts";
import type { Identifier } from "../identity/create-identifier.ts";
import type { Revocations } from "../identity/revocations.ts";
import type { Ledger } from "../limits/ledger.ts";
import type { Understand } from "../understanding/create-understanding.ts";
import type { Explanations } from "./explanations.ts";
import type { LongBodies } from "./read-off-loop/long-bodies.ts";

/** One tenant as a call finds it. Read once per call, so that a swap never splits one. */
export type Tenant = { readonly name: string; readonly mode: "enforce" | "shadow"; readonly policy: TenantPolicy };

export type TenantPolicy =
  | {
      readonly kind: "ready";
      /** From then on it decides no more: it expired, or its source has been away for too long. */
      readonly goodUntilMs: number;
      /** Makes it ready where no call used it for a while. Throws where the engine fails. */
      readonly open: () => OpenPolicy;
    }
  | { readonly kind: "unavailable"; readonly reason: string };

/** A version that is ready for calls. */
export type OpenPolicy = { readonly policy: PreparedPolicy; readonly understand: Understand };

/** Everything the path of a call reaches. */
export type World = {
  readonly clock: Clock;
  readonly observer: Observer;
  readonly pseudonyms: Pseudonyms;
  readonly identifier: Identifier;
  readonly revocations: Pick<Revocations, "find">;
  readonly findTenant: (name: string) => Tenant | null;
  /** The only tenant, when there is one: it answers for calls whose credential names none. */
  readonly soleTenant: () => Tenant | null;
  readonly inspect: Inspect;
  readonly approvals: Pick<Approvals, "find" | "request" | "consume" | "restore">;
  readonly ledger: Ledger;
  /** Reads the bodies that are too long to be parsed where the call is decided. */
  readonly longBodies: LongBodies;
  readonly recorder: Pick<Recorder, "record">;
  /** Of the calls that a proxy asked to have explained. */
  readonly explanations: Pick<Explanations, "keep">;
  /** Headers that may carry the agent's token, in lower case. */
  readonly identityHeaders: readonly string[];
};
