import { describe, expect, it } from "vitest";
import { compilePolicies } from "../../../src/policy/compile/compile-policies.ts";

const TOOLS = `tools:
  x.pay:
    http: { method: POST, host: x.example, path: /pay, body: json }
    args: { a: { from: json.a }, n: { from: json.n, type: integer }, t: { from: query.t, type: string }, u: { from: query.u } }
`;

/** A field of each type, and arguments as the catalogue declares them. */
const FIELDS = {
  text: "caller.agent",
  number: "http.port",
  date: "time.date",
  money: "amount",
  any: "args.a",
  declared_number: "args.n",
  declared_text: "args.t",
  untyped: "args.u",
  texts: "caller.roles",
  findings: "findings",
  text_map: "http.query",
  any_map: "args",
  group: "http",
} as const;
/** A constant of each type, as every field of that type could be. */
const CONSTANTS = {
  text: '"2026-12-24"',
  number: "5",
  boolean: "true",
  money: "usd(5)",
  moment: 'timestamp("2026-12-24T00:00:00Z")',
} as const;

const ALL = ["==", "!=", "<", "<=", ">", ">="];
const EQUAL = ["==", "!="];
const NONE: readonly string[] = [];

/** Which signs stand between a field and a constant; none where nothing is written. */
const WITH_CONSTANT: Readonly<Record<string, readonly string[]>> = {
  "text text": EQUAL,
  "text moment": ALL,
  "number number": ALL,
  "date text": ALL,
  "money money": ALL,
  "any text": EQUAL,
  "any number": ALL,
  "any boolean": EQUAL,
  "any moment": ALL,
  "declared_number number": ALL,
  "declared_number moment": ALL,
  "declared_text text": EQUAL,
  "declared_text moment": ALL,
  "untyped text": EQUAL,
  "untyped moment": ALL,
};

/** Which signs stand between two fields, whichever comes first. */
const WITH_FIELD: Readonly<Record<string, readonly string[]>> = {
  "text text": EQUAL,
  "text any": EQUAL,
  "text date": ALL,
  "number number": ALL,
  "number any": ALL,
  "date date": ALL,
  "date any": ALL,
  "money money": ALL,
  "any any": ALL,
  "declared_number declared_number": ALL,
  "declared_number number": ALL,
  "declared_number any": ALL,
  "declared_text declared_text": EQUAL,
  "declared_text text": EQUAL,
  "declared_text date": ALL,
  "declared_text any": EQUAL,
  "declared_text untyped": EQUAL,
  "untyped untyped": ALL,
  "untyped text": EQUAL,
  "untyped date": ALL,
  "untyped any": ALL,
};

/** Which fields stand before `in` with a field behind it. */
const IN_FIELD = [
  ...["text texts", "date texts", "any texts", "declared_text texts", "untyped texts"],
  ...["text any", "date any", "number any", "any any", "declared_text any", "declared_number any", "untyped any"],
];

const compiles = (condition: string): boolean => {
  const text = `policy: p\nrules:\n  - id: a\n    then: allow\n    match: { tools: [x.pay] }\n    if: |\n      ${condition}\n`;
  const compiled = compilePolicies([
    { name: "p.yaml", text },
    { name: "tools.yaml", text: TOOLS },
  ]);
  if (compiled.kind === "compiled") return true;
  expect(compiled.problems.map(({ code }) => code)).toEqual(["type_error"]);
  return false;
};
const signsOf = (left: string, right: string) => ALL.filter((sign) => compiles(`${left} ${sign} ${right}`));

describe.each(Object.entries(FIELDS))("a field that is %s", (type, field) => {
  it.each(Object.entries(CONSTANTS))(
    "compares with a constant that is %s by the signs of these types, on either side",
    (other, constant) => {
      const signs = WITH_CONSTANT[`${type} ${other}`] ?? NONE;
      expect(signsOf(field, constant)).toEqual(signs);
      expect(signsOf(constant, field)).toEqual(signs);
    },
  );

  it.each(Object.entries(FIELDS))("compares with a field that is %s by the signs of these types", (other, second) => {
    expect(signsOf(field, second)).toEqual(WITH_FIELD[`${type} ${other}`] ?? WITH_FIELD[`${other} ${type}`] ?? NONE);
  });

  it.each(Object.entries(FIELDS))("is asked for in a field that is %s where that may be a list of such", (other, second) => {
    expect(compiles(`${field} in ${second}`)).toBe(IN_FIELD.includes(`${type} ${other}`));
  });

  it("is one of constants of its type", () => {
    const fits = (list: string) => compiles(`${field} in [${list}]`);
    expect(fits('"2026-12-24"')).toBe(["text", "date", "any", "declared_text", "untyped"].includes(type));
    expect(fits("5")).toBe(["number", "any", "declared_number"].includes(type));
    expect(fits("true")).toBe(type === "any");
    expect(fits("usd(5)")).toBe(false);
  });

  it("has a constant in it where it is a list or a map", () => {
    const holds = (constant: string) => compiles(`${constant} in ${field}`);
    expect(holds('"a"')).toBe(["texts", "text_map", "any_map", "any"].includes(type));
    expect(holds("5")).toBe(type === "any");
    expect(holds("true")).toBe(type === "any");
  });

  it("is a condition by itself only as an argument", () => {
    expect(compiles(field)).toBe(type === "any");
  });

  it("is gone through only as a list", () => {
    for (const quantifier of ["exists", "all"]) {
      expect(compiles(`${field}.${quantifier}(e, true)`)).toBe(["texts", "findings", "any"].includes(type));
    }
  });
});
