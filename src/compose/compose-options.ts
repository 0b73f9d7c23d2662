import type { Environment } from "../config/apply-environment.ts";

export type ComposeOptions = {
  readonly env: Environment;
  /** Only the demo's server trusts keys that the demo made. */
  readonly demo: boolean;
};
