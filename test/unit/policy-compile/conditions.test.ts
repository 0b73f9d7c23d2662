import { describe, expect, it } from "vitest";
import { compileFiles, findRule } from "./compile-one.ts";

const clauses = (condition: string, then: "allow" | "deny") => {
  const program = compileFiles(`policy: p\nrules:\n  - id: a\n    then: ${then}\n    if: |\n      ${condition}\n`);
  const { sure, maybe } = findRule(program, "p/a");
  return { sure, maybe };
};

const USD5 = { currency: "usd", micros: 5_000_000 };

describe("a condition", () => {
  it.each([
    ['caller.agent == "a"', [[["eq", ["caller", "agent"], "a"]]]],
    ['"a" != caller.agent', [[["ne", ["caller", "agent"], "a"]]]],
    ["5 < http.port", [[["gt", ["http", "port"], 5]]]],
    ["5 >= http.port", [[["le", ["http", "port"], 5]]]],
    ["!(args.a <= 1)", [[["gt", ["args", "a"], 1]]]],
    ["!(args.a > 1)", [[["le", ["args", "a"], 1]]]],
    ["!(args.a >= 1)", [[["lt", ["args", "a"], 1]]]],
    ["!(cost >= usd(5))", [[["money_lt", ["cost"], USD5]]]],
    ["!(args.a < 1.5)", [[["ge", ["args", "a"], 1.5]]]],
    ["args.a == -1", [[["eq", ["args", "a"], -1]]]],
    ["amount == usd(5)", [[["money_eq", ["amount"], USD5]]]],
    ["amount != usd(5)", [[["money_ne", ["amount"], USD5]]]],
    ["!(amount > usd(5))", [[["money_le", ["amount"], USD5]]]],
    ["usd(5) <= cost", [[["money_ge", ["cost"], USD5]]]],
    ['amount < usd("0.30")', [[["money_lt", ["amount"], { currency: "usd", micros: 300_000 }]]]],
    ['args.a in ["x", "y"]', [[["in", ["args", "a"], { x: true, y: true }]]]],
    ['!(args.a in ["x"])', [[["nin", ["args", "a"], { x: true }]]]],
    ["args.a in [1, 2]", [[["in_list", ["args", "a"], [1, 2]]]]],
    ["!(args.a in [true])", [[["nin_list", ["args", "a"], [true]]]]],
    ['"a" in caller.roles', [[["contains_elem", ["caller", "roles"], "a"]]]],
    ['!("a" in caller.roles)', [[["lacks_elem", ["caller", "roles"], "a"]]]],
    ["has(args.a.b)", [[["has", ["args", "a", "b"], null]]]],
    ["!has(args.a)", [[["hasnt", ["args", "a"], null]]]],
    ['"k.x" in http.headers', [[["has", ["http", "headers", "k.x"], null]]]],
    ['http.path.startsWith("/v1")', [[["prefix", ["http", "path"], "/v1"]]]],
    ['!http.path.startsWith("/v1")', [[["nprefix", ["http", "path"], "/v1"]]]],
    ['http.path.endsWith(".pdf")', [[["suffix", ["http", "path"], ".pdf"]]]],
    ['!http.path.endsWith(".pdf")', [[["nsuffix", ["http", "path"], ".pdf"]]]],
    ['args.a.contains("x")', [[["substring", ["args", "a"], "x"]]]],
    ['!args.a.contains("x")', [[["nsubstring", ["args", "a"], "x"]]]],
    ['args.a.matches("^x+$")', [[["matches", ["args", "a"], "^x+$"]]]],
    ['!matches(args.a, "^x+$")', [[["nmatches", ["args", "a"], "^x+$"]]]],
    ['inCidr(args.ip, "10.0.0.0/8")', [[["cidr", ["args", "ip"], "10.0.0.0/8"]]]],
    ['!inCidr(args.ip, "10.0.0.0/8")', [[["ncidr", ["args", "ip"], "10.0.0.0/8"]]]],
    ["size(args.a) < 3", [[["size_lt", ["args", "a"], 3]]]],
    ["!(size(args.a) < 3)", [[["size_ge", ["args", "a"], 3]]]],
    ["0 == caller.roles.size()", [[["size_eq", ["caller", "roles"], 0]]]],
    ["!(size(caller.roles) == 0)", [[["size_ne", ["caller", "roles"], 0]]]],
    ['amount > money("5000", "jpy")', [[["money_gt", ["amount"], { currency: "jpy", micros: 5_000_000_000 }]]]],
    ['args.ttl <= duration("90m")', [[["le", ["args", "ttl"], 5400]]]],
    ['args.due < timestamp("1970-01-01T00:00:01Z")', [[["time_lt", ["args", "due"], 1000]]]],
    ['!(args.due < timestamp("1970-01-01T00:00:01Z"))', [[["time_ge", ["args", "due"], 1000]]]],
    ['args.due != timestamp("1970-01-01T00:00:01Z")', [[["time_ne", ["args", "due"], 1000]]]],
    ["time.hour < 6", [[["lt", ["time", "UTC", "hour"], 6]]]],
    ["time.hour in [22, 23]", [[["in_list", ["time", "UTC", "hour"], [22, 23]]]]],
    ['time.weekday in ["sat", "sun"]', [[["in", ["time", "UTC", "weekday"], { sat: true, sun: true }]]]],
    ['time.date == "2026-12-24"', [[["eq", ["time", "UTC", "date"], "2026-12-24"]]]],
    ['time.date >= "2026-12-24"', [[["text_ge", ["time", "UTC", "date"], "2026-12-24"]]]],
    ['"2026-12-24" > time.date', [[["text_lt", ["time", "UTC", "date"], "2026-12-24"]]]],
    ['!(time.date <= "2026-12-24")', [[["text_gt", ["time", "UTC", "date"], "2026-12-24"]]]],
    ['time.date in ["2026-12-24"]', [[["in", ["time", "UTC", "date"], { "2026-12-24": true }]]]],
    ['operation == "read"', [[["eq", ["operation"], "read"]]]],
    ['model.startsWith("gpt-5")', [[["prefix", ["model"], "gpt-5"]]]],
    ["caller.agent == caller.subject", [[["eq_f", ["caller", "agent"], ["caller", "subject"]]]]],
    ["!(args.a == caller.agent)", [[["ne_f", ["args", "a"], ["caller", "agent"]]]]],
    ["args.a < args.b", [[["lt_f", ["args", "a"], ["args", "b"]]]]],
    ["!(args.a <= http.port)", [[["gt_f", ["args", "a"], ["http", "port"]]]]],
    ["http.port >= args.a", [[["ge_f", ["http", "port"], ["args", "a"]]]]],
    ["time.date <= args.until", [[["le_f", ["time", "UTC", "date"], ["args", "until"]]]]],
    ["cost <= amount", [[["money_le_f", ["cost"], ["amount"]]]]],
    ["!(cost == amount)", [[["money_ne_f", ["cost"], ["amount"]]]]],
    ["args.team in caller.groups", [[["in_f", ["args", "team"], ["caller", "groups"]]]]],
    ["!(http.port in args.ports)", [[["nin_f", ["http", "port"], ["args", "ports"]]]]],
    ["args.a", [[["truthy", ["args", "a"], null]]]],
    ["!args.a", [[["falsy", ["args", "a"], null]]]],
    ["true", [[]]],
    ["!true", []],
    ["false || args.a", [[["truthy", ["args", "a"], null]]]],
    ["args.a && args.a", [[["truthy", ["args", "a"], null]]]],
    ["!(args.a && http.port == 1)", [[["falsy", ["args", "a"], null]], [["ne", ["http", "port"], 1]]]],
    [
      "(args.a || args.b) && args.c",
      [
        [
          ["truthy", ["args", "a"], null],
          ["truthy", ["args", "c"], null],
        ],
        [
          ["truthy", ["args", "b"], null],
          ["truthy", ["args", "c"], null],
        ],
      ],
    ],
    ['caller.actors.exists(a, a == "x")', [[["some", ["caller", "actors"], [[["eq", [], "x"]]]]]]],
    ['!caller.actors.exists(a, a == "x")', [[["every", ["caller", "actors"], [[["ne", [], "x"]]]]]]],
    ['caller.actors.all(a, a.endsWith("x"))', [[["every", ["caller", "actors"], [[["suffix", [], "x"]]]]]]],
    ['!caller.actors.all(a, a.endsWith("x"))', [[["some", ["caller", "actors"], [[["nsuffix", [], "x"]]]]]]],
    ["args.items.all(i, size(i.tags) <= 2)", [[["every", ["args", "items"], [[["size_le", ["tags"], 2]]]]]]],
    ["args.items.all(i, i)", [[["every", ["args", "items"], [[["truthy", [], null]]]]]]],
    [
      'args.items.exists(i, i.sku == "x" && i.n > 1 || has(i.gift))',
      [
        [
          [
            "some",
            ["args", "items"],
            [
              [
                ["eq", ["sku"], "x"],
                ["gt", ["n"], 1],
              ],
              [["has", ["gift"], null]],
            ],
          ],
        ],
      ],
    ],
    ['findings.exists(f, f.kind == "pii.ssn")', [[["some", ["findings"], [[["eq", ["kind"], "pii.ssn"]]]]]]],
    ['envoy.context.zone == "a"', [[["eq", ["envoy", "context", "zone"], "a"]]]],
  ])("%s permits where it is surely true", (condition, sure) => {
    expect(clauses(condition, "allow")).toEqual({ sure, maybe: null });
  });

  it.each([
    ['caller.agent == "a"', [[["?eq", ["caller", "agent"], "a"]]]],
    ["amount > usd(5)", [[["?money_gt", ["amount"], USD5]]]],
    [
      "has(args.a) && args.a > 5",
      [
        [
          ["has", ["args", "a"], null],
          ["?gt", ["args", "a"], 5],
        ],
      ],
    ],
    ['!caller.actors.exists(a, a.startsWith("x"))', [[["?every", ["caller", "actors"], [[["?nprefix", [], "x"]]]]]]],
    ["args.a", [[["?truthy", ["args", "a"], null]]]],
    ['!args.a.matches("x")', [[["?nmatches", ["args", "a"], "x"]]]],
    ["args.a in caller.roles", [[["?in_f", ["args", "a"], ["caller", "roles"]]]]],
    ["size(args.a) > 2", [[["?size_gt", ["args", "a"], 2]]]],
    [
      "args.l.all(i, has(i.a) && i.a > 1)",
      [
        [
          [
            "?every",
            ["args", "l"],
            [
              [
                ["has", ["a"], null],
                ["?gt", ["a"], 1],
              ],
            ],
          ],
        ],
      ],
    ],
  ])("%s restricts where it may be true", (condition, maybe) => {
    expect(clauses(condition, "deny")).toEqual({ sure: null, maybe });
  });

  it("of an allow that redacts is judged once for each", () => {
    const program = compileFiles("policy: p\nrules:\n  - { id: a, then: allow, if: args.a > 1, redact: [{ header: x }] }\n");
    expect(findRule(program, "p/a")).toMatchObject({ sure: [[["gt", ["args", "a"], 1]]], maybe: [[["?gt", ["args", "a"], 1]]] });
  });

  it("that is absent is always true", () => {
    const program = compileFiles("policy: p\nrules:\n  - { id: a, then: allow }\n  - { id: b, then: deny }\n");
    expect(findRule(program, "p/a")).toMatchObject({ sure: [[]], maybe: null });
    expect(findRule(program, "p/b")).toMatchObject({ sure: null, maybe: [[]] });
  });

  it("keeps a member called __proto__", () => {
    expect(JSON.stringify(clauses('args.a in ["__proto__"]', "allow").sure)).toBe('[[["in",["args","a"],{"__proto__":true}]]]');
  });

  it("reads the clock in the time zone of its policy", () => {
    const program = compileFiles("policy: p\ntime_zone: Europe/Berlin\nrules:\n  - { id: a, then: allow, if: time.hour < 6 }\n");
    expect(findRule(program, "p/a").sure).toEqual([[["lt", ["time", "Europe/Berlin", "hour"], 6]]]);
  });

  it("reads the usage of limits by their whole id, and the program lists them", () => {
    const limits = "limits:\n  - { id: calls, per: [agent], rate: 5/s }\n";
    const condition = 'usage["calls"].share >= 0.5 && usage["q/calls"].used > 10 && usage.calls.remaining < 5';
    const program = compileFiles(
      `policy: p\nrules:\n  - id: a\n    then: allow\n    if: |\n      ${condition}\n${limits}`,
      `policy: q\n${limits}`,
    );
    expect(findRule(program, "p/a").sure).toEqual([
      [
        ["ge", ["usage", "p/calls", "share"], 0.5],
        ["gt", ["usage", "q/calls", "used"], 10],
        ["lt", ["usage", "p/calls", "remaining"], 5],
      ],
    ]);
    expect(program.usage).toEqual(["p/calls", "q/calls"]);
  });

  it("reads a name that its own paths bind as the segment at that place", () => {
    const rule = (paths: string) => `  - id: a\n    then: allow\n    match: { paths: ${paths} }\n    if: path.user == caller.subject\n`;
    const program = compileFiles(`policy: p\nrules:\n${rule('["/v1/users/:user", "/v2/people/:user/**"]')}`);
    expect(findRule(program, "p/a").sure).toEqual([[["eq_f", ["segment", "2"], ["caller", "subject"]]]]);
    const ofPolicy = compileFiles(`policy: p\nmatch: { paths: ["/:user/**"] }\nrules:\n${rule('["/*/x"]')}`);
    expect(findRule(ofPolicy, "p/a").sure).toEqual([[["eq_f", ["segment", "0"], ["caller", "subject"]]]]);
  });

  it("lists every path that it reads, those of both sides and those of sizes", () => {
    const program = compileFiles("policy: p\nrules:\n  - { id: a, then: deny, if: args.a == caller.agent && size(args.l) > 1 }\n");
    expect(findRule(program, "p/a").facts).toEqual([
      ["args", "a"],
      ["caller", "agent"],
      ["args", "l"],
    ]);
  });

  it("may have 64 alternatives", () => {
    const six = Array.from({ length: 6 }, (_, i) => `(http.port == ${i} || args.a == ${i})`).join(" && ");
    expect(clauses(six, "allow").sure).toHaveLength(64);
  });
});
