import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { FILE_KINDS, type FileKind } from "../../../src/policy/compile/schemas/index.ts";
import { renderSchema } from "../../../src/policy/compile/schemas/render-schema.ts";
import { compileFiles } from "./compile-one.ts";

const policies = join(import.meta.dirname, "..", "..", "..", "policies");
const KINDS = Object.keys(FILE_KINDS) as readonly FileKind[];
const EXAMPLES = readdirSync(join(policies, "examples"), { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".yaml"));

const validators = new Map(
  KINDS.map((kind) => [kind, new Ajv2020({ strict: true, allowUnionTypes: true }).compile(JSON.parse(renderSchema(kind)))]),
);
const fits = (kind: FileKind, data: unknown) => validators.get(kind)?.(data);

describe("the JSON Schema of policy files", () => {
  it.each(KINDS)("of %s is written beside them", async (kind) => {
    await expect(renderSchema(kind)).toMatchFileSnapshot(`../../../policies/schemas/${kind}.schema.json`);
  });

  it.each(EXAMPLES)("takes the example %s", (name) => {
    const data: unknown = parse(readFileSync(join(policies, "examples", name), "utf8"));
    const kind = KINDS.find((one) => typeof data === "object" && data !== null && one in data);
    expect(kind === undefined ? name : fits(kind, data)).toBe(true);
  });

  it.each([
    ["policy", "{ policy: p, ruls: [] }"],
    ["policy", "{ rules: [] }"],
    ["policy", "{ policy: p, rules: [{ id: a, then: alow }] }"],
    ["policy", "{ policy: p, rules: [{ id: A b, then: allow }] }"],
    ["policy", "{ policy: p, rules: [{ id: a, set: { x: 1 } }] }"],
    ["tools", "{ tools: { a: { htp: {} } } }"],
    ["groups", "{ groups: { a: [x] } }"],
    ["cases", "{ cases: [{ name: x, call: {}, expect: allow }] }"],
  ] as const)("of %s refuses %s", (kind, text) => {
    expect(fits(kind, parse(text))).toBe(false);
  });

  it("may be named in each file", () => {
    const named = (text: string) => `{"$schema":"../schemas/x.schema.json",${text.slice(1)}`;
    const program = compileFiles(
      named('{"policy":"p","rules":[{"id":"a","then":"deny"}]}'),
      named('{"tools":{}}'),
      named('{"groups":{}}'),
      named('{"cases":[]}'),
    );
    expect(program.rules).toHaveLength(1);
  });
});
