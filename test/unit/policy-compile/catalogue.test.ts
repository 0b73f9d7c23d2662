import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { CatalogueEntry } from "../../../src/core/catalogue.ts";
import { compilePolicies } from "../../../src/policy/compile/compile-policies.ts";
import type { Problem } from "../../../src/policy/compile/problem.ts";
import { createCatalogue } from "../../../src/understanding/match-catalogue.ts";
import { compareSpecificity, matchPath } from "../../../src/understanding/match-path.ts";
import { targetOf } from "../understanding/target-of.ts";
import { BROKEN_SCHEMAS } from "./broken-schemas.ts";

const POLICY = { name: "p.yaml", text: "policy: p\nrules: [{ id: a, then: deny }]\n" };

function compile(tools: string, schemas: Readonly<Record<string, string>> = {}) {
  const files = Object.entries(schemas).map(([name, text]) => ({ name, text }));
  return compilePolicies([POLICY, { name: "tools.yaml", text: `tools:\n${tools}` }, ...files]);
}

function catalogueOf(tools: string, schemas: Readonly<Record<string, string>> = {}): readonly CatalogueEntry[] {
  const compiled = compile(tools, schemas);
  if (compiled.kind === "invalid") throw new Error(compiled.problems.map(({ message }) => message).join("\n"));
  return compiled.program.catalogue;
}

const problemsOf = (...files: Parameters<typeof compile>): readonly Problem[] => {
  const compiled = compile(...files);
  return compiled.kind === "invalid" ? compiled.problems : [];
};
const warningsOf = (...files: Parameters<typeof compile>): readonly Problem[] => {
  const compiled = compile(...files);
  return compiled.kind === "invalid" ? [] : compiled.warnings;
};
const said = (problems: readonly Problem[]) =>
  problems.map(({ file, line, column, code, message }) => `${file}:${line}:${column} ${code} ${message}`);

const CALL = "http: { method: POST, host: api.example.com, path: /v1/x, body: json }";
const ARGS =
  "args: { model: { from: json.model, type: string }, to: { from: json.to, record: true }, n: { from: query.n, type: integer } }";
const tool = (rest: string) => `  t:\n    ${CALL}\n    ${ARGS}\n    ${rest}\n`;

describe("a tool of the catalogue", () => {
  it("names its model, its prices and what records show", () => {
    const [entry] = catalogueOf(tool('model: args.model\n    cost: { "gpt-5*": 0.05 usd, gpt-5-mini: 0.01 usd }'));
    expect(entry).toEqual({
      tool: "t",
      method: "POST",
      host: "api.example.com",
      path: [
        { kind: "literal", text: "v1" },
        { kind: "literal", text: "x" },
      ],
      body: "json",
      args: [
        { name: "model", from: { kind: "json", path: ["model"] }, type: "string", record: false },
        { name: "n", from: { kind: "query", key: "n" }, type: "integer", record: false },
        { name: "to", from: { kind: "json", path: ["to"] }, type: "any", record: true },
      ],
      amount: null,
      model: "model",
      cost: {
        kind: "by_model",
        prices: [
          { model: "gpt-5*", money: { currency: "usd", micros: 50_000 } },
          { model: "gpt-5-mini", money: { currency: "usd", micros: 10_000 } },
        ],
      },
      schema: null,
    });
  });

  it("has a fixed cost, or none", () => {
    const [fixed] = catalogueOf(tool("cost: 0.30 usd"));
    expect(fixed).toMatchObject({ model: null, cost: { kind: "fixed", money: { currency: "usd", micros: 300_000 } } });
    expect(catalogueOf(tool("cost: 0 usd"))[0]).toMatchObject({ cost: { kind: "fixed", money: { micros: 0 } } });
    expect(catalogueOf(`  t: { ${CALL} }\n`)[0]).toMatchObject({ model: null, cost: null, schema: null });
  });

  it.each([
    ["model: args.modle", "5:12", "wrong_value", "`args.modle` is no argument of this tool"],
    ["model: model", "5:12", "wrong_value", "`model` is no argument of this tool"],
    ["model: args.n", "5:12", "contradiction", "`args.n` is read as a number, and the name of a model is a text"],
    ["cost: { gpt-5: 0.05 usd }", "5:5", "missing_key", "a cost by model needs the argument that names the model"],
    ["model: args.model\n    cost: {}", "6:11", "wrong_value", "an empty map gives no model a price"],
    ["model: args.model\n    cost: { gpt-5: 0.05 eur }", "6:20", "wrong_value", "costs are in usd"],
    ["model: args.model\n    cost: { gpt-5: cheap }", "6:20", "wrong_value", "`cheap` is no cost"],
    ['model: args.model\n    cost: { "g*t": 1 usd }', "6:13", "wrong_value", "`g*t` is no name of a model"],
    ['model: args.model\n    cost: { "g t": 1 usd }', "6:13", "wrong_value", "`g t` is no name of a model"],
    ["cost: [1 usd]", "5:11", "wrong_type", "this cannot be a list"],
    ["schema: [x.schema.json]", "5:13", "wrong_type", "expected a text, found a list"],
    ["schema: ../x.schema.json", "5:13", "wrong_value", "`../x.schema.json` cannot be the name of a schema's file"],
    ["schema: x.schema.json", "5:13", "wrong_value", "there is no file `x.schema.json`"],
    ["llm: {}", "5:5", "not_built_yet", "`llm` is not built yet"],
    ["a2a: {}", "5:5", "not_built_yet", "`a2a` is not built yet"],
    ["sql: {}", "5:5", "not_built_yet", "`sql` is not built yet"],
  ])("is refused with %j", (rest, place, code, message) => {
    expect(said(problemsOf(tool(rest)))).toEqual([`tools.yaml:${place} ${code} ${message}`]);
  });

  it("shows no argument by another word than true or false", () => {
    const text = `  t:\n    ${CALL}\n    args: { to: { from: json.to, record: yes } }\n`;
    expect(said(problemsOf(text))).toEqual(["tools.yaml:4:42 wrong_type expected true or false, found the text `yes`"]);
  });

  it.each(["api.example.com:443", "api.example.com:80"])("is at no host with the port of its scheme: %s", (host) => {
    const text = `  t: { http: { method: GET, host: "${host}", path: / } }\n`;
    expect(problemsOf(text)).toMatchObject([{ code: "wrong_value", line: 2, column: 35, fix: "write api.example.com" }]);
  });
});

