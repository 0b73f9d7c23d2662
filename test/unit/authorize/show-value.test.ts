import { describe, expect, it } from "vitest";
import { showValue } from "../../../src/authorize/show-value.ts";
import type { Json } from "../../../src/core/intent.ts";

const MONEY = { currency: "usd", micros: 5_000_000 };
const show = (path: readonly string[], value: Json, recorded: readonly string[] = []) =>
  showValue(path, value, { recorded, pseudonyms: { hmacHex: (text) => `<${text}>` } });

describe("a value of a call, as it is shown", () => {
  it.each<[readonly string[], Json, Json]>([
    [["args", "to"], "acct_1", "hmac:<acct_1>"],
    [["args", "to"], "", "hmac:<>"],
    [["args", "list"], ["a", "b"], 'hmac:<["a","b"]>'],
    [["args", "map"], { a: "b" }, 'hmac:<{"a":"b"}>'],
    // It only looks like money: an agent can put any text there.
    [["args", "sum"], { currency: "a secret", micros: 1 }, 'hmac:<{"currency":"a secret","micros":1}>'],
    [["http", "headers", "authorization"], "Bearer x", "hmac:<Bearer x>"],
    [["http", "headers"], { authorization: "Bearer x" }, 'hmac:<{"authorization":"Bearer x"}>'],
    [["http", "query", "q"], "x", "hmac:<x>"],
    [["http", "path"], "/v1", "hmac:</v1>"],
    [["http", "segments"], ["v1"], 'hmac:<["v1"]>'],
    [["segment", "0"], "v1", "hmac:<v1>"],
    [["path", "id"], "b1", "hmac:<b1>"],
    [["caller", "labels", "team"], "red", "hmac:<red>"],
    [["envoy", "context", "a"], "b", "hmac:<b>"],
    [["timeless"], "x", "hmac:<x>"],
  ])("is hidden at %j", (path, value, shown) => {
    expect(show(path, value)).toEqual(shown);
  });

  it.each<[readonly string[], Json]>([
    [["args", "n"], 7],
    [["args", "on"], false],
    [["args", "none"], null],
    [["amount"], MONEY],
    [["cost"], MONEY],
    [["tool"], "t.one"],
    [["protocol"], "http"],
    [["operation"], "x"],
    [["model"], "gpt-5"],
    [["http", "method"], "POST"],
    [["http", "scheme"], "https"],
    [["http", "host"], "api.example.com"],
    [["http", "port"], 443],
    [["caller", "agent"], "finance-1"],
    [["caller", "tenant"], "default"],
    [["time", "Europe/Berlin", "weekday"], "fri"],
    [["time", "Europe/Berlin", "date"], "2026-12-24"],
    [["usage", "p/rate", "share"], 0.5],
    [["findings"], [{ kind: "pii.ssn", where: "query:q", confidence: 1 }]],
  ])("is in clear at %j", (path, value) => {
    expect(show(path, value)).toEqual(value);
  });

  it("is in clear where the catalogue records the argument, unless it is long", () => {
    expect(show(["args", "to"], "acct_1", ["to"])).toBe("acct_1");
    expect(show(["args", "to", "id"], "acct_1", ["to"])).toBe("acct_1");
    expect(show(["args", "to"], "x".repeat(1024), ["to"])).toBe("x".repeat(1024));
    expect(show(["args", "to"], "x".repeat(1025), ["to"])).toMatch(/^hmac:/);
    expect(show(["args", "to"], ["x".repeat(1024)], ["to"])).toMatch(/^hmac:/);
    expect(show(["path", "to"], "acct_1", ["to"])).toBe("hmac:<acct_1>");
    expect(show(["args"], "acct_1", ["to"])).toBe("hmac:<acct_1>");
  });
});
