import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SILENT } from "../../../src/core/observer.ts";
import type { Ruling } from "../../../src/core/ruling.ts";
import { caseToCall } from "../../../src/policy/compile/case-to-call.ts";
import { compilePolicies } from "../../../src/policy/compile/compile-policies.ts";
import { digestProgram } from "../../../src/policy/digest-policy.ts";
import { preparePolicy } from "../../../src/policy/wasm/prepare-policy.ts";
import { createUnderstanding } from "../../../src/understanding/create-understanding.ts";
import {
  ANY_RULE,
  CALL,
  GUARD_RULE,
  PLAIN_RULE,
  policyOf,
  type RandomCall,
  type RandomRule,
  RESTRICTING_RULE,
  TOOLS,
} from "./random-policy.ts";

const WASM = readFileSync(join(import.meta.dirname, "../../../policies/engine/policy.wasm"));
const RUNS = { numRuns: 60 * Number(process.env["SOAK_FACTOR"] ?? 1) };

/** Permits whatever may be permitted. */
const OPEN =
  "policy: open\nrules:\n  - { id: a, match: { protocols: [http, tunnel, upgrade, stream], tools: ['*', unknown] }, then: allow }\n  - { id: b, match: { protocols: [http, tunnel, upgrade, stream] }, then: allow }\n";

type Texts = readonly string[];

/** Decides calls by these files on the engine that serves; null where they do not compile. */
function open(files: Texts, guardrails: Texts = []): ((call: RandomCall) => Ruling | null) | null {
  const named = (texts: Texts, prefix: string) => texts.map((text, at) => ({ name: `${prefix}${at}.yaml`, text }));
  const compiled = compilePolicies(named(files, ""), { guardrails: named(guardrails, "g") });
  if (compiled.kind === "invalid") return null;
  const policy = preparePolicy({ program: compiled.program, wasm: WASM, name: "p", revision: "1", digest: "d", observer: SILENT });
  const understand = createUnderstanding(policy);
  return function decide(random) {
    const { call, caller } = sent(random);
    const understood = understand(call);
    if (understood.kind === "refused") return null;
    return policy.decide({ call, caller, intent: understood.intent, findings: [], findingsCut: false, nowMs: 0, usage: {} });
  };
}

function sent({ agent, subject, roles, groups, labels, ...call }: RandomCall) {
  const { method, json, host, ...rest } = call;
  const hasBody = method === "POST";
  return caseToCall(
    {
      name: "x",
      file: "",
      line: 1,
      caller: { agent, subject, roles, groups, labels, tenant: "t", actors: [], scope: null, session: null, agentVersion: null },
      call: {
        ...rest,
        kind: "http",
        method,
        scheme: "https",
        host: method === "CONNECT" ? `${host}:443` : host,
        path: method === "CONNECT" ? "" : rest.path,
        query: method === "CONNECT" ? {} : rest.query,
        body: hasBody ? { kind: "json", value: JSON.parse(JSON.stringify(json)) } : { kind: "none" },
      },
      usage: {},
      nowMs: null,
      findings: null,
      context: {},
      expect: {
        decision: "deny",
        rule: null,
        code: null,
        class: null,
        tool: null,
        model: null,
        redactions: null,
        limits: null,
        shadow: null,
        set: null,
        removed: null,
      },
    },
    [],
  );
}

const STRICTNESS = { permit: 0, approval_needed: 1, deny: 2 } as const;

function isAsStrict(after: Ruling, before: Ruling): boolean {
  if (STRICTNESS[after.kind] !== STRICTNESS[before.kind]) return STRICTNESS[after.kind] > STRICTNESS[before.kind];
  if (after.kind === "deny" || before.kind === "deny") return true;
  return isWithin(before.obligations, after.obligations) && isWithin(before.limits, after.limits);
}

function isWithin(some: readonly unknown[], all: readonly unknown[]): boolean {
  const texts = new Set(all.map((one) => JSON.stringify(one)));
  return some.every((one) => texts.has(JSON.stringify(one)));
}

const rules = (rule: fc.Arbitrary<RandomRule>) => fc.array(rule, { minLength: 1, maxLength: 6 });
const calls = fc.array(CALL, { minLength: 20, maxLength: 20 });
const opened = <T>(decide: T | null): T => {
  if (decide === null) throw new Error("the random policy does not compile");
  return decide;
};

