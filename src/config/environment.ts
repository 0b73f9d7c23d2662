import type { Environment } from "./apply-environment.ts";

/** The process's environment: the one place that reads it. */
export function readEnvironment(): Environment {
  return process.env;
}
