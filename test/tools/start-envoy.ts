import { type Envoy, type EnvoySetup, startEnvoy as start } from "../../src/platform/start-envoy.ts";
import { needTool } from "./need-tool.ts";

export type { Envoy } from "../../src/platform/start-envoy.ts";

/** A real Envoy on a file of `envoy/`. Call only where `needTool("envoy")` found one. */
export async function startEnvoy(setup: Omit<EnvoySetup, "binary">): Promise<Envoy> {
  const binary = await needTool("envoy");
  if (binary === null) throw new Error("there is no Envoy; guard the suite with needTool");
  return start({ ...setup, binary });
}