describe("a policy", () => {
  it("never widens by a rule that restricts, redacts or limits, in it, beside it or as a guardrail", () => {
    let met = 0;
    const added = fc.oneof(fc.tuple(RESTRICTING_RULE, fc.constantFrom("in", "beside")), fc.tuple(GUARD_RULE, fc.constant("guard")));
    fc.assert(
      fc.property(rules(ANY_RULE), added, fc.boolean(), calls, (some, [rule, where], isOpen, all) => {
        const extra = { ...rule, id: "extra" };
        const own = [policyOf("p", where === "in" ? [...some, extra] : some), ...(isOpen ? [OPEN] : [])];
        const before = opened(open([TOOLS, policyOf("p", some), ...own.slice(1)]));
        const beside = where === "beside" ? [policyOf("q", [extra])] : [];
        const after = where === "guard" ? open(own, [TOOLS, policyOf("g", [extra])]) : open([TOOLS, ...own, ...beside]);
        for (const call of all) {
          const [was, is] = [before(call), opened(after)(call)];
          if (was === null || is === null) continue;
          expect(isAsStrict(is, was), JSON.stringify([call, was.kind, is.kind])).toBe(true);
          if (was.kind !== is.kind) met++;
        }
      }),
      RUNS,
    );
    expect(met).toBeGreaterThan(20);
  });

  it("never permits, for want of a fact, what it denied or asked for", () => {
    const drop = fc.constantFrom("subject", "labels", "query", "headers", "json");
    let met = 0;
    fc.assert(
      fc.property(rules(PLAIN_RULE), calls, drop, fc.nat(3), (some, all, what, which) => {
        const decide = opened(open([TOOLS, policyOf("p", some)]));
        for (const call of all) {
          const [was, is] = [decide(call), decide(without(call, what, which))];
          if (was === null || is === null || was.kind === "permit") continue;
          expect(is.kind, JSON.stringify([call, what, which])).not.toBe("permit");
          met++;
        }
      }),
      RUNS,
    );
    expect(met).toBeGreaterThan(100);
  });

  it("is the same program whatever its files are called, and in whatever order they and their rules stand", () => {
    const digestOf = (files: readonly { readonly name: string; readonly text: string }[]) => {
      const compiled = compilePolicies(files);
      return compiled.kind === "compiled" ? digestProgram(compiled.program) : compiled.problems;
    };
    const shuffled = fc.array(ANY_RULE, { minLength: 2, maxLength: 6 }).chain((some) => {
      const named = some.map((rule, at) => ({ ...rule, id: `r${at}` }));
      return fc.tuple(
        fc.constant(named),
        fc.shuffledSubarray(named, { minLength: named.length }),
        fc.shuffledSubarray([0, 1, 2], { minLength: 3 }),
      );
    });
    fc.assert(
      fc.property(shuffled, rules(ANY_RULE), ([some, others, order], more) => {
        const files = (own: readonly RandomRule[]) => [TOOLS, policyOf("p", own), policyOf("q", more)];
        const straight = files(some).map((text, at) => ({ name: `${at}.yaml`, text }));
        const turned = order.flatMap((at) => files(others)[at] ?? []).map((text, at) => ({ name: `z${9 - at}.yml`, text }));
        expect(digestOf(turned)).toEqual(digestOf(straight));
      }),
      RUNS,
    );
  });
});

describe("guardrails", () => {
  const STEALING = [
    "tools:\n  tenant.any: { http: { method: GET, host: pay.example, path: '/**' }, args: { to: { from: header.x-b } } }\n",
    "tools:\n  tenant.item: { http: { method: GET, host: pay.example, path: /v1/items/7 } }\n",
    "tools:\n  tenant.pay: { http: { method: POST, host: pay.example, path: /v2, body: json }, args: { sum: { from: json.to }, to: { from: json.sum } } }\n",
    "tools:\n  tenant.other: { http: { method: POST, host: other.example, path: '/**', body: json }, args: { sum: { from: json.to } }, cost: 0 usd }\n",
    "groups:\n  treasury: { agents: [a-1], people: [eve] }\n  audit: { agents: [b-1, c] }\n",
  ];

  it("cannot be loosened by anything that a tenant's files hold", () => {
    let met = 0;
    fc.assert(
      fc.property(rules(GUARD_RULE), rules(ANY_RULE), fc.subarray(STEALING), fc.boolean(), calls, (guards, some, stealing, isOpen, all) => {
        const guardrails = [TOOLS, policyOf("g", guards)];
        const floor = opened(open([OPEN], guardrails));
        const own = [policyOf("p", some), ...(isOpen ? [OPEN] : [])];
        // What the compiler refuses beside the guardrails loosens nothing.
        const taken = stealing.filter((file) => open([...own, file], guardrails) !== null);
        const decide = open([...own, ...taken], guardrails);
        for (const call of all) {
          const [least, is] = [floor(call), opened(decide)(call)];
          if (least === null || is === null) continue;
          expect(isAsStrict(is, least), JSON.stringify([call, least.kind, is.kind])).toBe(true);
          if (least.kind !== "permit") met++;
        }
      }),
      RUNS,
    );
    expect(met).toBeGreaterThan(100);
  });
});

/** The same call without one fact; at `labels`, `query`, `headers` and `json` the one of that place, if there is one. */
function without(call: RandomCall, what: "subject" | "labels" | "query" | "headers" | "json", which: number): RandomCall {
  if (what === "subject") return { ...call, subject: null };
  return { ...call, [what]: Object.fromEntries(Object.entries(call[what]).filter((_, at) => at !== which)) };
}
