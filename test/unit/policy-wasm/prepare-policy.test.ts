import { describe, expect, it } from "vitest";
import { SILENT } from "../../../src/core/observer.ts";
import { preparePolicy } from "../../../src/policy/wasm/prepare-policy.ts";
import { add, allow, ask, deny, input, limit, MASK, names, prepare, program, RATE, TREASURY, usd, WASM } from "./sample.ts";

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
      obligations: [MASK],
      sets: [],
      limits: [RATE],
    });
  });

  it("permits by every rule that permits", () => {
    const policy = prepare([allow({ id: "p/a" }), allow({ id: "p/b", maybe: [[]], obligations: [MASK] })]);
    expect(policy.decide(input())).toEqual({ kind: "permit", ...NOTHING, by: by("p/a", "p/b"), obligations: [MASK], sets: [] });
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
    expect({ ...policy, decide: null, groupsOf: null }).toEqual({
      name: "n",
      revision: "r",
      digest: "d",
      catalogue: [],
      reads: [],
      namedHosts: new Set(["db.internal"]),
      usage: [],
      groupsOf: null,
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
