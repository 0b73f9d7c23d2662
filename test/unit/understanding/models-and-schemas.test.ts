import { describe, expect, it } from "vitest";
import type { CatalogueEntry, CostSource } from "../../../src/core/catalogue.ts";
import type { Json } from "../../../src/core/intent.ts";
import type { Micros } from "../../../src/core/money.ts";
import { parseCurrency } from "../../../src/core/money.ts";
import { ARGUMENT_VALUES_MAX } from "../../../src/understanding/bound-arguments.ts";
import { createUnderstanding } from "../../../src/understanding/create-understanding.ts";
import { entry, keyed, policy } from "./catalogue.ts";
import { type CallText, FORM_TYPE, JSON_TYPE, makeCall } from "./make-call.ts";

const argument = (name: string, record = false) => ({ name, from: { kind: "json", path: [name] }, type: "any", record }) as const;
const usd = (micros: number) => ({ currency: parseCurrency("usd") ?? never(), micros: micros as Micros });
function never(): never {
  throw new Error("usd is a currency");
}

const PRICES: CostSource = {
  kind: "by_model",
  prices: [
    { model: "gpt-5*", money: usd(50_000) },
    { model: "gpt-5-mini", money: usd(10_000) },
    { model: "gpt-5-mini*", money: usd(20_000) },
  ],
};

const CHAT = entry("llm.chat", {
  at: "/chat",
  host: "llm.example",
  body: "json",
  args: [argument("model"), argument("n")],
  model: "model",
  cost: PRICES,
});
const FREE = entry("llm.list", { at: "/models", method: "GET", host: "llm.example", cost: { kind: "fixed", money: usd(300_000) } });
const OTHER = entry("crm.read", { at: "/people", method: "GET", host: "crm.example" });

const understand = createUnderstanding(policy({ catalogue: [CHAT, FREE, OTHER] }));

function intentOf(call: CallText, by = understand) {
  const found = by(makeCall(call));
  if (found.kind !== "understood") throw new Error(JSON.stringify(found));
  return found.intent;
}

const chat = (body: Json): CallText => ({
  method: "POST",
  authority: "llm.example",
  target: "/chat",
  headers: JSON_TYPE,
  body: JSON.stringify(body),
});

describe("the model of a call", () => {
  it.each(["gpt-5", "anthropic.claude-3:0", "accounts/x/models/y@1", "@cf/meta/llama", "*", "x".repeat(128)])("is known: %s", (name) => {
    expect(intentOf(chat({ model: name })).model).toEqual({ kind: "known", name });
  });

  it.each([
    ["absent", {}],
    ["null", { model: null }],
    ["a number", { model: 5 }],
    ["a list", { model: ["gpt-5"] }],
    ["empty", { model: "" }],
    ["too long", { model: "x".repeat(129) }],
    ["with a space behind it", { model: "gpt-5 " }],
    ["with a line in it", { model: "gpt-5\nx" }],
    ["with a character of no width", { model: "gpt\u200b-5" }],
    ["in letters that look alike", { model: "gрt-5" }],
  ])("is undetermined where it is %s", (_, body) => {
    expect(intentOf(chat(body)).model).toEqual({ kind: "undetermined" });
  });

  it.each([
    ["a tunnel", { method: "CONNECT", authority: "llm.example:443", target: "" }],
    ["a tunnel to a host of no catalogue", { method: "CONNECT", authority: "other.example:443", target: "" }],
    ["an upgrade", { authority: "llm.example", target: "/models", headers: { upgrade: "websocket" } }],
    ["a stream", { method: "POST", authority: "llm.example", target: "/models", headers: { "content-type": "application/grpc" } }],
  ])("and the operation are undetermined in %s", (_, call) => {
    expect(intentOf(call)).toMatchObject({ model: { kind: "undetermined" }, operation: { kind: "undetermined" }, cost: null });
  });

  it("is undetermined in an unknown tool of a host that has models", () => {
    expect(intentOf({ authority: "llm.example", target: "/else" })).toMatchObject({
      tool: { kind: "unknown" },
      model: { kind: "undetermined" },
      operation: { kind: "none" },
      cost: null,
    });
  });

  it.each([
    ["a known tool that names none", { authority: "llm.example", target: "/models" }],
    ["an unknown tool of a host that has no models", { authority: "crm.example", target: "/else" }],
    ["a host of no catalogue", { authority: "other.example", target: "/" }],
  ])("is none in %s", (_, call) => {
    expect(intentOf(call)).toMatchObject({ model: { kind: "none" }, operation: { kind: "none" } });
  });
});

