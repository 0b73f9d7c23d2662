import type { Observer } from "../../core/observer.ts";
import type { PreparedPolicy } from "../../core/policy.ts";
import type { Program } from "../program.ts";
import { createInputBuilder } from "./build-input.ts";
import { createEngine, type EngineEvents, type LoadedEngine } from "./create-engine.ts";
import { explainCall } from "./explain.ts";
import { createGroupsOf } from "./groups-of.ts";
import { makePolicyImage, type PolicyImage } from "./make-policy-image.ts";
import { createVerdictReader } from "./read-verdict.ts";
import { type EvaluationBudget, withinBudget } from "./within-budget.ts";

export type PolicySource = PolicyFacts & {
  readonly program: Program;
  /** The engine's module. */
  readonly wasm: Uint8Array;
};

export type PolicyFacts = {
  readonly name: string;
  readonly revision: string;
  readonly digest: string;
  readonly observer: Observer;
  /** Absent in one-off commands, whose time nobody looks at. */
  readonly budget?: EvaluationBudget;
};

/** Admits a program and its engine and makes them ready to decide. Throws `PolicyRefusedError` with the reason. */
export function preparePolicy({ program, wasm, ...facts }: PolicySource): PreparedPolicy {
  return openPolicyImage(makePolicyImage(program, wasm), facts);
}

/** Makes ready what `makePolicyImage` admitted, there or in another thread. */
export function openPolicyImage({ program, wasm, image }: PolicyImage, facts: PolicyFacts): PreparedPolicy {
  return prepareOn(createEngine({ wasm }).open(image, eventsOf(facts)), program, facts);
}

export function eventsOf({ observer }: PolicyFacts): EngineEvents {
  return { replaced: (why) => observer.faulted("policy", "engine_replaced", why) };
}

/** An admitted program over an engine that holds it. */
export function prepareOn(engine: LoadedEngine, program: Program, facts: PolicyFacts): PreparedPolicy {
  const { name, revision, digest, observer, budget } = facts;
  const evaluate = (input: string) => engine.evaluate("sluice/verdict", input);
  const evaluateInTime = budget === undefined ? evaluate : withinBudget(evaluate, { budget, observer, program, policy: name });
  const buildInput = createInputBuilder(program);
  const readVerdict = createVerdictReader(program);
  const limits = new Map(program.rules.flatMap(({ limit }) => (limit === null ? [] : [[limit.id, limit] as const])));
  return {
    name,
    revision,
    digest,
    catalogue: program.catalogue,
    reads: program.reads,
    namedHosts: new Set(program.namedHosts),
    groupsOf: createGroupsOf(program.groups),
    usage: program.usage.flatMap((id) => limits.get(id) ?? []),
    decide: (input) => readVerdict(evaluateInTime(buildInput(input)), input.caller),
    explain: (input) => explainCall(program, JSON.parse(buildInput(input))),
  };
}
