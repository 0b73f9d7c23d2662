import { bareCaller } from "../../core/caller.ts";
import type { Observer } from "../../core/observer.ts";
import type { PreparedPolicy } from "../../core/policy.ts";
import type { Ruling } from "../../core/ruling.ts";
import type { Program } from "../program.ts";
import { createInputBuilder } from "./build-input.ts";
import { createEngine } from "./create-engine.ts";
import { createGroupsOf } from "./groups-of.ts";
import { parseProgram } from "./parse-program.ts";
import { PolicyRefusedError } from "./policy-refused-error.ts";
import { createVerdictReader } from "./read-verdict.ts";

export type PolicySource = {
  readonly program: Program;
  /** The engine's module. */
  readonly wasm: Uint8Array;
  readonly name: string;
  readonly revision: string;
  readonly digest: string;
  readonly observer: Observer;
};

/** Admits a program and its engine and makes them ready to decide. Throws `PolicyRefusedError` with the reason. */
export function preparePolicy(source: PolicySource): PreparedPolicy {
  const { name, revision, digest, observer } = source;
  const parsed = parseProgram(source.program);
  if (parsed.kind === "refused") throw new PolicyRefusedError(parsed.reason);
  const { program } = parsed;
  const engine = createEngine({ wasm: source.wasm }).load(JSON.stringify({ policies: program }), {
    replaced: (why) => observer.faulted("policy", "engine_replaced", why),
  });
  const readVerdict = createVerdictReader(program);
  const buildInput = createInputBuilder(program);
  warmUp((input) => readVerdict(engine.evaluate("sluice/verdict", input), NOBODY));
  const limitsById = new Map(program.rules.flatMap(({ limit }) => (limit === null ? [] : [[limit.id, limit] as const])));
  return {
    name,
    revision,
    digest,
    catalogue: program.catalogue,
    reads: program.reads,
    namedHosts: new Set(program.namedHosts),
    groupsOf: createGroupsOf(program.groups),
    usage: program.usage.flatMap((id) => limitsById.get(id) ?? []),
    decide: (input) => readVerdict(engine.evaluate("sluice/verdict", buildInput(input)), input.caller),
  };
}

const NOBODY = bareCaller({ tenant: "", agent: "", credential: "anonymous", issuedAt: 0 });

/** A call without facts: the engine answers at all, and refuses it. */
function warmUp(decide: (input: string) => Ruling): void {
  if (decide("{}").kind !== "deny") throw new PolicyRefusedError("the engine permits a call without facts");
}
