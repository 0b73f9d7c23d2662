import { bareCaller } from "../../core/caller.ts";
import type { Program } from "../program.ts";
import { createInputBuilder } from "./build-input.ts";
import { createEngine, type EngineImage } from "./create-engine.ts";
import { parseProgram } from "./parse-program.ts";
import { PolicyRefusedError } from "./policy-refused-error.ts";
import { createVerdictReader } from "./read-verdict.ts";

/** An admitted program with its engine's memory: plain data, so that another thread can make it and hand it over. */
export type PolicyImage = { readonly program: Program; readonly wasm: Uint8Array; readonly image: EngineImage };

/**
 * The part of preparing a policy whose time grows with its rules: checks the program, reads it into the engine and has it
 * judge a call. Throws `PolicyRefusedError` with the reason.
 */
export function makePolicyImage(data: unknown, wasm: Uint8Array): PolicyImage {
  const parsed = parseProgram(data);
  if (parsed.kind === "refused") throw new PolicyRefusedError(parsed.reason);
  const { program } = parsed;
  const engine = createEngine({ wasm });
  const image = engine.makeImage(JSON.stringify({ policies: program }));
  createInputBuilder(program);
  warmUp(program, (input) => engine.open(image).evaluate("sluice/verdict", input));
  return { program, wasm, image };
}

const NOBODY = bareCaller({ tenant: "", agent: "", credential: "anonymous", issuedAt: 0 });

/** A call without facts: the engine answers at all, and refuses it. */
function warmUp(program: Program, evaluate: (input: string) => string): void {
  const ruling = createVerdictReader(program)(evaluate("{}"), NOBODY);
  if (ruling.kind !== "deny") throw new PolicyRefusedError("the engine permits a call without facts", { step: "warm_up" });
}
