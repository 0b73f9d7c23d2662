import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { covers, intersectNames, makeNames } from "../../../src/policy/compile/match/names.ts";
import { intersectGlobs, parsePathPattern, toGlob } from "../../../src/policy/compile/match/path-patterns.ts";
import type { PathGlob } from "../../../src/policy/program.ts";
import { CATALOGUE, compileFiles, findRule, messagesOf } from "./compile-one.ts";

const matchOf = (match: string, then = "allow", outer = "{}") =>
  findRule(compileFiles(CATALOGUE, `policy: p\nmatch: ${outer}\nrules:\n  - { id: a, then: ${then}, match: ${match} }\n`), "p/a").match;

const is = (...names: readonly string[]) => ({ is: Object.fromEntries(names.map((name) => [name, true])), starts: [], ends: [] });

describe("a match", () => {
  it.each([
    ["{}", {}],
    ["{ agents: ['*'] }", {}],
    ["{ agents: [b, a, fin-*, fin-x] }", { agent: { is: { a: true, b: true }, starts: ["fin-"], ends: [] } }],
    [
      "{ hosts: [API.example.com, .example.org, 'h.example:8443'] }",
      { host: { is: { "api.example.com": true, "h.example:8443": true }, starts: [], ends: [".example.org"] } },
    ],
    ["{ methods: [GET, POST] }", { method: is("GET", "POST") }],
    ["{ protocols: [tunnel] }", { protocol: is("tunnel") }],
    ["{ tools: [pay.*] }", { tool: is("pay.create", "pay.refund") }],
    ["{ tools: ['*'] }", { tool: is("crm.read", "pay.create", "pay.refund") }],
    ["{ tools: [crm.read, unknown] }", { tool: is("crm.read", "unknown") }],
    ["{ roles: [b, a, fin-*] }", { role: { is: { a: true, b: true }, starts: ["fin-"], ends: [] } }],
    ["{ roles: ['*'] }", { role: { is: {}, starts: [""], ends: [] } }],
    ["{ groups: [treasury] }", { group: is("treasury") }],
    ["{ operations: [tools/call, tools/*] }", { operation: { is: {}, starts: ["tools/"], ends: [] } }],
    [
      "{ models: [gpt-5, meta~llama, 'claude-*'] }",
      { model: { is: { "gpt-5": true, "meta~llama": true }, starts: ["claude-"], ends: [] } },
    ],
    [
      "{ paths: [/, /v1/*, '/v1/:id/x', /a/**, /**] }",
      {
        path: [
          { open: false, n: 0, fixed: [] },
          { open: false, n: 2, fixed: [[0, "v1"]] },
          {
            open: false,
            n: 3,
            fixed: [
              [0, "v1"],
              [2, "x"],
            ],
          },
          { open: true, n: 1, fixed: [[0, "a"]] },
          { open: true, n: 0, fixed: [] },
        ],
      },
    ],
  ])("%s becomes the engine's form", (source, match) => {
    expect(matchOf(source)).toEqual(match);
  });

  it("covers calls of unknown tools with a star only where it restricts", () => {
    expect(matchOf("{ tools: ['*'] }", "deny")).toEqual({ tool: is("crm.read", "pay.create", "pay.refund", "unknown") });
    expect(matchOf("{ tools: [pay.*] }", "deny")).toEqual({ tool: is("pay.create", "pay.refund") });
  });

  it.each([
    ["{ agents: [fin-*] }", "{ agents: [fin-a, ops-b] }", { agent: is("fin-a") }],
    ["{ agents: [fin-*] }", "{ agents: [fin-eu-*, f*] }", { agent: { is: {}, starts: ["fin-"], ends: [] } }],
    ["{ hosts: [.example.com] }", "{ hosts: [a.example.com, example.com] }", { host: is("a.example.com") }],
    ["{ hosts: [.example.com] }", "{ methods: [GET] }", { host: { is: {}, starts: [], ends: [".example.com"] }, method: is("GET") }],
    ["{ tools: [pay.*] }", "{ tools: [pay.create, crm.read] }", { tool: is("pay.create") }],
    ["{ models: [gpt-*] }", "{ models: [gpt-5, claude-4] }", { model: is("gpt-5") }],
    ["{ roles: [fin-*] }", "{ roles: [fin-a] }", { role: is("fin-a") }],
    ["{ roles: [fin-a] }", "{ roles: [fin-*, ops] }", { role: is("fin-a") }],
    ["{ groups: [a] }", "{ roles: [b] }", { role: is("b"), group: is("a") }],
    [
      "{ paths: [/v1/**] }",
      "{ paths: ['/*/x', '/v2/x'] }",
      {
        path: [
          {
            open: false,
            n: 2,
            fixed: [
              [0, "v1"],
              [1, "x"],
            ],
          },
        ],
      },
    ],
  ])("%s joined with %s is what both cover", (outer, inner, match) => {
    expect(matchOf(inner, "allow", outer)).toEqual(match);
  });

  it.each([
    ["{ paths: ['/a/:id/**', '/b/:id'] }", "{}", [["?eq", ["segment", "1"], "7"]]],
    ["{}", "{ paths: ['/a/:id'] }", [["?eq", ["segment", "1"], "7"]]],
    ["{ paths: ['/a/:id'] }", "{ paths: ['/a/*', '/*/7'] }", [["?eq", ["segment", "1"], "7"]]],
    ["{ paths: ['/a/:id/**'] }", "{ paths: ['/*/:id/x'] }", [["?eq", ["segment", "1"], "7"]]],
  ])("%s joined with %s binds a name at its place", (outer, inner, clause) => {
    const text = `policy: p\nmatch: ${outer}\nrules:\n  - { id: a, then: deny, match: ${inner}, if: 'path.id == "7"' }\n`;
    expect(findRule(compileFiles(text), "p/a").maybe).toEqual([clause]);
  });

  it.each([
    ["{ paths: ['/a/:id', '/b/x/:id'] }", "{}"],
    ["{ paths: ['/a/:id', '/b/*'] }", "{}"],
    ["{ paths: ['/:id/**'] }", "{ paths: ['/a/:id'] }"],
    ["{ paths: ['/:id/**'] }", "{ paths: ['/*/:id', '/*/x/:id'] }"],
  ])("%s joined with %s binds no name", (outer, inner) => {
    const text = `policy: p\nmatch: ${outer}\nrules:\n  - { id: a, then: deny, match: ${inner}, if: 'path.id == "7"' }\n`;
    expect(messagesOf(text)).toHaveLength(1);
    expect(messagesOf(text)[0]).toMatch(/^`path\.id` /);
  });

  it("refuses a name that an object would lose", () => {
    expect(messagesOf("policy: p\nrules:\n  - { id: a, then: deny, match: { agents: [__proto__] } }\n")).toEqual([
      "`__proto__` is no name of an agent",
    ]);
  });

  it("joins names exactly", () => {
    const part = fc.array(fc.stringMatching(/^[ab]{0,3}$/), { maxLength: 3 });
    fc.assert(
      fc.property(part, part, part, part, fc.stringMatching(/^[ab]{0,4}$/), (is1, starts1, is2, starts2, name) => {
        const a = makeNames({ is: is1, starts: starts1 });
        const b = makeNames({ is: is2, starts: starts2 });
        expect(covers(intersectNames(a, b), name)).toBe(covers(a, name) && covers(b, name));
      }),
    );
  });

  it("joins paths exactly", () => {
    const pattern = fc
      .tuple(fc.array(fc.constantFrom("a", "b", "*", ":x"), { maxLength: 3 }), fc.boolean())
      .map(([segments, open]) =>
        globOf(`/${[...new Set([...segments.slice(0, 1), ...segments.slice(1).map((s) => (s === ":x" ? "*" : s))])].join("/")}`, open),
      );
    fc.assert(
      fc.property(
        fc.array(pattern, { minLength: 1, maxLength: 3 }),
        fc.array(pattern, { minLength: 1, maxLength: 3 }),
        fc.array(fc.constantFrom("a", "b", "c"), { maxLength: 4 }),
        (a, b, path) => {
          expect(fits(intersectGlobs(a, b), path)).toBe(fits(a, path) && fits(b, path));
        },
      ),
    );
  });
});

function globOf(text: string, open: boolean): PathGlob {
  const spot = { file: "", line: 1, column: 1, written: null, in: () => spot, problem: () => null, warning: () => {} };
  const segments = parsePathPattern(open ? `${text === "/" ? "" : text}/**` : text, spot);
  if (segments === null) throw new Error(`no pattern: ${text}`);
  return toGlob(segments);
}

function fits(globs: readonly PathGlob[], path: readonly string[]): boolean {
  return globs.some(
    ({ open, n, fixed }) => (open ? path.length >= n : path.length === n) && fixed.every(([at, text]) => path[at] === text),
  );
}
