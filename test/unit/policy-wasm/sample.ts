import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Call } from "../../../src/core/call.ts";
import type { Caller } from "../../../src/core/caller.ts";
import type { Intent, Target } from "../../../src/core/intent.ts";
import type { Currency, Micros, Money } from "../../../src/core/money.ts";
import { type Observer, SILENT } from "../../../src/core/observer.ts";
import type { PolicyInput } from "../../../src/core/policy-input.ts";
import { UNAUTHENTICATED } from "../../../src/core/proxy.ts";
import type { ApprovalRequirement, Limit, Obligation } from "../../../src/core/ruling.ts";
import type { Names, Program, ProgramRule } from "../../../src/policy/program.ts";
import { preparePolicy } from "../../../src/policy/wasm/prepare-policy.ts";

export const WASM = readFileSync(join(import.meta.dirname, "../../../policies/engine/policy.wasm"));

export const ALWAYS = [[]];
export const MASK: Obligation = { kind: "redact_header", name: "x-a", with: "mask", on: "default" };
export const TREASURY: ApprovalRequirement = {
  from: ["treasury"],
  people: [],
  count: 1,
  exclude: [],
  note: false,
  bind: null,
  expiresMs: 900_000,
  useWithinMs: 600_000,
  summary: null,
};
export const RATE: Limit = {
  id: "p/calls",
  per: ["agent"],
  bound: { kind: "rate", count: 50, periodMs: 1000, burst: 100 },
  timeZone: "UTC",
};

export function rule(part: Partial<ProgramRule> = {}): ProgramRule {
  return {
    id: "p/r",
    effect: "deny",
    shadow: false,
    guard: false,
    match: {},
    sure: null,
    maybe: null,
    code: null,
    reason: null,
    hint: null,
    obligations: [],
    sets: [],
    approval: null,
    limit: null,
    facts: [],
    ...part,
  };
}

export const deny = (part: Partial<ProgramRule> = {}) => rule({ effect: "deny", maybe: ALWAYS, ...part });
export const ask = (part: Partial<ProgramRule> = {}) => rule({ effect: "approval_needed", maybe: ALWAYS, approval: TREASURY, ...part });
export const allow = (part: Partial<ProgramRule> = {}) => rule({ effect: "allow", sure: ALWAYS, ...part });
export const add = (part: Partial<ProgramRule> = {}) => rule({ effect: "add", maybe: ALWAYS, obligations: [MASK], ...part });
export const limit = (part: Partial<ProgramRule> = {}) => rule({ effect: "limit", maybe: ALWAYS, limit: RATE, ...part });

/** All rules behind `*`, unless an index is given. */
export function program(rules: readonly ProgramRule[], index?: Program["index"]): Program {
  return {
    format: 1,
    rules,
    index: index ?? (rules.length === 0 ? {} : { "*": rules.map((_, number) => number) }),
    reads: [],
    catalogue: [],
    fields: [],
    namedHosts: [],
    groups: {},
    usage: [],
    policies: [{ name: "p", version: null }],
  };
}

export function prepare(rules: readonly ProgramRule[], observer: Observer = SILENT) {
  return preparePolicy({ program: program(rules), wasm: WASM, name: "p", revision: "1", digest: "d", observer });
}

export function names(...is: readonly string[]): Names {
  return { is: Object.fromEntries(is.map((name) => [name, true])), starts: [], ends: [] };
}

export function starting(...starts: readonly string[]): Names {
  return { is: {}, starts, ends: [] };
}

export function usd(units: number): Money {
  return { currency: "usd" as Currency, micros: (units * 1_000_000) as Micros };
}

export const CALLER: Caller = {
  tenant: "default",
  agent: "finance-1",
  subject: null,
  actors: [],
  roles: ["payments"],
  groups: [],
  scope: null,
  labels: { team: "a" },
  session: null,
  agentVersion: null,
  issuer: "https://issuer.example.com",
  tokenId: null,
  credential: "agent_token",
  issuedAt: 0,
};

export const CALL: Call = {
  method: "POST",
  scheme: "https",
  authority: "api.example.com",
  target: "/v1/payments",
  headers: new Map([["x-a", "1"]]),
  repeated: new Set(),
  body: { kind: "none" },
  protocol: "HTTP/1.1",
  principal: null,
  context: {},
  proxy: UNAUTHENTICATED,
  proxyRequestId: "1",
  traceparent: null,
};

export const TARGET: Target = {
  scheme: "https",
  host: "api.example.com",
  hostname: "api.example.com",
  port: 443,
  path: "/v1/payments",
  segments: ["v1", "payments"],
  query: [],
  text: "/v1/payments",
  rewritten: { path: false, authority: false },
  private: false,
};

export const INTENT: Intent = {
  protocol: "http",
  target: TARGET,
  tool: { kind: "none" },
  operation: { kind: "none" },
  model: { kind: "none" },
  args: {},
  bindings: {},
  amount: null,
  cost: null,
  amountExpected: false,
};

export type InputPart = {
  readonly caller?: Partial<Caller>;
  readonly call?: Partial<Call>;
  readonly target?: Partial<Target>;
  readonly intent?: Partial<Intent>;
  readonly rest?: Partial<PolicyInput>;
};

export function input({ caller, call, target, intent, rest }: InputPart = {}): PolicyInput {
  return {
    caller: { ...CALLER, ...caller },
    call: { ...CALL, ...call },
    intent: { ...INTENT, ...intent, target: { ...TARGET, ...target } },
    findings: [],
    findingsCut: false,
    nowMs: 0,
    usage: {},
    ...rest,
  };
}
