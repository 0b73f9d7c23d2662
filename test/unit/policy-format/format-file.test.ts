import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Parser, parseDocument } from "yaml";
import { compilePolicies } from "../../../src/policy/compile/compile-policies.ts";
import { digestProgram } from "../../../src/policy/digest-policy.ts";
import { formatFile } from "../../../src/policy/format/format-file.ts";
import { layOut } from "../../../src/policy/format/lay-out.ts";
import { SOAK_FACTOR, seedOf } from "../../tools/soak-factor.ts";
import { BROKEN_FILES } from "../policy-compile/broken-files.ts";
import { layouts, randomYaml, relay } from "./random-yaml.ts";

const POLICIES = join(import.meta.dirname, "..", "..", "..", "policies");
const FOLDER = /^(?:examples|packs|starters)\/[^/.]+$/;
const TRAPS = BROKEN_FILES.filter(({ fix }) => fix?.startsWith("write the expression as a block") === true);

/** What is no expression however it is written: its file is YAML then, and the expression is told. */
const NO_CEL = [
  "an expression that begins with a bracket",
  "an expression that begins with a brace",
  "an expression read as an anchor",
  "an expression read as an anchor with a value",
  "an expression that begins with an at sign",
  "an expression that begins with a percent sign",
];

const textOf = (text: string, name = "p.yaml") => {
  const formatted = formatFile({ name, text });
  return formatted.kind === "formatted" ? formatted.text : formatted.problems;
};
const rule = (lines: string) => `policy: p\nrules:\n  - id: a\n    then: deny\n${lines}`;

describe("what is laid out anew", () => {
  it.each([
    ["indentation is two columns", "policy: p\nrules:\n- id: a\n  then: deny\n", "policy: p\nrules:\n  - id: a\n    then: deny\n"],
    ["one space stands between things", "policy:    p\nmatch: {agents: [ a,b ]}\n", "policy: p\nmatch: { agents: [a, b] }\n"],
    ["one space stands before a comment", "policy: p     # why   \n", "policy: p # why\n"],
    ["one blank line stays of many", "\n\npolicy: p\n\n\n\nversion: 1.0.0\n\n\n", "policy: p\n\nversion: 1.0.0\n"],
    ["lines end with a line feed", "policy: p\r\nrules: []\r\n", "policy: p\nrules: []\n"],
    ["the last line ends", "policy: p", "policy: p\n"],
    ["quotes stay as they are", "policy: \"p\"\nversion: '1.0.0'\n", "policy: \"p\"\nversion: '1.0.0'\n"],
    ["a comma at the end goes", "policy: p\nmatch: { agents: [a, ], }\n", "policy: p\nmatch: { agents: [a] }\n"],
    [
      "brackets over lines come together where they fit",
      "policy: p\nmatch: {\n  agents: [a,\n    b]\n}\n",
      "policy: p\nmatch: { agents: [a, b] }\n",
    ],
    [
      "brackets that do not fit become a block",
      `policy: p\nmatch: { agents: [${"a".repeat(70)}, ${"b".repeat(70)}], hosts: [c] }\n`,
      `policy: p\nmatch:\n  agents:\n    - ${"a".repeat(70)}\n    - ${"b".repeat(70)}\n  hosts: [c]\n`,
    ],
    [
      "brackets with a comment become a block",
      "policy: p\nrules:\n  - { id: a, # why\n      then: deny }\n",
      "policy: p\nrules:\n  - id: a # why\n    then: deny\n",
    ],
    [
      "a block keeps its lines",
      rule("    if: |\n           a\n             && b\n\n    code: c\n"),
      rule("    if: |\n      a\n        && b\n\n    code: c\n"),
    ],
    [
      "a block with a given indentation keeps its lines",
      "policy: p\ndescription: |4\n      a\n    b\n",
      "policy: p\ndescription: |2\n    a\n  b\n",
    ],
    [
      "a text over lines keeps its lines",
      'policy: p\ndescription: "a\n       b\\\n\n  c" # d\n',
      'policy: p\ndescription: "a\n  b\\\n\n  c" # d\n',
    ],
    [
      "comments stand as what follows, or as what they end",
      "policy: p\nrules:\n# before\n- id: a\n  then: deny\n  # behind\n\n# next\n- id: b\n  then: deny\n# top\nversion: 1.0.0\n# end\n",
      "policy: p\nrules:\n  # before\n  - id: a\n    then: deny\n    # behind\n\n  # next\n  - id: b\n    then: deny\n# top\nversion: 1.0.0\n# end\n",
    ],
    ["a list in a list stays", "cases:\n-   - a\n    - b\n", "cases:\n  - - a\n    - b\n"],
    ["an anchor stays", "policy: p\nmatch: &m\n    agents: [a]\nrules: [ *m ]\n", "policy: p\nmatch: &m\n  agents: [a]\nrules: [*m]\n"],
    ["a value on a line of its own stays there", rule("    if:\n        a && b\n"), rule("    if:\n      a && b\n")],
  ])("%s", (_name, text, wanted) => {
    expect(textOf(text)).toBe(wanted);
    expect(textOf(wanted)).toBe(wanted);
  });

  it("is JSON again where it was JSON", () => {
    expect(textOf('{"policy":"p",\n"rules":[]}', "p.json")).toBe('{\n  "policy": "p",\n  "rules": []\n}\n');
  });

  it("is nothing where the file is broken in another way", () => {
    expect(textOf("policy: p\nrules: []\nrules: []\n")).toMatchObject([{ line: 3, column: 1, code: "syntax" }]);
    expect(textOf("policy: p\n---\npolicy: q\n")).toMatchObject([{ line: 2, column: 1 }]);
  });

  it("reads the same, with the same comments, and is not laid out again", () => {
    fc.assert(
      fc.property(randomYaml, (text) => {
        fc.pre(parseDocument(text).errors.length === 0);
        const once = layOut(text) ?? "";
        expect(parseDocument(once).toJS()).toEqual(parseDocument(text).toJS());
        expect(commentsOf(once)).toEqual(commentsOf(text));
        expect(layOut(once)).toBe(once);
      }),
      { numRuns: 500 * SOAK_FACTOR, seed: seedOf(1) },
    );
  });
});

