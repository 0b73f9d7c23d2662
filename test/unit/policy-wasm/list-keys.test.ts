import { describe, expect, it } from "vitest";
import type { Tool } from "../../../src/core/intent.ts";
import type { PolicyInput } from "../../../src/core/policy-input.ts";
import { buildIndex } from "../../../src/policy/compile/build-index.ts";
import { createMatchDescriber } from "../../../src/policy/wasm/describe-match.ts";
import { judgeMatch } from "../../../src/policy/wasm/judge-match.ts";
import { createKeyLister } from "../../../src/policy/wasm/list-keys.ts";
import { createRandom, type Random } from "../policy-differential/random.ts";
import { AGENTS, HOSTS, makeMatch, PROTOCOLS, ROLES, SEGMENTS, TOOLS } from "../policy-differential/random-program.ts";
import { deny, input, program } from "./sample.ts";

const PROGRAMS = 300;
const CALLS_EACH = 20;

describe("the keys of a call", () => {
  it("lead to every rule of the compiler's index whose match may fit", () => {
    const random = createRandom(3);
    let reached = 0;
    const missed = Array.from({ length: PROGRAMS }, () => {
      const rules = Array.from({ length: 12 }, (_, number) => deny({ id: `p/r${number}`, match: makeMatch(random) }));
      const indexed = program(rules, buildIndex(rules));
      // A rule that names nothing stands behind no key, and its program is refused.
      const behindKeys = new Set(Object.values(indexed.index).flat());
      const listKeys = createKeyLister(indexed);
      const describeMatch = createMatchDescriber(indexed);
      return Array.from({ length: CALLS_EACH }, () => makeInput(random)).flatMap((call) => {
        const found = new Set(listKeys(call).flatMap((key) => indexed.index[key] ?? []));
        reached += found.size;
        const facts = JSON.parse(JSON.stringify({ match: describeMatch(call) }));
        return rules
          .filter(({ match }, number) => judgeMatch(match, facts).fits !== "false" && behindKeys.has(number) && !found.has(number))
          .map((rule) => [rule, facts]);
      });
    }).flat();
    expect(missed.slice(0, 1)).toEqual([]);
    // An index that lists everything would find everything.
    expect(reached).toBeGreaterThan(PROGRAMS * CALLS_EACH);
    expect(reached).toBeLessThan(PROGRAMS * CALLS_EACH * 9);
  });
});

function makeInput(random: Random): PolicyInput {
  const protocol = random.chance(0.6) ? "http" : random.pick(PROTOCOLS as readonly PolicyInput["intent"]["protocol"][]);
  const segments = protocol === "tunnel" ? [] : random.list(3, () => random.pick([...SEGMENTS, "\ud800", "x".repeat(20_000)]));
  return input({
    caller: { agent: random.pick(AGENTS), roles: random.some(ROLES) },
    target: { host: random.pick(HOSTS), segments },
    intent: { protocol, tool: makeTool(random) },
  });
}

function makeTool(random: Random): Tool {
  return random.pick<Tool>([
    { kind: "none" },
    { kind: "unknown" },
    { kind: "known", name: random.pick(TOOLS) },
    { kind: "undetermined", possible: random.some(TOOLS) },
  ]);
}
