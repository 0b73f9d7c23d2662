import type { EnvoyFile } from "./doctor-envoy-file.ts";
import type { Spot } from "./doctor-envoy-spot.ts";

/**
 * `danger`: calls pass unjudged, or one approved call becomes another or many. `weak`: a protection is missing, or what
 * is seen is less than it could be. `unseen`: this file does not say; whoever looks must look there too.
 */
export type Severity = "danger" | "weak" | "unseen";

export type EnvoyCheck = {
  readonly severity: Severity;
  readonly why: string;
  readonly fix: string;
  /** The places where it is so. */
  readonly find: (file: EnvoyFile) => readonly Spot[];
};

export type EnvoyChecks = Readonly<Record<string, EnvoyCheck>>;