describe("the cost of a call", () => {
  it.each([
    ["gpt-5", 50_000],
    ["gpt-5-mini", 10_000],
    ["gpt-5-mini-2026", 20_000],
    ["gpt-5o", 50_000],
    ["gpt-4", null],
    ["GPT-5", null],
    ["gpt-", null],
    ["", null],
  ])("of the model %j is %j", (model, micros) => {
    expect(intentOf(chat({ model })).cost?.micros ?? null).toBe(micros);
  });

  it("is fixed where the catalogue says so", () => {
    expect(intentOf({ authority: "llm.example", target: "/models" }).cost).toEqual(usd(300_000));
  });

  it("of any other model may have a price of its own", () => {
    const cost: CostSource = { kind: "by_model", prices: [...PRICES.prices, { model: "*", money: usd(1) }] };
    const by = createUnderstanding(policy({ catalogue: [{ ...CHAT, cost }] }));
    expect(intentOf(chat({ model: "else" }), by).cost).toEqual(usd(1));
    expect(intentOf(chat({ model: "gpt-5-mini" }), by).cost).toEqual(usd(10_000));
    expect(intentOf(chat({}), by).cost).toBeNull();
  });
});

const pay = (schema: Json, args: CatalogueEntry["args"]) =>
  createUnderstanding(policy({ catalogue: [entry("pay.json", { at: "/pay", host: "pay.example", body: "json", args, schema })] }));
const paid = (body: Json | string): CallText => ({
  method: "POST",
  authority: "pay.example",
  target: "/pay",
  headers: JSON_TYPE,
  body: typeof body === "string" ? body : JSON.stringify(body),
});

describe("arguments and their schema", () => {
  const SCHEMA = {
    type: "object",
    required: ["to"],
    additionalProperties: false,
    properties: {
      to: { type: "string", pattern: "^acct_[a-z]+$" },
      amount: { $ref: "#/$defs/amount" },
      meta: { type: "object", required: ["constructor"], properties: { toString: { type: "integer" } } },
      unset: { type: "string", default: "x" },
    },
    $defs: { amount: { type: "integer", minimum: 1, maximum: 1000 } },
  };
  const by = pay(
    SCHEMA,
    ["to", "amount", "meta", "unset"].map((name) => argument(name)),
  );

  it.each([
    [{ to: "acct_a" }, {}],
    [{ to: "acct_a", amount: 1000 }, { amount: 1000 }],
    [{ to: "acct_a", amount: 1.0 }, { amount: 1 }],
    [{ to: "acct_a", meta: { constructor: 1 } }, { meta: { constructor: 1 } }],
    [{ to: "acct_a", stranger: 1 }, {}],
  ])("go together, and nothing is filled in or converted: %j", (body, more) => {
    expect(intentOf(paid(body), by).args).toEqual({ to: "acct_a", ...more });
  });

  it.each([
    ["required", {}, "#/required"],
    ["required, though null", { to: null }, "#/properties/to/type"],
    ["pattern", { to: "acct_A" }, "#/properties/to/pattern"],
    ["a line behind what the pattern ends with", { to: "acct_a\n" }, "#/properties/to/pattern"],
    ["minimum", { to: "acct_a", amount: 0 }, "#/$defs/amount/minimum"],
    ["maximum", { to: "acct_a", amount: 1001 }, "#/$defs/amount/maximum"],
    ["a text of digits", { to: "acct_a", amount: "5" }, "#/$defs/amount/type"],
    ["a fraction", { to: "acct_a", amount: 1.5 }, "#/$defs/amount/type"],
    ["a number with an exponent", '{"to":"acct_a","amount":1e2}', "#/$defs/amount/type"],
    ["a number that no double holds", '{"to":"acct_a","amount":12345678901234567890}', "#/$defs/amount/type"],
    ["a member that every object inherits", { to: "acct_a", meta: {} }, "#/properties/meta/required"],
    ["null for a text", { to: "acct_a", unset: null }, "#/properties/unset/type"],
  ])("are refused without a word of the call: %s", (_, body, place) => {
    expect(by(makeCall(paid(body)))).toEqual({
      kind: "refused",
      code: "args_invalid",
      detail: `the schema of pay.json refuses the arguments at ${place}`,
    });
  });

  it("are refused before they are cut, and after they were found twice", () => {
    expect(by(makeCall(paid('{"to":"acct_a","to":"acct_b"}')))).toMatchObject({
      code: "args_invalid",
      detail: "a JSON key twice in one object",
    });
    const list = pay({ properties: { meta: { maxItems: 5 } } }, [argument("meta")]);
    expect(list(makeCall(paid({ meta: new Array(20_000).fill(1) })))).toMatchObject({ detail: expect.stringMatching(/maxItems$/) });
  });

  it("of a form are compared as they were converted", () => {
    const args = [keyed("amount", "form", "amount", "integer"), keyed("to", "form")];
    const schema = { properties: { amount: { type: "integer" }, to: { type: "string" } } };
    const form = createUnderstanding(policy({ catalogue: [entry("f", { at: "/pay", host: "pay.example", body: "form", args, schema })] }));
    const send = (body: string) => form(makeCall({ ...paid({}), headers: FORM_TYPE, body }));
    expect(send("amount=5&to=7")).toMatchObject({ kind: "understood", intent: { args: { amount: 5, to: "7" } } });
    expect(send("amount=x&to=7")).toMatchObject({ kind: "refused", code: "args_invalid" });
  });

  it("are compared even where there are none", () => {
    const bare = createUnderstanding(
      policy({ catalogue: [entry("t", { at: "/pay", host: "pay.example", method: "GET", schema: { required: ["x"] } })] }),
    );
    expect(bare(makeCall({ authority: "pay.example", target: "/pay" }))).toMatchObject({ kind: "refused", code: "args_invalid" });
  });

  it("end what a pattern would take for ever", () => {
    const slow = pay({ properties: { to: { pattern: "^(a+)+$" } } }, [argument("to")]);
    expect(slow(makeCall(paid({ to: `${"a".repeat(5000)}!` })))).toMatchObject({ kind: "refused", code: "args_invalid" });
  });

  it("are refused as a policy that has no schema there", () => {
    expect(() => pay({ type: "strin" }, [])).toThrow();
    expect(() => pay({ $ref: "https://example.com/x.json" }, [])).toThrow("can't resolve");
    expect(() => pay(true, [])).toThrow("object");
  });
});

