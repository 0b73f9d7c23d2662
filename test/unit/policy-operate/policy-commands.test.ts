import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { buildPolicy } from "../../../src/operate/build-policy.ts";
import { testPolicy } from "../../../src/operate/test-policy.ts";
import { validatePolicy } from "../../../src/operate/validate-policy.ts";
import { readBundle } from "../../../src/policy/bundle/read-bundle.ts";

const root = join(import.meta.dirname, "..", "..", "..");
const examples = join(root, "policies", "examples");
const wasm = await readFile(join(root, "policies", "engine", "policy.wasm"));

const BENCH = { wasm, nowMs: Date.UTC(2026, 0, 1), threads: 1 };

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "sluice-policy-"));
});
afterEach(() => rm(folder, { recursive: true }));

describe("policy test", () => {
  it("passes every case of the examples and hits every rule", async () => {
    const tested = await testPolicy({ folder: examples, ...BENCH });
    expect(tested.kind === "tested" ? tested.results.filter(({ differences }) => differences.length > 0) : tested).toEqual([]);
    expect(tested).toMatchObject({ kind: "tested", failed: 0, neverHit: [] });
    expect(tested.kind === "tested" ? tested.results.length : 0).toBeGreaterThanOrEqual(24);
  });

  it("names what a case expected and did not get, and the rules that no case hits", async () => {
    await writeFile(
      join(folder, "p.yaml"),
      "policy: p\nrules:\n  - { id: a, match: { hosts: [a.example] }, then: allow }\n  - { id: b, match: { hosts: [b.example] }, then: deny }\nlimits:\n  - { id: l, match: { hosts: [c.example] }, per: [agent], rate: 5/s }\n",
    );
    await writeFile(
      join(folder, "cases.yaml"),
      'cases:\n  - name: wrong\n    caller: { agent: x }\n    call: { method: GET, host: a.example, path: / }\n    expect: { decision: deny, rule: p/b, limits: [p/l], redactions: ["header:x"] }\n',
    );
    const tested = await testPolicy({ folder, ...BENCH });
    expect(tested).toEqual({
      kind: "tested",
      results: [
        {
          name: "wrong",
          file: "cases.yaml",
          line: 2,
          differences: [
            "decision: expected deny, got allow",
            "rule: expected p/b, got p/a",
            "redactions: expected [header:x], got []",
            "limits: expected [p/l], got []",
          ],
          got: expect.objectContaining({ decision: "allow", rule: "p/a", code: null, redactions: [], limits: [] }),
          explanation: {
            because: "allow by p/a",
            unknowns: [],
            rules: [expect.objectContaining({ rule: "p/a", effect: "allow", outcome: "decides" })],
          },
        },
      ],
      failed: 1,
      rules: 3,
      neverHit: [
        { id: "p/b", file: "p.yaml", line: 4 },
        { id: "p/l", file: "p.yaml", line: 6 },
      ],
      warnings: [],
    });
  });

  it.each([
    ["limits: []", ["p/a", "p/l"]],
    ["redactions: ['header:x']", ["p/a", "p/r"]],
    ["limits: [], redactions: ['header:x']", ["p/a", "p/l", "p/r"]],
    ["limits: [], rule: p/d", ["p/a", "p/d", "p/l", "p/r"]],
  ])("shows only the rules that matter where only what is charged or taken out differs: %s", async (expected, ids) => {
    const on = "match: { hosts: [a.example] }";
    await writeFile(
      join(folder, "p.yaml"),
      `policy: p\nrules:\n  - { id: a, ${on}, then: allow }\n  - { id: d, ${on}, then: deny, if: caller.agent == "y" }\n  - { id: r, ${on}, redact: [{ query: k }] }\nlimits:\n  - { id: l, ${on}, per: [agent], rate: 5/s }\n`,
    );
    await writeFile(
      join(folder, "cases.yaml"),
      `cases:\n  - { name: c, caller: { agent: x }, call: { method: GET, host: a.example, path: "/?k=1" }, expect: { decision: sanitize, ${expected} } }\n`,
    );
    const tested = await testPolicy({ folder, ...BENCH });
    expect(tested.kind === "tested" ? tested.results[0]?.explanation?.rules.map(({ rule }) => rule) : tested).toEqual(ids);
  });

  it("finds rules that no case hits where they are written: short forms, limits and guardrails too", async () => {
    const guards = await mkdtemp(join(tmpdir(), "sluice-guards-"));
    const one = "cases:\n  - { name: a, caller: { agent: x }, call: { method: GET, host: z.example, path: / }, expect: deny }\n";
    await writeFile(join(guards, "g.yaml"), "policy: g\nrules:\n  - { id: never, match: { methods: [PUT] }, then: deny }\n");
    await writeFile(
      join(folder, "p.yaml"),
      "policy: p\nallowed_domains: [a.example]\nlimits:\n  - { id: l, match: { methods: [PUT] }, per: [agent], rate: 5/s }\n",
    );
    await writeFile(join(folder, "cases.yaml"), one);
    expect(await testPolicy({ folder, guardrailFolders: [guards], ...BENCH })).toMatchObject({
      failed: 0,
      rules: 3,
      neverHit: [
        { id: "guardrail:g/never", file: join(guards, "g.yaml"), line: 3 },
        { id: "p/allowed_domains", file: "p.yaml", line: 2 },
        { id: "p/l", file: "p.yaml", line: 4 },
      ],
    });
    await rm(guards, { recursive: true });
  });

  it("runs nothing where the folder does not compile", async () => {
    await writeFile(join(folder, "p.yaml"), "policy: p\n");
    expect(await testPolicy({ folder, ...BENCH })).toMatchObject({ kind: "invalid", problems: [{ file: "p.yaml" }] });
  });
});

