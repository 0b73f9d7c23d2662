import { describe, expect, it } from "vitest";
import type { Finding } from "../../../src/core/finding.ts";
import type { Json, QueryPair } from "../../../src/core/intent.ts";
import type { Program } from "../../../src/policy/program.ts";
import { createInputBuilder } from "../../../src/policy/wasm/build-input.ts";
import { allow, CALLER, deny, type InputPart, input, names, program, starting, usd } from "./sample.ts";

/** The input of a program that reads these paths. */
function build(paths: readonly (readonly string[])[], part: InputPart = {}, index: Program["index"] = { "*": [0] }) {
  const reading = program([deny({ maybe: [paths.map((path) => ["has", path, null] as const)] })], index);
  return JSON.parse(createInputBuilder(reading)(input(part)));
}

const pair = (key: string, value: string): QueryPair => ({ raw: `${key}=${value}`, key, value });
const finding = (kind: string): Finding => ({ kind, place: { kind: "query", key: "q" }, start: 0, end: 1, confidence: 0.9 });
const nested = (depth: number): Json => (depth === 0 ? "x" : { a: nested(depth - 1) });
const depthOf = (value: Json): number =>
  typeof value === "object" && value !== null && !Array.isArray(value) && "a" in value ? 1 + depthOf(value["a"] ?? null) : 0;

describe("the keys of a call", () => {
  const keysOf = (part: InputPart, ...index: readonly string[]) => build([], part, Object.fromEntries(index.map((key) => [key, [0]]))).keys;

  it("are those that the index has", () => {
    expect(keysOf({}, "t:pay", "h:other", "h:api.example.com", "h:.example.com", "h:.com", "a:finance-1", "p:http", "*")).toEqual([
      "h:api.example.com",
      "h:.example.com",
      "h:.com",
      "a:finance-1",
      "p:http",
      "*",
    ]);
  });

  it("name the host with its port and only what it is below", () => {
    const host = "api.example.com:8443";
    expect(keysOf({ target: { host } }, "h:api.example.com", "h:.example.com", "h:.example.com:8443", "h:api.example.com:8443")).toEqual([
      "h:api.example.com:8443",
      "h:.example.com:8443",
    ]);
    expect(keysOf({ target: { host: "example.com" } }, "h:.example.com", "h:.com")).toEqual(["h:.com"]);
  });

  it("name every tool that a hidden call may be, and that it may be none of them", () => {
    const index = ["t:a", "t:b", "t:unknown"];
    expect(keysOf({ intent: { tool: { kind: "undetermined", possible: ["a", "b"] } } }, ...index)).toEqual(index);
    expect(keysOf({ intent: { tool: { kind: "known", name: "b" } } }, ...index)).toEqual(["t:b"]);
    expect(keysOf({ intent: { tool: { kind: "unknown" } } }, ...index)).toEqual(["t:unknown"]);
    expect(keysOf({ intent: { tool: { kind: "none" } } }, ...index)).toEqual([]);
  });
});

