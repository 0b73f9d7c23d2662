import type { CatalogueEntry } from "../../../src/core/catalogue.ts";
import type { Json, Protocol } from "../../../src/core/intent.ts";
import type { Currency } from "../../../src/core/money.ts";
import type { PolicyInput } from "../../../src/core/policy-input.ts";
import { createCatalogue } from "../../../src/understanding/match-catalogue.ts";
import type { Random } from "../policy-differential/random.ts";
import { input, TARGET, usd } from "../policy-wasm/sample.ts";
import { AGENTS, HOSTS, ROLES, WORDS } from "./random-folder.ts";

const PATHS = [["v1", "pay"], ["v1", "pay", "7"], ["people"], ["people", "7"], ["v1", "x"], []];
const PROTOCOLS: readonly Protocol[] = ["http", "http", "http", "tunnel", "upgrade", "stream"];

/** Makes calls as understanding would describe them: the tool follows from method, host and path, and hides where they hide. */
export function createCallMaker(catalogue: readonly CatalogueEntry[]): (random: Random) => PolicyInput {
  const matchCatalogue = createCatalogue(catalogue);

  return function makeLintCall(random) {
    const host = random.pick(HOSTS);
    const protocol = random.pick(PROTOCOLS);
    const hidden = protocol === "tunnel";
    const [hostname = "", port] = host.split(":");
    const segments = hidden ? [] : random.pick(PATHS);
    const target = { ...TARGET, host, hostname, port: Number(port ?? 443), segments, path: hidden ? "" : `/${segments.join("/")}` };
    const method = hidden ? "CONNECT" : random.pick(["GET", "POST", "POST"]);
    const match = matchCatalogue({ method }, protocol, target);
    const tool = match.kind === "match" ? match.tool : ({ kind: "unknown" } as const);
    const args = match.kind === "match" && match.prepared !== null ? makeArgs(random, match.prepared.entry) : {};
    const headers = random.chance(0.7) ? new Map([["x-a", random.pick(WORDS)]]) : new Map<string, string>();
    return input({
      caller: {
        agent: random.pick(AGENTS),
        subject: random.pick([null, ...WORDS]),
        actors: random.list(2, () => random.pick(WORDS)),
        roles: random.some(ROLES),
      },
      call: { method, headers, repeated: new Set(random.chance(0.2) ? headers.keys() : []) },
      target,
      intent: { protocol, tool, args, amount: tool.kind === "known" && tool.name === "pay.create" ? makeAmount(random) : null },
      rest: { nowMs: random.pick(["2025-12-31T23:30:00Z", "2026-01-01T12:00:00Z", "2026-06-05T00:00:00Z"].map(Date.parse)) },
    });
  };
}

function makeAmount(random: Random): PolicyInput["intent"]["amount"] {
  const amount = random.pick([null, usd(0), usd(1), usd(1.5), usd(2), usd(9)]);
  return amount !== null && random.chance(0.25) ? { ...amount, currency: "eur" as Currency } : amount;
}

function makeArgs(random: Random, entry: CatalogueEntry): { readonly [name: string]: Json } {
  const word = () => random.pick(WORDS);
  const wrong = () => random.pick<Json>([null, 1, "a", true, [], { x: "a" }, { x: "b" }, "2025-06-01T00:00:00Z", 1_700_000_000]);
  const right: Readonly<Record<string, () => Json>> = {
    n: () => random.pick<Json>([0, 1, 1.5, 2, 2.5, 3]),
    s: word,
    l: () => (random.chance(0.1) ? Array(1001).fill("b") : random.list(3, () => random.pick<Json>([...WORDS, null, 1]))),
    c: () => "usd",
  };
  return Object.fromEntries(
    entry.args.flatMap(({ name }) => (random.chance(0.8) ? [[name, random.chance(0.75) ? (right[name]?.() ?? null) : wrong()]] : [])),
  );
}
