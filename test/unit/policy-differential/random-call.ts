import type { Json } from "../../../src/core/intent.ts";
import type { Random } from "./random.ts";
import { ADDRESSES, DATES, LISTS, MICROS, MOMENTS, NUMBERS, WORDS } from "./random-atom.ts";
import { AGENTS, GROUPS, HOSTS, METHODS, MODELS, OPERATIONS, PROTOCOLS, ROLES, SEGMENTS, TOOLS } from "./random-program.ts";

/** The input of a call, with values of every type in every place, some missing and some cut. */
export function makeCall(random: Random): Json {
  const agent = random.pick(AGENTS);
  const host = random.pick(HOSTS);
  const protocol = random.chance(0.6) ? "http" : random.pick(PROTOCOLS);
  const tools = random.chance(0.3) ? [] : random.chance(0.7) ? [random.pick([...TOOLS, "unknown"])] : [...random.some(TOOLS), "unknown"];
  const isKnown = tools.length === 1 && random.chance(0.8);
  const match = {
    agent,
    host,
    method: random.chance(0.2) ? null : random.pick(METHODS),
    segments: random.chance(0.2) ? null : random.list(3, () => random.pick(SEGMENTS)),
    tool: isKnown ? (tools[0] ?? null) : null,
    tools,
    protocol,
    operation: random.pick([null, "", ...OPERATIONS, ...OPERATIONS]),
    model: random.pick([null, "", ...MODELS, ...MODELS]),
    roles: random.chance(0.1) ? null : random.some(ROLES),
    groups: random.chance(0.1) ? null : random.some(GROUPS),
  };
  const suffixes = host.split(".").map((_, at, labels) => `h:.${labels.slice(at + 1).join(".")}`);
  const keys = [...tools.map((tool) => `t:${tool}`), `h:${host}`, ...suffixes, `a:${agent}`, `p:${protocol}`, "*"];
  return {
    keys,
    match,
    caller: { agent, ...member("roles", random, () => random.list(3, () => random.pick(WORDS))) },
    args: {
      ...member("s", random, () => random.pick(WORDS)),
      ...member("n", random, () => random.pick([0, 1, 2])),
      ...member("n2", random, () => random.pick([0, 1, 2, ...NUMBERS])),
      ...member("d", random, () => random.pick(DATES)),
      ...member("t", random, () => random.pick(MOMENTS)),
      ...member("ip", random, () => random.pick(ADDRESSES)),
      ...member("b", random, () => random.chance(0.5)),
      ...member("v", random, () => makeValue(random, 2)),
      ...member("w", random, () => makeValue(random, 1)),
      ...member("l", random, () => makeList(random)),
      ...member("m", random, () => makeList(random)),
      ...member("deep", random, () => ({ x: makeValue(random, 0) })),
    },
    ...member("amount", random, () => makeMoney(random)),
    ...member("cost", random, () => makeMoney(random)),
    ...(random.chance(0.2) && { cut: random.some(LISTS) }),
  };
}

function member(name: string, random: Random, make: () => Json): { readonly [name: string]: Json } {
  return random.chance(0.8) ? { [name]: make() } : {};
}

function makeList(random: Random): Json {
  const word = () => random.pick(WORDS);
  const ofElements = random.pick<() => Json>([word, () => ({ k: word() }), () => makeValue(random, 1)]);
  return random.chance(0.9) ? random.list(3, ofElements) : makeValue(random, 1);
}

function makeMoney(random: Random): Json {
  return { currency: random.pick(["usd", "usd", "eur"]), micros: random.pick([...MICROS, 5_000_001, "1", null]) };
}

function makeValue(random: Random, depth: number): Json {
  const scalars: readonly (() => Json)[] = [
    () => random.pick(WORDS),
    () => random.pick(NUMBERS),
    () => random.chance(0.5),
    () => null,
    () => makeMoney(random),
  ];
  if (depth === 0 || random.chance(0.7)) return random.pick(scalars)();
  if (random.chance(0.5)) return random.list(3, () => makeValue(random, depth - 1));
  return { k: makeValue(random, depth - 1) };
}