describe("what a call is matched by", () => {
  const reading = createInputBuilder(program([deny({ match: { path: [{ open: true, n: 0, fixed: [] }] } })]));
  const matchOf = (part: InputPart) => JSON.parse(reading(input(part))).match;

  it("is all there in a plain call", () => {
    expect(matchOf({ intent: { tool: { kind: "known", name: "pay" } } })).toEqual({
      agent: "finance-1",
      host: "api.example.com",
      method: "POST",
      segments: ["v1", "payments"],
      tool: "pay",
      tools: ["pay"],
      protocol: "http",
    });
  });

  it("lacks method, path and tool in a tunnel", () => {
    const intent = { protocol: "tunnel", tool: { kind: "undetermined", possible: ["pay"] } } as const;
    expect(matchOf({ call: { method: "CONNECT" }, target: { segments: [] }, intent })).toMatchObject({
      method: null,
      segments: null,
      tool: null,
      tools: ["pay", "unknown"],
    });
  });

  it("lacks only the tool in an upgrade and a stream", () => {
    for (const protocol of ["upgrade", "stream"] as const) {
      const intent = { protocol, tool: { kind: "undetermined", possible: [] } } as const;
      expect(matchOf({ intent })).toMatchObject({ method: "POST", segments: ["v1", "payments"], tool: null, tools: ["unknown"] });
    }
  });

  it("lacks a path that the engine cannot take", () => {
    expect(matchOf({ target: { segments: ["v1", "\ud800"] } }).segments).toBeNull();
    expect(matchOf({ target: { segments: ["x".repeat(16_385)] } }).segments).toBeNull();
  });

  const everything = { role: names("x"), group: names("x"), operation: names("x"), model: names("x") };
  const grouped = { ...program([deny({ match: everything })]), groups: { treasury: starting("finance-"), board: names("other") } };
  const aspectsOf = (part: InputPart) => JSON.parse(createInputBuilder(grouped)(input(part))).match;

  it("has roles, groups, operation and model where a rule matches by them", () => {
    const known = { operation: { kind: "known", name: "charge" }, model: { kind: "known", name: "gpt-5" } } as const;
    expect(aspectsOf({ caller: { groups: ["audit"] }, intent: known })).toMatchObject({
      roles: ["payments"],
      groups: ["audit", "treasury"],
      operation: "charge",
      model: "gpt-5",
    });
  });

  it("has an empty operation and model where the call has none, and null where that cannot be seen", () => {
    expect(aspectsOf({})).toMatchObject({ operation: "", model: "" });
    const hidden = { operation: { kind: "undetermined" }, model: { kind: "undetermined" } } as const;
    expect(aspectsOf({ intent: hidden })).toMatchObject({ operation: null, model: null });
  });

  it("leaves open which roles and groups a caller has whose names the engine cannot take", () => {
    expect(aspectsOf({ caller: { roles: ["a", "\ud800"], groups: Array.from({ length: 1001 }, (_, at) => `g${at}`) } })).toMatchObject({
      roles: null,
      groups: null,
    });
    expect(aspectsOf({ caller: { agent: "x", roles: [], groups: [] } })).toMatchObject({ roles: [], groups: [] });
  });

  it("has nothing that no rule matches by", () => {
    expect(Object.keys(build([]).match).sort()).toEqual(["agent", "host", "method", "protocol", "tool", "tools"]);
  });

  it("has no path where no rule matches by one", () => {
    expect(build([]).match).not.toHaveProperty("segments");
  });
});