describe("a JSON Schema of arguments", () => {
  const withSchema = (schema: unknown) => [tool("schema: t.schema.json"), { "t.schema.json": JSON.stringify(schema, null, 1) }] as const;
  const properties = { model: { type: "string" }, to: {}, n: { type: "integer" } };

  it("is kept as it is checked: 2020-12, without remarks", () => {
    const schema = {
      $schema: "https://json-schema.org/draft/2020-12/schema",
      $id: "https://example.com/t",
      title: "T",
      description: "what it is",
      "x-internal": 1,
      type: "object",
      required: ["to"],
      additionalProperties: false,
      properties: { ...properties, model: { $ref: "#/$defs/model", description: "the model", examples: ["gpt-5"], default: "gpt-5" } },
      $defs: { model: { type: "string", pattern: "^[a-z]+$", $comment: "lower" } },
    };
    expect(catalogueOf(...withSchema(schema))[0]?.schema).toEqual({
      type: "object",
      required: ["to"],
      additionalProperties: false,
      properties: { ...properties, model: { $ref: "#/$defs/model" } },
      $defs: { model: { type: "string", pattern: "^[a-z]+$" } },
    });
    expect(warningsOf(...withSchema(schema))).toEqual([]);
  });

  it("is read in draft-07 as well", () => {
    const schema = {
      $schema: "http://json-schema.org/draft-07/schema#",
      properties: { ...properties, to: { type: "array", items: [{ type: "string" }], additionalItems: { $ref: "#/definitions/n" } } },
      definitions: { n: { type: "integer" } },
    };
    expect(catalogueOf(...withSchema(schema))[0]?.schema).toEqual({
      properties: { ...properties, to: { type: "array", prefixItems: [{ type: "string" }], items: { $ref: "#/$defs/n" } } },
      $defs: { n: { type: "integer" } },
    });
  });

  it("may be shared by tools, and is found beside their file", () => {
    const text =
      "tools:\n  a:\n    http: { method: POST, host: h.example, path: /a, body: json }\n    args: { x: { from: json.x } }\n    schema: s.schema.json\n";
    const files = [
      POLICY,
      { name: "pay/tools.yaml", text: text },
      { name: "pay/more.yaml", text: text.replace("  a:", "  b:").replace("path: /a", "path: /b") },
      { name: "pay/s.schema.json", text: '{ "properties": { "x": { "type": "integer" } } }' },
      { name: "s.schema.json", text: '{ "properties": { "x": { "type": "string" } } }' },
    ];
    const compiled = compilePolicies(files);
    if (compiled.kind === "invalid") throw new Error(JSON.stringify(compiled.problems));
    expect(compiled.program.catalogue.map(({ schema }) => schema)).toEqual(new Array(2).fill({ properties: { x: { type: "integer" } } }));
    expect(said(compiled.warnings)).toEqual(["s.schema.json:1:1 schema_unused no tool names this schema"]);
  });

  it("of a guardrail is the guardrails' own, though the policies' file has the same name", () => {
    const of = (name: string, type: string) => [
      {
        name: "tools.yaml",
        text: `tools:\n  ${name}:\n    ${CALL.replace("/v1/x", `/${name}`)}\n    ${ARGS}\n    schema: t.schema.json\n`,
      },
      { name: "t.schema.json", text: JSON.stringify({ properties: { ...properties, to: { type } } }) },
    ];
    const compiled = compilePolicies([POLICY, ...of("own", "integer")], { guardrails: of("guard", "string") });
    if (compiled.kind === "invalid") throw new Error(JSON.stringify(compiled.problems));
    expect(compiled.program.catalogue.map(({ tool: name, schema }) => [name, schema])).toEqual([
      ["guard", { properties: { ...properties, to: { type: "string" } } }],
      ["own", { properties: { ...properties, to: { type: "integer" } } }],
    ]);
    expect(compiled.warnings).toEqual([]);
  });

  it("is told that formats are not checked", () => {
    const schema = { properties: { ...properties, to: { type: "string", format: "email" } } };
    expect(said(warningsOf(...withSchema(schema)))).toEqual(["t.schema.json:8:4 does_nothing `format` is not checked"]);
  });

  it.each(BROKEN_SCHEMAS)("is told at its place: $name", ({ text, message, code, fix = null }) => {
    const before = text.slice(0, text.indexOf("§"));
    const line = before.split("\n").length;
    const column = before.length - before.lastIndexOf("\n");
    const [problem] = problemsOf(tool("schema: t.schema.json"), { "t.schema.json": text.replace("§", "") });
    expect(problem).toEqual({ file: "t.schema.json", line, column, code, message, fix });
  });

  it.each([
    [{ properties: { ...properties, n: { type: "string" } } }, "4:93", "`n` is read as an integer, and the schema takes only string"],
    [{ properties: { ...properties, model: { enum: [1, 2] } } }, "4:13", "`model` is read as a text, and the schema takes only number"],
    [{ properties: { ...properties, model: { const: null } } }, "4:13", "`model` is read as a text, and the schema takes only null"],
    [
      { properties: { ...properties, n: { $ref: "#/$defs/n" } }, $defs: { n: { type: ["array", "null"] } } },
      "4:93",
      "`n` is read as an integer, and the schema takes only array, null",
    ],
    [
      { allOf: [{ properties }, { properties: { n: { type: "boolean" } } }] },
      "4:93",
      "`n` is read as an integer, and the schema takes only boolean",
    ],
    [
      { additionalProperties: false, properties: { model: {}, n: {} } },
      "4:56",
      "the schema takes no argument `to`: every call that has it would be refused",
    ],
    [
      { unevaluatedProperties: false, allOf: [{ properties: { model: {}, n: {} } }] },
      "4:56",
      "the schema takes no argument `to`: every call that has it would be refused",
    ],
    [{ properties: { ...properties, to: false } }, "4:56", "the schema takes no argument `to`: every call that has it would be refused"],
    [
      { properties, required: ["to", "amount"] },
      "5:13",
      "the schema requires `amount`, which is no argument of the tool: every call would be refused",
    ],
  ])("contradicts the arguments: %j", (schema, place, message) => {
    expect(said(problemsOf(...withSchema(schema)))).toEqual([`tools.yaml:${place} schema_mismatch ${message}`]);
  });

  it.each([
    [{ properties: { model: {}, n: {} } }, "4:56", "the schema says nothing of `to`"],
    [{ properties: { ...properties, amount: {} } }, "5:13", "the schema's `amount` is no argument of the tool, so it is not checked"],
  ])("leaves something unchecked: %j", (schema, place, message) => {
    expect(said(warningsOf(...withSchema(schema)))).toEqual([`tools.yaml:${place} schema_mismatch ${message}`]);
  });

  it.each([
    { properties: { ...properties, n: { type: "number" } } },
    { properties: { ...properties, n: { enum: [1, 2, "x"] } } },
    { anyOf: [{ properties: { to: { type: "string" } } }, { properties: { n: {} } }], properties: { model: {} } },
    { unevaluatedProperties: false, properties: { model: {}, n: {} }, dependentSchemas: { n: { properties: { to: {} } } } },
    { if: { properties: { model: {} } }, else: { properties: { to: {}, n: {} } } },
    { properties, patternProperties: { "^t": {} }, additionalProperties: false },
    { properties: { model: {}, n: {} }, patternProperties: { "^t": {} }, additionalProperties: false },
  ])("goes with the arguments: %j", (schema) => {
    expect(warningsOf(...withSchema(schema))).toEqual([]);
    expect(problemsOf(...withSchema(schema))).toEqual([]);
  });

  it("is held to what a place of the call can carry", () => {
    const text = `  t:\n    ${CALL}\n    args: { q: { from: query.q }, j: { from: json.j } }\n    schema: t.schema.json\n`;
    const schema = (type: string) => ({ "t.schema.json": JSON.stringify({ properties: { q: { type }, j: { type } } }) });
    expect(problemsOf(text, schema("string"))).toEqual([]);
    expect(problemsOf(text, schema("integer"))).toMatchObject([
      {
        line: 4,
        column: 13,
        message: "`q` is read as the text of a query, and the schema takes only integer",
        fix: "write `type: integer`",
      },
    ]);
    expect(problemsOf(text, schema("object"))).toMatchObject([{ column: 13, fix: null }]);
  });

  it("has its own bounds", () => {
    const deep = Array.from({ length: 40 }).reduce<object>((inner) => ({ not: inner }), {});
    const wide = {
      $defs: { a: { anyOf: new Array(60).fill({ type: "string" }) }, b: { anyOf: new Array(60).fill({ $ref: "#/$defs/a" }) } },
    };
    const patterns = { properties: { ...properties, to: { anyOf: Array.from({ length: 33 }, (_, i) => ({ pattern: `^${i}` })) } } };
    const long = { properties: { ...properties, to: { enum: ["x".repeat(66_000)] } } };
    const messages = [deep, wide, patterns, long].map((schema) =>
      problemsOf(...withSchema({ properties, ...schema })).map(({ message }) => message),
    );
    expect(messages).toEqual([
      ["schemas stand more than 32 deep"],
      ["more than 2000 schemas would be walked for one call"],
      ["more than 32 patterns would be tried on one call"],
      ["the schema has more than 65536 characters"],
    ]);
  });

  it("is no bomb", () => {
    const layers = Array.from({ length: 40 }, (_, i) => [
      `d${i}`,
      { allOf: [{ $ref: `#/$defs/d${i + 1}` }, { $ref: `#/$defs/d${i + 1}` }] },
    ]);
    const $defs = { ...Object.fromEntries(layers), d40: {} };
    const schema = { properties: { ...properties, to: { $ref: "#/$defs/d0" } }, $defs };
    expect(problemsOf(...withSchema(schema)).map(({ code }) => code)).toEqual(["too_large"]);
  });
});