function commentsOf(text: string): readonly string[] {
  const comments: string[] = [];
  const walk = (value: unknown): void => {
    if (typeof value !== "object" || value === null) return;
    if ("type" in value && value.type === "comment" && "source" in value) comments.push(String(value.source).trim());
    else for (const part of Object.values(value)) walk(part);
  };
  walk([...new Parser().parse(text)]);
  return comments;
}

describe("a folder that is formatted", () => {
  it.each(readdirSync(POLICIES, { recursive: true, encoding: "utf8" }).filter((name) => FOLDER.test(name)))(
    "compiles to the same program, however it was laid out before: %s",
    (folder) => {
      const names = readdirSync(join(POLICIES, folder)).filter((name) => /\.(?:yaml|json)$/.test(name));
      const files = names.map((name) => ({ name, text: readFileSync(join(POLICIES, folder, name), "utf8") }));
      const digest = digestOf(files);
      expect(digest).toMatch(/^[0-9a-f]{64}$/);
      expect(digestOf(files.map(formatted))).toBe(digest);
      fc.assert(
        fc.property(layouts, (layout) => {
          const before = files.map(({ name, text }) => ({
            name,
            text: name.endsWith(".yaml") ? relay(parseDocument(text), layout) : text,
          }));
          // The library that lays it out anew breaks some texts over lines where they cannot be broken.
          fc.pre(digestOf(before) === digest);
          expect(digestOf(before.map(formatted))).toBe(digest);
        }),
        { numRuns: 3 * SOAK_FACTOR, seed: seedOf(3) },
      );
    },
  );
});

type File = { readonly name: string; readonly text: string };

function formatted({ name, text }: File): File {
  return name.endsWith(".schema.json") ? { name, text } : { name, text: String(textOf(text, name)) };
}

function digestOf(files: readonly File[]): string {
  const compiled = compilePolicies(files);
  return compiled.kind === "compiled" ? digestProgram(compiled.program) : JSON.stringify(compiled.problems);
}

