import { describe, expect, it } from "vitest";
import { bareCaller, type Caller } from "../../../src/core/caller.ts";
import type { Intent } from "../../../src/core/intent.ts";
import { parseCurrency, parseMicros } from "../../../src/core/money.ts";
import type { Limit, LimitDimension } from "../../../src/core/ruling.ts";
import { entriesOf, looksOf } from "../../../src/limits/entries-of.ts";
import type { ChargedCall } from "../../../src/limits/keys-of.ts";
import { createUnderstanding } from "../../../src/understanding/create-understanding.ts";
import { makeCall } from "../understanding/make-call.ts";

const NOW = Date.parse("2026-11-25T12:00:00Z");
const CALLER: Caller = {
  ...bareCaller({ tenant: "default", agent: "a-1", credential: "agent_token", issuedAt: 0 }),
  labels: { team: "x" },
};

function aCall(rest: Partial<ChargedCall> = {}, intent: Partial<Intent> = {}): ChargedCall {
  const understood = createUnderstanding({ catalogue: [], reads: [], namedHosts: new Set() })(makeCall());
  if (understood.kind === "refused") throw new Error(understood.detail);
  return { caller: CALLER, groups: [], intent: { ...understood.intent, ...intent }, shadow: false, nowMs: NOW, ...rest };
}

const rate = (...per: readonly LimitDimension[]): Limit => ({
  id: "p/calls",
  per,
  bound: { kind: "rate", count: 2, periodMs: 1000, burst: 2 },
  timeZone: "UTC",
});

function money(main: number) {
  const [micros, currency] = [parseMicros(main * 1_000_000), parseCurrency("usd")];
  if (micros === null || currency === null) throw new Error("no money");
  return { micros, currency };
}

const SPEND: Limit = { id: "p/spend", per: ["agent"], bound: { kind: "budget", ...money(25), period: "day", of: "cost" }, timeZone: "UTC" };

function keysFor(limit: Limit, call: ChargedCall): readonly string[] {
  const found = entriesOf([limit], call);
  if (found.kind !== "entries") throw new Error(found.code);
  return found.entries.map(({ key }) => key);
}

describe("the keys of a limit", () => {
  it.each<[LimitDimension, ChargedCall, ChargedCall]>([
    ["tenant", aCall(), aCall({ caller: { ...CALLER, tenant: "other" } })],
    ["agent", aCall(), aCall({ caller: { ...CALLER, agent: "a-2" } })],
    ["subject", aCall(), aCall({ caller: { ...CALLER, subject: "ana" } })],
    ["session", aCall(), aCall({ caller: { ...CALLER, session: "s" } })],
    ["group", aCall(), aCall({ groups: ["finance"] })],
    ["tool", aCall(), aCall({}, { tool: { kind: "known", name: "t.a" } })],
    ["model", aCall(), aCall({}, { model: { kind: "known", name: "gpt-5" } })],
    ["model", aCall(), aCall({}, { model: { kind: "undetermined" } })],
    ["labels.team", aCall(), aCall({ caller: { ...CALLER, labels: { team: "y" } } })],
  ])("keep apart what differs in its %s", (dimension, one, other) => {
    expect(keysFor(rate(dimension), one)).not.toEqual(keysFor(rate(dimension), other));
    expect(keysFor(rate(dimension), one)).toEqual(keysFor(rate(dimension), one));
  });

  it("are one for each group of the caller, each once", () => {
    const keys = keysFor(rate("group"), aCall({ groups: ["finance", "treasury", "finance"] }));
    expect(keys).toHaveLength(2);
    expect([...keysFor(rate("group"), aCall({ groups: ["finance"] })), ...keysFor(rate("group"), aCall({ groups: ["treasury"] }))]).toEqual(
      keys,
    );
  });

  it("are shared by all agents of a group, and by all callers of none", () => {
    const other = { caller: { ...CALLER, agent: "a-2" } };
    expect(keysFor(rate("group"), aCall({ ...other, groups: ["finance"] }))).toEqual(
      keysFor(rate("group"), aCall({ groups: ["finance"] })),
    );
    expect(keysFor(rate("group"), aCall(other))).toEqual(keysFor(rate("group"), aCall()));
    expect(keysFor(rate("group"), aCall())).toHaveLength(1);
  });

  it("keep agents apart inside a group where the limit says so", () => {
    const call = aCall({ groups: ["finance"] });
    expect(keysFor(rate("group", "agent"), call)).not.toEqual(
      keysFor(rate("group", "agent"), { ...call, caller: { ...CALLER, agent: "a-2" } }),
    );
  });

  it("are no longer for a longer model", () => {
    const longer = aCall({}, { model: { kind: "known", name: `${"m".repeat(128)}x` } });
    expect(keysFor(rate("model"), longer)).toEqual(keysFor(rate("model"), aCall({}, { model: { kind: "known", name: "m".repeat(128) } })));
  });

  it("are a copy in shadow", () => {
    expect(keysFor(rate("group"), aCall({ shadow: true }))).not.toEqual(keysFor(rate("group"), aCall()));
  });
});

describe("what is charged", () => {
  it("is nothing where one of the limits cannot be judged", () => {
    expect(entriesOf([rate("agent"), SPEND], aCall())).toEqual({ kind: "unchargeable", limit: "p/spend", code: "price_unknown" });
  });

  it("is the whole cost in each group", () => {
    const found = entriesOf([{ ...SPEND, per: ["group"] }], aCall({ groups: ["a", "b"] }, { cost: money(2) }));
    expect(found).toMatchObject({ kind: "entries", entries: [{ micros: 2_000_000 }, { micros: 2_000_000 }] });
  });
});

describe("where usage is looked for", () => {
  it("is where a charge goes, without one", () => {
    const call = aCall({ groups: ["a", "b"] }, { cost: money(2) });
    const charged = entriesOf([rate("group"), SPEND], call);
    const entries = charged.kind === "entries" ? charged.entries : [];
    expect(looksOf([rate("group"), SPEND], call).map(({ key }) => key)).toEqual(entries.map(({ key }) => key));
  });

  it("is told also for a call whose own price is unknown", () => {
    expect(looksOf([SPEND], aCall())).toMatchObject([{ kind: "budget", limit: "p/spend", capMicros: 25_000_000 }]);
  });

  it.each<[LimitDimension, Partial<Intent>]>([
    ["tool", { tool: { kind: "undetermined", possible: ["t.a"] } }],
    ["model", { model: { kind: "undetermined" } }],
  ])("is nowhere where the call hides its %s", (dimension, intent) => {
    expect(looksOf([rate(dimension), rate("agent")], aCall({}, intent))).toHaveLength(1);
  });
});
