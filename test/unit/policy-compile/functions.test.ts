import { describe, expect, it } from "vitest";
import { compilePolicies } from "../../../src/policy/compile/compile-policies.ts";
import { FUNCTIONS } from "../../../src/policy/compile/condition/functions.ts";

type Outcome = { readonly atom: unknown } | { readonly code: string; readonly message: string };

/** The one atom that a condition compiles to, or why it does not. */
function outcomeOf(condition: string): Outcome {
  const text = `policy: p\nrules:\n  - id: a\n    then: allow\n    if: |\n      ${condition}\n`;
  const compiled = compilePolicies([{ name: "p.yaml", text }]);
  if (compiled.kind === "compiled") return { atom: compiled.program.rules[0]?.sure?.[0]?.[0] };
  const [first] = compiled.problems;
  return { code: first?.code ?? "", message: first?.message ?? "" };
}

const refused = (message: string) => ({ code: "type_error", message });

/** How each function that tests a field is written, and what it makes of a right operand. */
const TESTS = {
  startsWith: { write: (x: string, y: string) => `${x}.startsWith(${y})`, right: '"a"', op: "prefix", operand: "a" },
  endsWith: { write: (x: string, y: string) => `${x}.endsWith(${y})`, right: '"a"', op: "suffix", operand: "a" },
  contains: { write: (x: string, y: string) => `${x}.contains(${y})`, right: '"a"', op: "substring", operand: "a" },
  matches: { write: (x: string, y: string) => `${x}.matches(${y})`, right: 'r"^a\\d$"', op: "matches", operand: "^a\\d$" },
  inCidr: {
    write: (x: string, y: string) => (y === "" ? `inCidr(${x})` : `inCidr(${x}, ${y})`),
    right: '"2001:DB8:0::/32"',
    op: "cidr",
    operand: "2001:db8::/32",
  },
} as const;

const TEXTS = [
  ["caller.agent", ["caller", "agent"]],
  ['http.headers["x-a"]', ["http", "headers", "x-a"]],
  ["args.a.b", ["args", "a", "b"]],
  ["model", ["model"]],
] as const;
const NO_TEXTS = [
  ["http.port", "a number"],
  ["amount", "money"],
  ["time.date", "a date"],
  ["caller.roles", "a list"],
  ["findings", "a list"],
  ["http.query", "a map"],
  ["args", "a map"],
  ["http", "a group of names"],
] as const;
const NO_TEXT_CONSTANTS = [
  ["5", "a number"],
  ["true", "true or false"],
  ["usd(5)", "money"],
  ['["a"]', "a list"],
  ['timestamp("2026-12-24T00:00:00Z")', "a timestamp"],
  ["args.b", "`args.b`, a value of any type"],
  ["size(args.b)", "a size"],
  ["args.b == 1", "a test"],
] as const;

describe.each(Object.entries(TESTS))("%s", (name, { write, right, op, operand }) => {
  it.each(TEXTS)("asks about %s", (field, path) => {
    expect(outcomeOf(write(field, right))).toEqual({ atom: [op, path, operand] });
  });

  it.each([
    ["a text", "caller.roles.exists(e, FN)", "some", []],
    ["an argument", "args.l.all(e, FN)", "every", []],
  ] as const)("asks about an element that is %s", (_, condition, quantifier, path) => {
    const list = condition.startsWith("args") ? ["args", "l"] : ["caller", "roles"];
    expect(outcomeOf(condition.replace("FN", write("e", right)))).toEqual({ atom: [quantifier, list, [[[op, path, operand]]]] });
  });

  it.each(NO_TEXTS)("refuses %s", (field, type) => {
    expect(outcomeOf(write(field, right))).toEqual(refused(`\`${field}\` is ${type}, and ${name} is for texts`));
  });

  it.each(NO_TEXT_CONSTANTS)("refuses to be given %s", (argument, found) => {
    expect(outcomeOf(write("args.a", argument))).toEqual(refused(`\`${name}\` takes a text in quotes, not ${found}`));
  });

  it("refuses a constant as what it asks about", () => {
    expect(outcomeOf(write('"a"', right))).toEqual(refused(`\`${name}\` asks about a field, not a text`));
  });

  it("refuses no operand and two", () => {
    const { takes } = FUNCTIONS[name as keyof typeof TESTS];
    expect(outcomeOf(write("args.a", ""))).toEqual(refused(`\`${name}\` takes ${takes}`));
    expect(outcomeOf(write("args.a", `${right}, ${right}`))).toEqual(refused(`\`${name}\` takes ${takes}`));
  });
});

describe("matches", () => {
  it("is written as a function too", () => {
    expect(outcomeOf('matches(args.a, "b+")')).toEqual({ atom: ["matches", ["args", "a"], "b+"] });
  });
});

