import type { Tool } from "../../../src/core/intent.ts";
import type { PolicyInput } from "../../../src/core/policy-input.ts";
import { input, usd } from "../policy-wasm/sample.ts";
import type { Random } from "./random.ts";
import { makeFinding, pair } from "./random-policy-input.ts";

const EXAMPLES = {
  payments: { hosts: ["api.stripe.com"], agents: ["finance-1", "finance-2"] },
  health: { hosts: ["ehr.clinic.internal", "health.example.com"], agents: ["clinic-1", "clinic-export"] },
} as const;
const HOSTS = ["api.stripe.com", "ehr.clinic.internal", "elsewhere.example.net"];
const AGENTS = ["finance-1", "clinic-1", "support-1"];
const PATHS = [["patients", "17"], ["patients", "17", "notes"], ["patients", "17", "notes", "3"], ["appointments"], ["v1", "balance"], []];
const TOOLS = ["stripe.create_payment", "stripe.create_payment", "stripe.create_payout", "stripe.read_balance"];

/** A call that the example policy has something to say about, or nearly. */
export function makeExampleInput(random: Random, example: keyof typeof EXAMPLES): PolicyInput {
  const { hosts, agents } = EXAMPLES[example];
  const host = random.pick<string>(random.chance(0.8) ? hosts : HOSTS);
  const protocol = random.chance(0.85) ? "http" : random.pick(["tunnel", "upgrade", "stream"] as const);
  const isTunnel = protocol === "tunnel";
  const segments = isTunnel ? [] : random.pick(PATHS);
  const query = isTunnel ? [] : random.list(2, () => pair(random.pick(["export", "debug"]), "1"));
  const headers = new Map(random.chance(0.7) ? [["x-purpose", random.pick(["treatment", "billing"])]] : []);
  return input({
    caller: {
      agent: random.pick<string>(random.chance(0.8) ? agents : AGENTS),
      roles: random.list(2, () => random.pick(["scheduler", "reader"])),
      actors: random.list(2, () => random.pick(["planner-7", "broker-1", "planner"])),
    },
    call: {
      method: random.pick(["GET", "POST", "HEAD", "DELETE"]),
      headers,
      repeated: new Set(random.chance(0.1) ? headers.keys() : []),
    },
    target: { host, hostname: host, segments, query },
    intent: {
      protocol,
      tool: makeTool(random, host, protocol),
      amount: random.pick([
        null,
        usd(40),
        usd(5000),
        usd(5000.01),
        usd(9000),
        { ...usd(40), currency: "eur" as ReturnType<typeof usd>["currency"] },
      ]),
    },
    rest: { findings: random.list(2, () => makeFinding(random)), findingsCut: random.chance(0.1) },
  });
}

function makeTool(random: Random, host: string, protocol: string): Tool {
  if (host !== "api.stripe.com") return { kind: "none" };
  if (protocol !== "http") return { kind: "undetermined", possible: TOOLS.slice(1) };
  return random.chance(0.2) ? { kind: "unknown" } : { kind: "known", name: random.pick(TOOLS) };
}
