import type { Finding } from "../../../src/core/finding.ts";
import type { Json, QueryPair } from "../../../src/core/intent.ts";
import type { PolicyInput } from "../../../src/core/policy-input.ts";
import { input, usd } from "../policy-wasm/sample.ts";
import type { Random } from "./random.ts";

const WORDS = ["a", "ab", "b", "é", ""];
const LONG = Array(1001).fill("b");

/** A call of the tool `t.call` on `api.example.com` with what `random-condition.ts` reads, right, wrong or missing. */
export function makePolicyInput(random: Random): PolicyInput {
  const word = () => random.pick(WORDS);
  const query = random.list(2, () => pair(random.pick(["q", "r"]), word()));
  const headers = random.chance(0.7) ? new Map([["x-a", word()]]) : new Map<string, string>();
  const amount = random.pick([
    null,
    usd(5),
    usd(0),
    usd(9),
    usd(2.5),
    { ...usd(5), currency: "eur" as ReturnType<typeof usd>["currency"] },
  ]);
  return input({
    caller: {
      agent: random.pick(["a", "ab", "c"]),
      subject: random.pick([null, "a", "b"]),
      actors: random.list(2, word),
      roles: random.list(2, word),
    },
    call: { headers, repeated: new Set(random.chance(0.2) ? headers.keys() : []) },
    target: { query },
    intent: { tool: { kind: "known", name: "t.call" }, args: makeArgs(random), amount },
    rest: { findings: random.list(2, () => makeFinding(random)), findingsCut: random.chance(0.1) },
  });
}

export function pair(key: string, value: string): QueryPair {
  return { raw: `${key}=${encodeURIComponent(value)}`, key, value };
}

export function makeFinding(random: Random): Finding {
  return {
    kind: random.pick(["pii.ssn", "pii.card"]),
    place: { kind: "query", key: "q" },
    start: 0,
    end: 1,
    confidence: random.pick([0.2, 0.9]),
  };
}

function makeArgs(random: Random): { readonly [name: string]: Json } {
  const args: { [name: string]: Json } = {};
  const wrong = () => random.pick<Json>([null, 1, "a", true, [], { a: 1 }, "2"]);
  const right: Readonly<Record<string, () => Json>> = {
    s: () => random.pick(WORDS),
    n: () => random.pick([0, 1, 2, 2.5, -1, 1e21]),
    b: () => random.chance(0.5),
    l: () => (random.chance(0.1) ? LONG : random.list(3, () => random.pick<Json>([...WORDS, null, 1]))),
  };
  for (const [name, make] of Object.entries(right)) {
    if (random.chance(0.8)) args[name] = random.chance(0.8) ? make() : wrong();
  }
  return args;
}
