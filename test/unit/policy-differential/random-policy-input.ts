import type { Finding } from "../../../src/core/finding.ts";
import type { Aspect, Json, QueryPair } from "../../../src/core/intent.ts";
import type { Currency, Micros, Money } from "../../../src/core/money.ts";
import type { PolicyInput } from "../../../src/core/policy-input.ts";
import { input } from "../policy-wasm/sample.ts";
import type { Random } from "./random.ts";

const WORDS = ["a", "ab", "b", "é", "", "😀", "Ab", "1970-01-01"];
const NUMBERS = [0, 1, 2, 2.5, -1, 1.5, -5400, 1e21, 9_007_199_254_740_991, 443];
const MOMENTS: readonly Json[] = [
  "1970-01-01T00:00:01Z",
  "2026-12-24T00:00:00Z",
  "2026-12-23T23:00:00-01:00",
  "2026-12-24T00:00:00.000000001Z",
  "2026-12-24",
  "9999-12-31T00:00:00Z",
  1_798_070_400,
  1_798_070_400.5,
  1,
  -1,
  1e21,
];
const ADDRESSES: readonly Json[] = [
  "10.1.2.3",
  "11.0.0.1",
  "2001:db8::1",
  "::1",
  "::ffff:10.0.0.1",
  "fe80::1%eth0",
  "10.0.0.01",
  "10.0.0.0/8",
];
const LONG_LIST = Array(1001).fill("b");
const LONG_TEXT = "a".repeat(17_000);
/** Around a change of summer time in Berlin, midnights and the beginning of time. */
const NOWS = [0, 1_774_745_999_000, 1_774_746_000_000, 1_774_821_600_000, 1_798_066_800_000, 1_798_070_399_999, 1_798_070_400_000];

/** A call of the tool `t.call` on `api.example.com` with what `random-condition.ts` reads, right, wrong or missing. */
export function makePolicyInput(random: Random): PolicyInput {
  const word = () => random.pick(WORDS);
  const query = random.list(2, () => pair(random.pick(["q", "r"]), word()));
  const headers = random.chance(0.7) ? new Map([["x-a", String(random.pick<Json>([...WORDS, ...MOMENTS]))]]) : new Map<string, string>();
  return input({
    caller: {
      agent: random.pick(["a", "ab", "c"]),
      subject: random.pick([null, "a", "b"]),
      actors: random.list(2, word),
      roles: random.list(2, word),
      groups: random.list(2, word),
      labels: { ...(random.chance(0.6) && { team: word() }), ...(random.chance(0.6) && { until: String(random.pick(MOMENTS)) }) },
    },
    call: {
      headers,
      repeated: new Set(random.chance(0.2) ? headers.keys() : []),
      context: random.chance(0.5) ? { zone: word() } : {},
    },
    target: { query, path: "/v1/ab", segments: ["v1", random.pick(["a", "ab", "é"])], port: random.pick([443, 1, 8443]) },
    intent: {
      tool: { kind: "known", name: "t.call" },
      operation: makeAspect(random),
      model: makeAspect(random),
      args: makeArgs(random),
      amount: makeMoney(random),
      cost: makeMoney(random),
    },
    rest: {
      findings: random.list(2, () => makeFinding(random)),
      findingsCut: random.chance(0.1),
      nowMs: random.pick(NOWS),
      usage: { ...(random.chance(0.8) && { "p/calls": makeUsage(random) }), ...(random.chance(0.8) && { "q/calls": makeUsage(random) }) },
    },
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
    confidence: random.pick([0.2, 0.5, 0.9]),
  };
}

function makeAspect(random: Random): Aspect {
  return random.pick<Aspect>([{ kind: "none" }, { kind: "undetermined" }, { kind: "known", name: random.pick(["a", "ab"]) }]);
}

function makeMoney(random: Random): Money | null {
  if (random.chance(0.2)) return null;
  // Whole micros and a currency, as the catalogue reads them.
  const micros = random.pick([0, 5_000_000, 9_000_000, 2_500_000]) as Micros;
  return { currency: random.pick(["usd", "usd", "eur"]) as Currency, micros };
}

function makeUsage(random: Random): { readonly used: number; readonly remaining: number; readonly share: number } {
  const share = random.pick([0, 0.5, 1]);
  return { used: share * 100, remaining: (1 - share) * 100, share };
}

function makeArgs(random: Random): { readonly [name: string]: Json } {
  const args: { [name: string]: Json } = {};
  const word = () => random.pick(WORDS);
  const any = () =>
    random.pick<Json>([
      null,
      true,
      false,
      [],
      {},
      { k: word() },
      ...NUMBERS,
      ...WORDS,
      "2",
      LONG_TEXT,
      "\ud800",
      ["a", 1],
      ["b"],
      ["é", null],
    ]);
  const right: Readonly<Record<string, () => Json>> = {
    s: word,
    n: () => random.pick(NUMBERS),
    b: () => random.chance(0.5),
    l: () => (random.chance(0.1) ? LONG_LIST : random.list(3, () => random.pick<Json>([...WORDS, null, 1, true, 2.5, 443]))),
    d: any,
    m: () => ({ k: any() }),
    o: () => random.list(3, () => makeObject(random)),
    t: () => random.pick(MOMENTS),
    ip: () => random.pick(ADDRESSES),
    day: () => random.pick(["1970-01-01", "2026-12-24", "2026-12-25", "x"]),
  };
  for (const [name, make] of Object.entries(right)) {
    if (random.chance(0.8)) args[name] = random.chance(0.8) ? make() : any();
  }
  return args;
}

function makeObject(random: Random): Json {
  if (random.chance(0.1)) return random.pick<Json>([null, "a", 1, []]);
  return {
    ...(random.chance(0.7) && { n: random.pick<Json>([...NUMBERS, "1", null]) }),
    ...(random.chance(0.7) && { s: random.pick<Json>([...WORDS, ...ADDRESSES, null, 1]) }),
    ...(random.chance(0.7) && { b: random.pick<Json>([true, false, "true"]) }),
    ...(random.chance(0.7) && { l: random.chance(0.1) ? LONG_LIST : random.list(2, () => random.pick<Json>(["a", "b", 1])) }),
    ...(random.chance(0.7) && { t: random.pick(MOMENTS) }),
  };
}