describe("what conditions read", () => {
  it("is nothing unless one does", () => {
    expect(build([])).toEqual({ keys: ["*"], match: expect.anything(), caller: {} });
  });

  const part: InputPart = {
    caller: { session: "s", agentVersion: "2", subject: "alice", scope: ["a"] },
    call: {
      headers: new Map([
        ["x-a", "1"],
        ["x-b", "2"],
      ]),
      context: { route: "r" },
    },
    target: { query: [pair("q", "1"), pair("r", "2")] },
    intent: {
      tool: { kind: "known", name: "pay" },
      args: { to: "x", deep: { a: [1, null] }, other: true },
      bindings: { id: "7" },
      amount: usd(5),
      cost: usd(0),
      operation: { kind: "known", name: "charge" },
      model: { kind: "known", name: "gpt-5" },
    },
    rest: {
      findings: [finding("pii.ssn")],
      nowMs: Date.parse("2026-06-21T12:00:00Z"),
      usage: { "p/spend": { used: 30, remaining: 70, share: 0.3 } },
    },
  };

  it.each<[string, readonly string[], unknown]>([
    ["the tenant", ["caller", "tenant"], "default"],
    ["the agent", ["caller", "agent"], "finance-1"],
    ["the subject", ["caller", "subject"], "alice"],
    ["actors", ["caller", "actors"], []],
    ["roles", ["caller", "roles"], ["payments"]],
    ["groups", ["caller", "groups"], []],
    ["the scope", ["caller", "scope"], ["a"]],
    ["a label", ["caller", "labels", "team"], "a"],
    ["the session", ["caller", "session"], "s"],
    ["the agent's version", ["caller", "agent_version"], "2"],
    ["the issuer", ["caller", "issuer"], "https://issuer.example.com"],
    ["the credential", ["caller", "credential"], "agent_token"],
    ["the method", ["http", "method"], "POST"],
    ["the scheme", ["http", "scheme"], "https"],
    ["the host", ["http", "host"], "api.example.com"],
    ["the port", ["http", "port"], 443],
    ["the path", ["http", "path"], "/v1/payments"],
    ["segments", ["http", "segments"], ["v1", "payments"]],
    ["a query key", ["http", "query", "q"], "1"],
    ["the query", ["http", "query"], { q: "1", r: "2" }],
    ["a header", ["http", "headers", "x-a"], "1"],
    ["the headers", ["http", "headers"], { "x-a": "1", "x-b": "2" }],
    ["a binding of the path", ["path", "id"], "7"],
    ["the protocol", ["protocol"], "http"],
    ["the tool", ["tool"], "pay"],
    ["an argument", ["args", "to"], "x"],
    ["arguments", ["args"], { to: "x", deep: { a: [1, null] }, other: true }],
    ["the amount", ["amount"], { currency: "usd", micros: 5_000_000 }],
    ["the cost", ["cost"], { currency: "usd", micros: 0 }],
    ["findings", ["findings"], [{ kind: "pii.ssn", where: "query:q", confidence: 0.9 }]],
    ["context", ["envoy", "context", "route"], "r"],
    ["the operation", ["operation"], "charge"],
    ["the model", ["model"], "gpt-5"],
    ["a segment that a pattern binds", ["segment", "1"], "payments"],
    ["the hour in a zone", ["time", "Europe/Berlin", "hour"], 14],
    ["the weekday in a zone", ["time", "Asia/Kolkata", "weekday"], "sun"],
    ["the date in a zone", ["time", "Pacific/Kiritimati", "date"], "2026-06-22"],
    ["what is used of a limit", ["usage", "p/spend", "used"], 30],
    ["what is left of a limit", ["usage", "p/spend", "remaining"], 70],
    ["the used share of a limit", ["usage", "p/spend", "share"], 0.3],
  ])("is %s and nothing beside it", (_, path, value) => {
    const { keys, match, ...fields } = build([path], part);
    expect(fields).toEqual({ caller: {}, ...(path.reduceRight((inside: unknown, name) => ({ [name]: inside }), value) as object) });
  });

  it("is the whole of an argument inside which it looks", () => {
    expect(build([["args", "deep", "a"]], part).args).toEqual({ deep: { a: [1, null] } });
  });

  it("has a map once, where one condition reads it whole and another a member", () => {
    expect(build([["args", "to"], ["args"]], part).args).toEqual({ to: "x", deep: { a: [1, null] }, other: true });
  });

  it("lacks what the call lacks", () => {
    const paths = ["subject", "scope", "session", "agent_version"].map((name) => ["caller", name]);
    const { keys, match, ...fields } = build([
      ...paths,
      ["caller", "labels", "none"],
      ["args", "to"],
      ["amount"],
      ["tool"],
      ["http", "query", "q"],
      ["operation"],
      ["model"],
      ["segment", "2"],
      ["usage", "p/none", "share"],
      ["nonsense"],
    ]);
    expect(fields).toEqual({ caller: {} });
  });

  it("is nothing where a path leads into no field", () => {
    const paths = [
      ["time"],
      ["time", "UTC"],
      ["time", "UTC", "minute"],
      ["time", "UTC", "toString"],
      ["usage"],
      ["usage", "p/spend"],
      ["usage", "p/spend", "limit"],
      ["segment"],
      ["segment", "x"],
      ["segment", "-1"],
      ["segment", "0.5"],
      ["caller"],
      [],
    ];
    const { keys, match, ...fields } = build(paths, part);
    expect(fields).toEqual({ caller: {} });
  });

  it("is the other field too, where two are compared, and what sets headers reads", () => {
    const comparing = program([
      deny({ maybe: [[["?eq_f", ["args", "to"], ["caller", "labels", "team"]]]] }),
      allow({ sure: [[["in_f", ["args", "other"], ["caller", "roles"]]]] }),
    ]);
    const { args, caller } = JSON.parse(createInputBuilder(comparing)(input(part)));
    expect({ args, caller }).toEqual({ args: { to: "x", other: true }, caller: { labels: { team: "a" }, roles: ["payments"] } });
  });

  it("is what conditions inside of elements need: the list", () => {
    const over = program([deny({ maybe: [[["?some", ["findings"], [[["?eq", ["kind"], "pii.ssn"]]]]]] })]);
    const { keys, match, ...fields } = JSON.parse(createInputBuilder(over)(input(part)));
    expect(fields).toEqual({ caller: {}, findings: [{ kind: "pii.ssn", where: "query:q", confidence: 0.9 }] });
  });

  it("is there and null where a header or query key came twice", () => {
    const twice: InputPart = {
      call: { headers: new Map([["x-a", "1,2"]]), repeated: new Set(["x-a"]) },
      target: { query: [pair("q", "1"), pair("r", "1"), pair("q", "2"), pair("q", "3")] },
    };
    expect(
      build(
        [
          ["http", "query", "q"],
          ["http", "headers", "x-a"],
        ],
        twice,
      ).http,
    ).toEqual({ query: { q: null }, headers: { "x-a": null } });
    expect(
      build(
        [
          ["http", "query"],
          ["http", "headers"],
        ],
        twice,
      ).http,
    ).toEqual({ query: { q: null, r: "1" }, headers: { "x-a": null } });
  });

  it("lacks what a tunnel hides", () => {
    const paths = ["method", "scheme", "path", "segments", "query", "host"].map((name) => ["http", name]);
    const { http, segment } = build([...paths, ["http", "query", "q"], ["segment", "0"]], { intent: { protocol: "tunnel" } });
    expect({ http, segment }).toEqual({ http: { host: "api.example.com" }, segment: undefined });
  });

  it("cannot be taken for what every object has", () => {
    const paths = [
      ["args", "__proto__"],
      ["args", "constructor"],
      ["caller", "labels", "toString"],
    ];
    const { keys, match, ...fields } = build(paths);
    expect(fields).toEqual({ caller: {} });
    const args = JSON.parse('{"__proto__":{"x":1}}');
    expect(JSON.stringify(build([["args", "__proto__"]], { intent: { args } }).args)).toBe('{"__proto__":{"x":1}}');
  });
});