describe("size", () => {
  it.each([
    ["caller.agent", ["caller", "agent"]],
    ["args.a", ["args", "a"]],
    ["caller.roles", ["caller", "roles"]],
    ["findings", ["findings"]],
    ["http.query", ["http", "query"]],
    ["args", ["args"]],
  ])("is of %s", (field, path) => {
    expect(outcomeOf(`size(${field}) <= 2`)).toEqual({ atom: ["size_le", path, 2] });
    expect(outcomeOf(`${field}.size() <= 2`)).toEqual({ atom: ["size_le", path, 2] });
    expect(outcomeOf(`2 <= size(${field})`)).toEqual({ atom: ["size_ge", path, 2] });
  });

  it.each([
    ["http.port", "a number"],
    ["amount", "money"],
    ["time.date", "a date"],
    ["http", "a group of names"],
  ])("is not of %s", (field, type) => {
    expect(outcomeOf(`size(${field}) > 2`)).toEqual(refused(`\`${field}\` is ${type}, and size is for texts, lists and maps`));
  });

  it.each([
    ["==", "size_eq"],
    ["!=", "size_ne"],
    ["<", "size_lt"],
    ["<=", "size_le"],
    [">", "size_gt"],
    [">=", "size_ge"],
  ])("compares by %s", (sign, op) => {
    expect(outcomeOf(`size(args.a) ${sign} 0`)).toEqual({ atom: [op, ["args", "a"], 0] });
  });

  it("takes one thing", () => {
    expect(outcomeOf("size() > 1")).toEqual(refused("`size` takes one text, list or map"));
    expect(outcomeOf("size(args.a, args.b) > 1")).toEqual(refused("`size` takes one text, list or map"));
    expect(outcomeOf("args.a.size(1) > 1")).toEqual(refused("`size` takes one text, list or map"));
    expect(outcomeOf('size("abc") > 1')).toEqual(refused("`size` asks about a field, not a text"));
  });
});

describe("a constant", () => {
  it.each([
    ["amount <= usd(5)", ["money_le", ["amount"], { currency: "usd", micros: 5_000_000 }]],
    ["amount <= usd(5.0)", ["money_le", ["amount"], { currency: "usd", micros: 5_000_000 }]],
    ["amount <= usd(0.30)", ["money_le", ["amount"], { currency: "usd", micros: 300_000 }]],
    ['amount <= usd("0.000001")', ["money_le", ["amount"], { currency: "usd", micros: 1 }]],
    ['amount <= money("5000", "jpy")', ["money_le", ["amount"], { currency: "jpy", micros: 5_000_000_000 }]],
    ['amount <= money(2.5, "eur")', ["money_le", ["amount"], { currency: "eur", micros: 2_500_000 }]],
    ['args.t < duration("90m")', ["lt", ["args", "t"], 5400]],
    ['args.t < duration("1h30m1.5s")', ["lt", ["args", "t"], 5401.5]],
    ['args.t >= duration("-2d")', ["ge", ["args", "t"], -172_800]],
    ['args.t in [duration("1m"), 30]', ["in_list", ["args", "t"], [60, 30]]],
    ['args.t < timestamp("2026-12-24T00:00:00Z")', ["time_lt", ["args", "t"], 1_798_070_400_000]],
    ['timestamp("2026-12-24T00:00:00Z") <= args.t', ["time_ge", ["args", "t"], 1_798_070_400_000]],
    ['caller.labels.until > timestamp("2026-12-24T01:00:00.5+01:00")', ["time_gt", ["caller", "labels", "until"], 1_798_070_400_500]],
    ['args.t == timestamp("1969-12-31T23:59:59Z")', ["time_eq", ["args", "t"], -1000]],
  ])("is folded in %s", (condition, atom) => {
    expect(outcomeOf(condition)).toEqual({ atom });
  });

  it.each([
    ["usd()"],
    ["usd(1, 2)"],
    ["usd(-1)"],
    ["usd(0.0000001)"],
    ["usd(1e30)"],
    ["usd(true)"],
    ["usd(args.a)"],
    ['usd("05")'],
    ['money("5")'],
    ['money("5", "usd", "x")'],
    ['money("5", "USD")'],
    ['money("5", "dollar")'],
    ['money("usd", "5")'],
    ['money("5", 5)'],
  ])("that is no money is refused: %s", (money) => {
    const [name = ""] = money.split("(");
    expect(outcomeOf(`amount > ${money}`)).toEqual(refused(`${name}() takes ${FUNCTIONS[name as "usd" | "money"].takes}`));
  });

  it.each(["duration()", "duration(5)", 'duration("5")', 'duration("5m", "6m")', 'duration("5 m")', 'duration("1w")', "duration(args.a)"])(
    "that is no duration is refused: %s",
    (duration) => {
      expect(outcomeOf(`args.t > ${duration}`)).toEqual(refused(`duration() takes ${FUNCTIONS.duration.takes}`));
    },
  );

  it.each(["timestamp()", "timestamp(5)", 'timestamp("2026-12-24")', 'timestamp("2026-02-30T00:00:00Z")', "timestamp(args.a)"])(
    "that is no moment is refused: %s",
    (timestamp) => {
      expect(outcomeOf(`args.t > ${timestamp}`)).toEqual(refused(`timestamp() takes ${FUNCTIONS.timestamp.takes}`));
    },
  );
});

describe("the table of functions", () => {
  it("has an example of each that compiles", () => {
    for (const { example, gives } of Object.values(FUNCTIONS)) {
      for (const part of example.split(" or ")) {
        const isMoney = /^(usd|money)/.test(part);
        const condition = gives !== "constant" ? part : `${isMoney ? "amount" : "args.a"} <= ${part}`;
        expect(outcomeOf(condition)).toHaveProperty("atom");
      }
    }
  });
});