const two = (a: string, b: string, rest: { readonly method?: string; readonly host?: string } = {}) =>
  `  a: { http: { method: GET, host: h.example, path: "${a}" } }\n` +
  `  b: { http: { method: ${rest.method ?? "GET"}, host: ${rest.host ?? "h.example"}, path: "${b}" } }\n`;

describe("two tools", () => {
  it.each([
    ["/v1/x", "/v1/x", "/v1/x"],
    ["/:a", "/*", "/x"],
    ["/:a/b", "/a/:b", "/a/b"],
    ["/a/:b/**", "/a/**", null],
    ["/a/**", "/:x/b", "/a/b"],
    ["/**", "/**", "/"],
    ["/a/**", "/a/**", "/a"],
    ["/a/:x/**", "/a/*/c/**", null],
    ["/:a/x/**", "/a/**", "/a/x"],
    ["/:x/b/**", "/a/*/c", "/a/b/c"],
    ["/a", "/a/**", null],
    ["/", "/**", null],
    ["/a", "/:x", null],
    ["/a/*", "/a/**", null],
    ["/a/:x", "/b/:x", null],
    ["/a/:x", "/a/:x/b", null],
    ["/a/", "/a/:x", null],
    ["/a/", "/a/**", null],
    ["/a/b/:x", "/a/:y/:z", null],
    ["/a/b/:x", "/a/:y/c", "/a/b/c"],
  ])("at %s and %s both fit %s", (a, b, shared) => {
    const message = `\`a\` and \`b\` both fit GET h.example${shared}, and neither is the more specific`;
    const expected = shared === null ? [] : [`tools.yaml:3:3 tools_overlap ${message}`];
    expect(said(problemsOf(two(a, b)))).toEqual(expected);
    expect(problemsOf(two(b, a))).toHaveLength(expected.length);
  });

  it("are apart by their method or host", () => {
    expect(problemsOf(two("/:a", "/*", { method: "POST" }))).toEqual([]);
    expect(problemsOf(two("/:a", "/*", { host: "other.example" }))).toEqual([]);
    expect(problemsOf(two("/:a", "/*", { host: '"h.example:8443"' }))).toEqual([]);
  });

  const segment = fc.constantFrom("a", "b", ":x", "*", "**", "");
  const pattern = fc
    .array(segment, { minLength: 1, maxLength: 4 })
    .map((parts) => parts.filter((part, at) => (part !== "**" && part !== "") || at === parts.length - 1))
    .map((parts) => `/${parts.map((part, at) => (part === ":x" ? `:x${at}` : part)).join("/")}`);
  const path = fc.array(fc.constantFrom("a", "b", "c", "x"), { maxLength: 4 }).chain((parts) => fc.constantFrom(parts, [...parts, ""]));
  const catalogues = fc.uniqueArray(pattern, { minLength: 2, maxLength: 5 });

  it("never fit one path with equal right, whatever the catalogue", () => {
    let both = 0;
    fc.assert(
      fc.property(catalogues, fc.array(path, { minLength: 5, maxLength: 20 }), (patterns, paths) => {
        const text = patterns.map((one, at) => `  t${at}: { http: { method: GET, host: h.example, path: "${one}" } }\n`).join("");
        const compiled = compile(text);
        fc.pre(compiled.kind === "compiled");
        const catalogue = compiled.kind === "compiled" ? compiled.program.catalogue : [];
        const match = createCatalogue(catalogue);
        for (const segments of paths.filter((one) => one.length !== 1 || one[0] !== "")) {
          const fitting = catalogue
            .filter((entry) => matchPath(entry.path, segments) !== null)
            .sort((a, b) => compareSpecificity(a.path, b.path));
          for (const [at, entry] of fitting.entries()) {
            const next = fitting[at + 1];
            if (next === undefined) continue;
            both++;
            expect(compareSpecificity(entry.path, next.path)).toBeLessThan(0);
            expect(isNarrower(entry, next)).toBe(true);
          }
          const found = match({ method: "GET" }, "http", targetOf("h.example", segments));
          const [best] = fitting;
          if (found.kind === "match")
            expect(found.tool).toEqual(best === undefined ? { kind: "unknown" } : { kind: "known", name: best.tool });
        }
      }),
      { numRuns: 400 },
    );
    expect(both).toBeGreaterThan(20);
  });

  it("are refused only for a path that both fit", () => {
    let refused = 0;
    fc.assert(
      fc.property(fc.tuple(pattern, pattern), ([a, b]) => {
        const shared = /fit GET h\.example(\/\S*), and neither/.exec(problemsOf(two(a, b))[0]?.message ?? "")?.[1];
        if (shared === undefined) return;
        refused++;
        const segments = shared === "/" ? [] : shared.slice(1).split("/");
        for (const one of [a, b]) {
          const [entry] = catalogueOf(`  t: { http: { method: GET, host: h.example, path: "${one}" } }\n`);
          expect(matchPath(entry?.path ?? [], segments)).not.toBeNull();
        }
      }),
      { numRuns: 600 },
    );
    expect(refused).toBeGreaterThan(5);
  });
});

const WIDTH = { literal: 0, any: 1, bind: 1, rest: 2 } as const;

/** Every place of a path it has in common with the other is at most as wide. */
function isNarrower(a: CatalogueEntry, b: CatalogueEntry): boolean {
  const widthAt = ({ path }: CatalogueEntry, at: number) => {
    const part = path[at] ?? (path.at(-1)?.kind === "rest" ? path.at(-1) : undefined);
    return part === undefined ? 0 : WIDTH[part.kind];
  };
  const places = Array.from({ length: Math.max(a.path.length, b.path.length) }, (_, at) => at);
  return places.every((at) => widthAt(a, at) <= widthAt(b, at)) && places.some((at) => widthAt(a, at) < widthAt(b, at));
}