describe("what is too much for the engine", () => {
  const argument = (value: Json) => build([["args", "v"]], { intent: { args: { v: value } } });

  it.each<[string, Json, Json]>([
    ["a text of 16 KiB is taken", "x".repeat(16_384), "x".repeat(16_384)],
    ["a longer text is unknown", "x".repeat(16_385), null],
    ["a text is measured in bytes", "€".repeat(5_462), null],
    ["a text with half a character is unknown", "a\ud800", null],
    ["half a character inside is unknown", { a: ["\udc00", "x"] }, { a: [null, "x"] }],
    ["a number that JSON cannot write is unknown", Number.POSITIVE_INFINITY, null],
    ["a list of 1,000 is taken", Array(1000).fill(1), Array(1000).fill(1)],
    ["a long list inside a list is unknown", [Array(1001).fill(1)], [null]],
    ["what is nested too deeply is unknown", nested(64), nested(64)],
  ])("%s", (_, value, carried) => {
    expect(argument(value)).toMatchObject({ args: { v: carried } });
    expect(argument(value).cut).toBeUndefined();
  });

  it("is unknown from the 65th level on", () => {
    expect(depthOf(argument(nested(200)).args.v)).toBe(64);
  });

  it("is a long list, which is cut and says so", () => {
    expect(argument(Array(1001).fill(1))).toMatchObject({ args: { v: Array(1000).fill(1) }, cut: [["args", "v"]] });
    expect(argument({ a: { b: Array(1001).fill(1) } }).cut).toEqual([["args", "v", "a", "b"]]);
    const caller = { roles: Array(1001).fill("r") };
    expect(build([["caller", "roles"]], { caller }).cut).toEqual([["caller", "roles"]]);
  });

  it("is more than 64 findings of a kind, and what detectors could not see", () => {
    const many = [...Array(65).fill(finding("a")), ...Array(64).fill(finding("b"))];
    const { findings, cut } = build([["findings"]], { rest: { findings: many } });
    expect([findings.length, cut]).toEqual([128, [["findings"]]]);
    expect(build([["findings"]], { rest: { findingsCut: true } }).cut).toEqual([["findings"]]);
  });
});

describe("the caller's part", () => {
  it("is the same text for the same caller, and another for another", () => {
    const reading = createInputBuilder(program([deny({ maybe: [[["has", ["caller", "agent"], null]]] })]));
    const of = (caller: typeof CALLER) => JSON.parse(reading({ ...input(), caller })).caller;
    expect([of(CALLER), of(CALLER), of({ ...CALLER, agent: "b" })]).toEqual([
      { agent: "finance-1" },
      { agent: "finance-1" },
      { agent: "b" },
    ]);
  });

  it("keeps saying what was cut", () => {
    const reading = createInputBuilder(program([deny({ match: { agent: names("x") }, maybe: [[["has", ["caller", "roles"], null]]] })]));
    const asked = input({ caller: { roles: Array(1001).fill("r") } });
    const [first, second] = [reading(asked), reading(asked)];
    expect(second).toBe(first);
    expect(JSON.parse(second).cut).toEqual([["caller", "roles"]]);
  });
});