describe("an argument with very many values", () => {
  const by = pay(null, [argument("list"), argument("to", true)]);

  it.each([
    ["flat", new Array(ARGUMENT_VALUES_MAX).fill(1), new Array(ARGUMENT_VALUES_MAX + 1).fill(1)],
    ["nested", [new Array(ARGUMENT_VALUES_MAX - 1).fill(1)], [new Array(ARGUMENT_VALUES_MAX).fill(1)]],
  ])("is there and unknown: %s", (_, most, more) => {
    expect(intentOf(paid({ list: most, to: "a" }), by).args).toEqual({ list: most, to: "a" });
    expect(intentOf(paid({ list: more, to: "a" }), by).args).toEqual({ list: null, to: "a" });
  });

  it("is recorded by its name alone", () => {
    expect(by(makeCall(paid({ to: "a" })))).toMatchObject({ recorded: ["to"] });
    expect(understand(makeCall({ authority: "other.example" }))).toMatchObject({ recorded: [] });
  });
});

describe("a body longer than is parsed here", () => {
  const scanned = createUnderstanding(policy({ catalogue: [CHAT], reads: [{ host: "scan.example", body: true, detectors: ["pii.ssn"] }] }));
  const body = `{"model":"${"x".repeat(90)}"}`;

  it("is left where somebody reads it", () => {
    expect(body).toHaveLength(102);
    expect(scanned(makeCall({ ...chat({}), body }), 101)).toEqual({ kind: "too_long" });
    expect(scanned(makeCall({ ...chat({}), body }), 102)).toMatchObject({ kind: "understood" });
    expect(scanned(makeCall({ method: "POST", authority: "scan.example", body }), 101)).toEqual({ kind: "too_long" });
  });

  it("is passed by where nobody does, and refused where it was not seen whole", () => {
    expect(scanned(makeCall({ method: "POST", authority: "other.example", body }), 101)).toMatchObject({ kind: "understood" });
    expect(scanned(makeCall({ ...chat({}), body: { kind: "partial", bytes: Buffer.from(body) } }), 101)).toMatchObject({
      code: "body_partial",
    });
    expect(scanned(makeCall({ ...chat({}), body, target: "/chat/" }), 101)).toMatchObject({ code: "path_ambiguous" });
  });
});
