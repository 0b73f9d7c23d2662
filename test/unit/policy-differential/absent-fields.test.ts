import { describe, expect, it } from "vitest";
import type { Aspect, Json } from "../../../src/core/intent.ts";
import type { PolicyInput } from "../../../src/core/policy-input.ts";
import { compilePolicies } from "../../../src/policy/compile/compile-policies.ts";
import { createInputBuilder } from "../../../src/policy/wasm/build-input.ts";
import { createEngine } from "../../../src/policy/wasm/create-engine.ts";
import { SOAK_FACTOR, seedOf } from "../../tools/soak-factor.ts";
import { WASM } from "../policy-wasm/sample.ts";
import { createRandom } from "./random.ts";
import { makePolicyFiles, type SourceFile } from "./random-policy-files.ts";
import { makePolicyInput } from "./random-policy-input.ts";

const POLICIES = 60 * SOAK_FACTOR;
const CALLS_EACH = 10;
const FIRST_SEED = seedOf(50_000);
const ALLOW = 0;

const engine = createEngine({ wasm: WASM });

/** 0 allow, 2 approval_needed, 3 deny. */
function createDecide(files: readonly SourceFile[]): (input: PolicyInput) => number {
  const compiled = compilePolicies(files);
  if (compiled.kind === "invalid") throw new Error(JSON.stringify(compiled.problems));
  const buildInput = createInputBuilder(compiled.program);
  const loaded = engine.load(JSON.stringify({ policies: compiled.program }));
  return (input) => JSON.parse(loaded.evaluate("sluice/verdict", buildInput(input)))[0].result[0];
}

const NONE: Aspect = { kind: "none" };

/** The call without one of what it may lack, in every way. */
function withoutOne(input: PolicyInput): readonly PolicyInput[] {
  const { caller, call, intent, usage } = input;
  const { query } = intent.target;
  const ofIntent = (part: Partial<PolicyInput["intent"]>): PolicyInput => ({ ...input, intent: { ...intent, ...part } });
  return [
    ...lessOne(intent.args).map((args) => ofIntent({ args })),
    ...["m", "o"].flatMap((name) => lessInside(intent.args, name)).map((args) => ofIntent({ args })),
    ofIntent({ amount: null }),
    ofIntent({ cost: null }),
    ofIntent({ operation: NONE }),
    ofIntent({ model: NONE }),
    ...query.map(({ key }) => ofIntent({ target: { ...intent.target, query: query.filter((pair) => pair.key !== key) } })),
    { ...input, caller: { ...caller, subject: null } },
    ...lessOne(caller.labels).map((labels) => ({ ...input, caller: { ...caller, labels } })),
    ...[...call.headers.keys()].map((name) => ({
      ...input,
      call: { ...call, headers: new Map([...call.headers].filter(([one]) => one !== name)) },
    })),
    ...lessOne(call.context).map((context) => ({ ...input, call: { ...call, context } })),
    ...lessOne(usage).map((less) => ({ ...input, usage: less })),
  ];
}

type Members<T> = Readonly<Record<string, T>>;

function lessOne<T>(members: Members<T>): readonly Members<T>[] {
  return Object.keys(members).map((name) => Object.fromEntries(Object.entries(members).filter(([one]) => one !== name)));
}

/** Less one member of the map, or of each map in the list, that the name stands for. */
function lessInside(args: Members<Json>, name: string): readonly Members<Json>[] {
  const { [name]: value } = args;
  if (Array.isArray(value)) {
    const maps = value.flatMap((element: Json, at) => (isMap(element) ? lessOne(element).map((less) => ({ at, less })) : []));
    return maps.map(({ at, less }) => ({ ...args, [name]: value.map((element: Json, one) => (one === at ? less : element)) }));
  }
  return isMap(value) ? lessOne(value).map((less) => ({ ...args, [name]: less })) : [];
}

function isMap(value: Json | undefined): value is Members<Json> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

describe("a call that says less", () => {
  const pairs = Array.from({ length: POLICIES }, (_, seed) => {
    const random = createRandom(FIRST_SEED + seed);
    const files = makePolicyFiles(random, { presence: true });
    const decide = createDecide(files);
    const calls = Array.from({ length: CALLS_EACH }, () => makePolicyInput(random));
    return calls.flatMap((call) => {
      const before = decide(call);
      return withoutOne(call).map((less) => ({ before, after: decide(less), call, files }));
    });
  }).flat();

  it("is never allowed where the whole call is not, unless a condition asks what is there", () => {
    const widened = pairs.filter(({ before, after }) => after === ALLOW && before !== ALLOW);
    expect(widened.slice(0, 1)).toEqual([]);
  });

  it("is tried where it is allowed, asked for and denied, and where less means no", () => {
    for (const decision of [0, 2, 3]) expect(pairs.filter(({ before }) => before === decision).length).toBeGreaterThan(pairs.length / 50);
    expect(pairs.filter(({ before, after }) => before === ALLOW && after !== ALLOW).length).toBeGreaterThan(pairs.length / 1_000);
  });

  it("is allowed where a condition permits what is not there", () => {
    const condition = (text: string) => [
      { name: "p.yaml", text: `policy: p\nrules:\n  - id: a\n    then: allow\n    if: |\n      ${text}\n` },
    ];
    const call = makePolicyInput(createRandom(1));
    const whole = { ...call, intent: { ...call.intent, args: { s: "a", n: 1 } } };
    const less = { ...call, intent: { ...call.intent, args: { n: 1 } } };
    for (const text of ["!has(args.s)", '!("s" in args)', "size(args) < 2"]) {
      const decide = createDecide(condition(text));
      expect([decide(whole), decide(less)]).toEqual([3, ALLOW]);
    }
  });
});