describe("policy validate", () => {
  it("tells what is in a folder", async () => {
    const validated = await validatePolicy({ folder: examples, strict: true });
    expect(validated).toMatchObject({ kind: "valid", warnings: [] });
    const { policies, rules, tools, cases } = validated.kind === "valid" ? validated : { policies: [], rules: 0, tools: 0, cases: 0 };
    expect(policies).toEqual(expect.arrayContaining([{ name: "payments", version: "1.0.0" }]));
    expect([policies.length >= 5, rules > policies.length, tools >= 10, cases >= 60]).toEqual([true, true, true, true]);
  });

  it("takes a doubt for a mistake only when it is strict", async () => {
    await writeFile(join(folder, "p.yaml"), "policy: p\nrules:\n  - { id: a, then: deny, if: args.x == 1 }\n");
    expect(await validatePolicy({ folder, strict: false })).toMatchObject({
      kind: "valid",
      warnings: [{ code: "may_be_absent", line: 3 }],
    });
    expect(await validatePolicy({ folder, strict: true })).toMatchObject({
      kind: "invalid",
      problems: [{ code: "may_be_absent", line: 3 }],
    });
  });
});

describe("policy build", () => {
  it("makes a bundle that reads back as the folder's program", async () => {
    const built = await buildPolicy({ folder: examples, name: "examples", tenant: "acme", wasm, engineRego: "package sluice\n" });
    const read = built.kind === "built" ? await readBundle(built.bundle) : null;
    expect(read).toMatchObject({ kind: "bundle", bundle: { name: "examples", manifest: { metadata: { sluice: { tenant: "acme" } } } } });
  });

  it("builds nothing of a folder with mistakes", async () => {
    await writeFile(join(folder, "p.yaml"), "policy: p\nrules: [{ id: a, then: alow }]\n");
    expect(await buildPolicy({ folder, name: "x", wasm, engineRego: "" })).toMatchObject({
      kind: "invalid",
      problems: [{ line: 2, column: 24 }],
    });
  });
});