describe("a trap of YAML", () => {
  it.each(TRAPS)("is repaired, and what it says is read: $name", ({ text, name }) => {
    const repaired = String(textOf(text.replace("§", "")));
    const compiled = compilePolicies([{ name: "p.yaml", text: repaired }]);
    const codes = new Set(compiled.kind === "invalid" ? compiled.problems.map(({ code }) => code) : []);
    expect([...codes]).toEqual(NO_CEL.includes(name) ? [expect.stringMatching(/^(bad_expression|type_error)$/)] : []);
    expect(textOf(repaired)).toBe(repaired);
  });

  it.each([
    ["!", "    if: !has(args.to)\n", "    if: |\n      !has(args.to)\n"],
    ["a quote", `    if: "a" in caller.roles\n`, `    if: |\n      "a" in caller.roles\n`],
    ["a single quote", `    if: 'a' in caller.roles\n`, `    if: |\n      'a' in caller.roles\n`],
    ["a colon", `    if: caller.agent == "a: b"\n`, `    if: |\n      caller.agent == "a: b"\n`],
    ["a sharp in a text", `    if: caller.agent == "a #b"\n`, `    if: |\n      caller.agent == "a #b"\n`],
    ["a comment", "    if: http.port == 1 # why\n", "    if: | # why\n      http.port == 1\n"],
    ["an asterisk", "    if: *a == 1\n", "    if: |\n      *a == 1\n"],
    ["an at sign", "    if: @a == 1\n", "    if: |\n      @a == 1\n"],
    ["a per cent sign", "    if: %a == 1\n", "    if: |\n      %a == 1\n"],
    ["a brace", `    if: {"a": 1}.a == 1\n`, `    if: |\n      {"a": 1}.a == 1\n`],
    [
      "further lines, with comments between them",
      `    if: !has(args.to) # one\n      || args.to == "x: #y" # two\n\n      # three\n      && http.port == 1\n    code: c\n`,
      `    if: | # one # two # three\n      !has(args.to)\n      || args.to == "x: #y"\n      && http.port == 1\n    code: c\n`,
    ],
    ["a line of its own", "    if:\n      !has(args.to)\n    code: c\n", "    if: |\n      !has(args.to)\n    code: c\n"],
    ["a quoted key", `    "if": !has(args.to)\n`, `    "if": |\n      !has(args.to)\n`],
    ["an escape in a text", `    if: "a\\"b" == args.a\n`, `    if: |\n      "a\\"b" == args.a\n`],
    ["a raw text", `    if: r"a\\" == args.a && "b: c" == args.b\n`, `    if: |\n      r"a\\" == args.a && "b: c" == args.b\n`],
  ])("becomes a block: %s", (_name, broken, wanted) => {
    expect(textOf(rule(broken))).toBe(rule(wanted));
    expect(textOf(rule(wanted))).toBe(rule(wanted));
  });

  it("as the first key of a rule becomes a block there", () => {
    expect(textOf("policy: p\nrules:\n- if: !has(args.to)\n  id: a\n")).toBe(
      "policy: p\nrules:\n  - if: |\n      !has(args.to)\n    id: a\n",
    );
  });

  it.each([
    [`caller.agent in ["a"]`, `'caller.agent in ["a"]'`],
    [`"a" in caller.roles`, `'"a" in caller.roles'`],
    [`'a' in caller.roles && x == "it's"`, `'''a'' in caller.roles && x == "it''s"'`],
    [`inCidr(http.host, "10.0.0.0/8")`, `'inCidr(http.host, "10.0.0.0/8")'`],
    [`caller.actors.exists(a, a == caller.agent)`, `'caller.actors.exists(a, a == caller.agent)'`],
    [`!has(args.to)`, `'!has(args.to)'`],
    [`args.to == "}, {"`, `'args.to == "}, {"'`],
  ])("inside brackets is quoted: %s", (expression, quoted) => {
    const file = (text: string) => `policy: p\nrules: [{ id: a, if: ${text}, n: 1 }, { if: ${text} }]\n`;
    expect(textOf(file(expression))).toBe(file(quoted));
    expect(textOf(file(quoted))).toBe(file(quoted));
  });

  it.each([
    ["`: `", "    reason: over $5: not yet\n", '    reason: "over $5: not yet"\n'],
    ["`: ` before a comment", "    reason: over $5: no # why: c\n", '    reason: "over $5: no" # why: c\n'],
    ["a colon at the end", "    hint: not yet:\n", '    hint: "not yet:"\n'],
    ["`: ` and quotes", `    reason: it's: "so" \\o\n`, `    reason: 'it''s: "so" \\o'\n`],
    ["a placeholder at the beginning", "    reason: {caller.agent} may not\n", '    reason: "{caller.agent} may not"\n'],
    ["an at sign", "    reason: @x y\n", '    reason: "@x y"\n'],
    ["a quoted word", `    reason: "Ask" them\n`, `    reason: '"Ask" them'\n`],
    ["an asterisk", "    reason: *x y\n", '    reason: "*x y"\n'],
    [
      "`: ` in a text over lines",
      "    reason: Over $5: x,\n      ask\n    code: c\n",
      '    reason: "Over $5: x,\n      ask"\n    code: c\n',
    ],
    [
      "several, beside a condition",
      `    if: caller.agent == "a: b"\n    reason: x: y\n    hint: y: z\n`,
      `    if: |\n      caller.agent == "a: b"\n    reason: "x: y"\n    hint: "y: z"\n`,
    ],
  ])("in a plain text of another key is quoted: %s", (_name, broken, wanted) => {
    expect(textOf(rule(broken))).toBe(rule(wanted));
    expect(textOf(rule(wanted))).toBe(rule(wanted));
  });

  it.each([
    ["{ id: a, reason: over $5: not yet }", '{ id: a, reason: "over $5: not yet" }'],
    ["{ id: a, reason: over $5: no, sorry, code: x }", '{ id: a, reason: "over $5: no, sorry", code: x }'],
    ["{ redact: [{ json: $.a[*].b, on: request }] }", '{ redact: [{ json: "$.a[*].b", on: request }] }'],
    ["{ set: { x-a: by-{caller.agent} } }", '{ set: { x-a: "by-{caller.agent}" } }'],
    ["{ reason: {caller.agent} may not }", '{ reason: "{caller.agent} may not" }'],
    ['{ if: x in ["a"], reason: a: b }', `{ if: 'x in ["a"]', reason: "a: b" }`],
  ])("in a plain text inside brackets is quoted: %s", (broken, wanted) => {
    const file = (text: string) => `policy: p\nrules: [${text}]\n`;
    expect(textOf(file(broken))).toBe(file(wanted));
    expect(textOf(file(wanted))).toBe(file(wanted));
  });

  it("stays where a comment stands between the lines of the text, and a comment stays a comment", () => {
    expect(textOf(rule("    reason: Over $5: x, # c\n      ask\n"))).toMatchObject([{ code: "yaml_trap", line: 5, column: 13 }]);
    expect(textOf(rule("    reason: fix #5: now\n"))).toBe(rule("    reason: fix #5: now\n"));
  });

  it("is no trap in a block, in quotes, in a comment or in another text", () => {
    const text = `policy: p # if: !x\ndescription: |\n  if: !has(args.to)\nrules:\n  - id: a\n    if: '!has(args.to)'\n    then: deny\n    reason: "if: !x"\n`;
    expect(textOf(text)).toBe(text);
  });

  it("stays where something else is broken too, and is told", () => {
    expect(textOf(rule("    if: !has(args.to)\n    then: deny\n"))).toMatchObject([
      { code: "syntax", message: "this key stands twice in the same map" },
    ]);
  });

  it("in any expression is repaired to that very expression", () => {
    const atom = fc.constantFrom(
      "!has(args.a)",
      '"a: b" == args.a',
      "args.b in ['x, y', \"#\"]",
      "'} #' in caller.roles",
      "http.port == 1",
      'caller.agent == "a # b"',
    );
    fc.assert(
      fc.property(fc.array(atom, { minLength: 1, maxLength: 3 }), fc.boolean(), fc.boolean(), (atoms, isFlow, isFolded) => {
        const expression = atoms.join(isFolded ? "\n        && " : " && ");
        const text = isFlow
          ? `policy: p\nrules: [{ id: a, if: ${expression}, then: deny }]\n`
          : rule(`    if: ${expression}\n    code: c\n`);
        const { rules } = parseDocument(String(textOf(text))).toJS();
        expect(rules[0].if.replaceAll(/\s+/g, " ").trim()).toBe(atoms.join(" && "));
      }),
      { numRuns: 300 * SOAK_FACTOR, seed: seedOf(2) },
    );
  });
});
