import { describe, expect, it } from "vitest";
import type { Intent } from "../../../src/core/intent.ts";
import { SILENT } from "../../../src/core/observer.ts";
import { preparePolicy } from "../../../src/policy/wasm/prepare-policy.ts";
import { ALWAYS, add, allow, ask, deny, input, limit, MASK, names, prepare, program, RATE, TREASURY, usd, WASM } from "./sample.ts";

const NOTHING = { limits: [], shadow: [], unknowns: [], factPaths: [] };
const by = (...rules: readonly string[]) => rules.map((rule) => ({ rule, code: null, reason: null, hint: null }));

describe("a prepared policy", () => {
  it("denies by no rule where nothing applies", () => {
    expect(prepare([]).decide(input())).toEqual({ kind: "deny", ...NOTHING, by: [] });
    expect(prepare([allow({ match: { agent: names("other") } })]).decide(input())).toEqual({ kind: "deny", ...NOTHING, by: [] });
  });

  it("denies by every rule that denies, with what each says", () => {
    const policy = prepare([
      allow({ id: "p/a" }),
      deny({ id: "p/d", code: "c", reason: "why", hint: "do", facts: [["amount"]] }),
      deny({ id: "p/e", facts: [["amount"], ["args", "x"]] }),
    ]);
    expect(policy.decide(input())).toEqual({
      kind: "deny",
      ...NOTHING,
      by: [{ rule: "p/d", code: "c", reason: "why", hint: "do" }, ...by("p/e")],
      factPaths: [["amount"], ["args", "x"]],
    });
  });

  it("asks for every approval that a rule needs, and redacts and limits as well", () => {
    const policy = prepare([allow(), ask({ id: "p/q" }), add({ id: "p/m" }), limit({ id: "p/l" })]);
    expect(policy.decide(input())).toEqual({
      kind: "approval_needed",
      ...NOTHING,
      by: by("p/q"),
      requirements: [TREASURY],
      obligations: [{ ...MASK, rule: "p/m" }],
      sets: [],
      limits: [RATE],
    });
  });

  it("permits by every rule that permits", () => {
    const policy = prepare([allow({ id: "p/a" }), allow({ id: "p/b", maybe: [[]], obligations: [MASK] })]);
    expect(policy.decide(input())).toEqual({
      kind: "permit",
      ...NOTHING,
      by: by("p/a", "p/b"),
      obligations: [{ ...MASK, rule: "p/b" }],
      sets: [],
    });
  });

  it("tells what rules in shadow would have decided, strictest first, and which rules something unknown made apply", () => {
    const policy = prepare([
      allow({ id: "p/a" }),
      allow({ id: "p/s1", shadow: true }),
      ask({ id: "p/s2", shadow: true, code: "c" }),
      deny({ id: "p/s3", shadow: true, maybe: [[["?eq", ["args", "x"], 1]]] }),
      add({ id: "p/s4", shadow: true }),
    ]);
    expect(policy.decide(input())).toEqual({
      kind: "permit",
      ...NOTHING,
      by: by("p/a"),
      obligations: [],
      sets: [],
      shadow: [
        { decision: "deny", rule: "p/s3", code: null },
        { decision: "approval_needed", rule: "p/s2", code: "c" },
        { decision: "allow", rule: "p/s1", code: null },
      ],
      unknowns: ["p/s3"],
    });
  });

  it("fills facts of the caller into what it says and the headers it sets", () => {
    const said = { reason: "{caller.agent} may not, nor {caller.subject}.", hint: "Ask {caller.labels.team}." };
    const denying = prepare([deny({ id: "p/d", ...said })]).decide(input());
    expect(denying.by).toEqual([{ rule: "p/d", code: null, reason: "finance-1 may not, nor -.", hint: "Ask a." }]);
    const sets = [
      { name: "x-agent", value: "agent {caller.agent}" },
      { name: "x-subject", value: "{caller.subject}" },
    ];
    const policy = prepare([allow({ id: "p/a", sets, ...said }), ask({ id: "p/q", sure: ALWAYS, sets: [{ name: "x-b", value: "1" }] })]);
    expect(policy.decide(input({ caller: { subject: "é" } }))).toMatchObject({
      kind: "approval_needed",
      sets: [
        { name: "x-agent", value: "agent finance-1" },
        { name: "x-subject", value: "%C3%A9" },
        { name: "x-b", value: "1" },
      ],
      obligations: [],
    });
  });

  it("takes a header off whose value would lack a fact", () => {
    const sets = [
      { name: "x-subject", value: "{caller.subject}" },
      { name: "x-agent", value: "{caller.agent}" },
    ];
    expect(prepare([allow({ id: "p/a", sets, obligations: [MASK], maybe: ALWAYS })]).decide(input())).toMatchObject({
      kind: "permit",
      obligations: [
        { ...MASK, rule: "p/a" },
        { kind: "remove_header", name: "x-subject", rule: "p/a" },
      ],
      sets: [{ name: "x-agent", value: "finance-1" }],
    });
  });

  it("sets no header in a call that it denies, and none where the condition is unknown", () => {
    const setting = add({ sure: [[["eq", ["args", "x"], 1]]], sets: [{ name: "x-b", value: "1" }] });
    expect(prepare([deny(), setting]).decide(input())).not.toHaveProperty("sets");
    expect(prepare([allow(), setting]).decide(input())).toMatchObject({ kind: "permit", sets: [] });
    const known = { intent: { args: { x: 1 } } };
    expect(prepare([allow(), setting]).decide(input(known))).toMatchObject({ sets: [{ name: "x-b", value: "1" }] });
  });

  it("denies by no rule what only a guardrail asks about", () => {
    const guard = ask({ id: "guardrail:g/q", guard: true });
    expect(prepare([guard]).decide(input())).toEqual({ kind: "deny", ...NOTHING, by: [] });
    expect(prepare([guard, allow()]).decide(input())).toMatchObject({ kind: "approval_needed", by: by("guardrail:g/q") });
  });

  it("tells which limits' usage its conditions read", () => {
    const reading = { ...program([limit(), deny({ maybe: [[["?ge", ["usage", RATE.id, "share"], 0.9]]] })]), usage: [RATE.id] };
    const policy = preparePolicy({ program: reading, wasm: WASM, name: "n", revision: "r", digest: "d", observer: SILENT });
    expect(policy.usage).toEqual([RATE]);
    const at = (share: number) => input({ rest: { usage: { [RATE.id]: { used: 0, remaining: 0, share } } } });
    expect(policy.decide(at(0.95))).toMatchObject({ kind: "deny", by: by("p/r"), unknowns: [] });
    expect(policy.decide(at(0.5))).toMatchObject({ kind: "deny", by: [] });
    expect(policy.decide(input())).toMatchObject({ by: by("p/r"), unknowns: ["p/r"] });
  });

  it("judges by expressions, addresses and moments", () => {
    const policy = prepare([
      allow({
        sure: [
          [
            ["matches", ["args", "id"], "^[a-z]+-[0-9]{3}$"],
            ["cidr", ["args", "ip"], "10.0.0.0/8"],
            ["time_lt", ["args", "until"], Date.parse("2026-06-21T12:00:00Z")],
          ],
        ],
      }),
    ]);
    const kindOf = (args: Intent["args"]) => policy.decide(input({ intent: { args } })).kind;
    const right = { id: "abc-123", ip: "10.1.2.3", until: "2026-06-21T11:59:59.999999999Z" };
    expect(kindOf(right)).toBe("permit");
    for (const wrong of [{ id: "abc-12" }, { id: 1 }, { ip: "11.1.2.3" }, { ip: "::ffff:10.1.2.3" }, { until: "2026-06-21T12:00:00Z" }])
      expect(kindOf({ ...right, ...wrong })).toBe("deny");
  });

  it("judges an amount by its currency", () => {
    const policy = prepare([
      allow({ sure: [[["money_le", ["amount"], usd(5000)]]] }),
      ask({ maybe: [[["?money_gt", ["amount"], usd(5000)]]] }),
    ]);
    const kindOf = (amount: ReturnType<typeof usd> | null) => policy.decide(input({ intent: { amount } })).kind;
    expect(kindOf(usd(40))).toBe("permit");
    expect(kindOf(usd(9000))).toBe("approval_needed");
    expect(kindOf(null)).toBe("approval_needed");
    expect(kindOf({ ...usd(40), currency: "eur" as ReturnType<typeof usd>["currency"] })).toBe("approval_needed");
  });

  it("carries what the bundle says beside its rules", () => {
    const source = { program: { ...program([]), namedHosts: ["db.internal"] }, wasm: WASM, name: "n", revision: "r", digest: "d" };
    const policy = preparePolicy({ ...source, observer: SILENT });
    expect({ ...policy, decide: null, explain: null, groupsOf: null }).toEqual({
      name: "n",
      revision: "r",
      digest: "d",
      catalogue: [],
      reads: [],
      namedHosts: new Set(["db.internal"]),
      usage: [],
      groupsOf: null,
      explain: null,
      decide: null,
    });
  });

  it("is refused with the reason where its program has a gap", () => {
    expect(() => prepare([deny({ id: "p/d", maybe: null })])).toThrow("rule p/d: it restricts or adds, and has no condition");
  });

  it("answers further calls from a fresh instance after one that the engine could not take", () => {
    const faults: string[] = [];
    const observer = {
      ...SILENT,
      faulted: (dependency: string, action: string, why: string) => faults.push(`${dependency} ${action} ${why}`),
    };
    const policy = prepare([allow(), deny({ maybe: [[["has", ["http", "headers", "x-a"], null]]] })], { ...observer });
    // A host name never carries a lone surrogate; one that did must not be judged as something else.
    expect(() => policy.decide(input({ target: { host: "\ud800" } }))).toThrow("illegal");
    expect(faults).toEqual(["policy engine_replaced threw"]);
    expect(policy.decide(input()).kind).toBe("deny");
    expect(policy.decide(input({ call: { headers: new Map() } })).kind).toBe("permit");
  });
});
