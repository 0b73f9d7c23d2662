import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { SILENT } from "../../../src/core/observer.ts";
import { buildPolicy } from "../../../src/operate/build-policy.ts";
import { createCaseDecider } from "../../../src/operate/decide-case.ts";
import { testPolicy } from "../../../src/operate/test-policy.ts";
import { validatePolicy } from "../../../src/operate/validate-policy.ts";
import { readBundle } from "../../../src/policy/bundle/read-bundle.ts";
import type { LoadedPolicy } from "../../../src/policy/sources/load-folder.ts";
import { preparePolicy } from "../../../src/policy/wasm/prepare-policy.ts";

const root = join(import.meta.dirname, "..", "..", "..");
const examples = join(root, "policies", "examples");
const wasm = await readFile(join(root, "policies", "engine", "policy.wasm"));

const prepare = ({ program, revision, digest }: LoadedPolicy & { readonly kind: "loaded" }) => {
  const policy = preparePolicy({ program, wasm, name: "test", revision, digest, observer: SILENT });
  return createCaseDecider({ policy, pseudonyms: { hmacHex: () => "0".repeat(64) }, nowMs: Date.UTC(2026, 0, 1) });
};

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "sluice-policy-"));
});
afterEach(() => rm(folder, { recursive: true }));

describe("policy test", () => {
  it("passes every case of the examples and hits every rule", async () => {
    const tested = await testPolicy({ folder: examples, prepare });
    expect(tested.kind === "tested" ? tested.results.filter(({ differences }) => differences.length > 0) : tested).toEqual([]);
    expect(tested).toMatchObject({ kind: "tested", failed: 0, neverHit: [] });
    expect(tested.kind === "tested" ? tested.results.length : 0).toBeGreaterThanOrEqual(24);
  });

  it("names what a case expected and did not get, and the rules that no case hits", async () => {
    await writeFile(
      join(folder, "p.yaml"),
      "policy: p\nrules:\n  - { id: a, match: { hosts: [a.example] }, then: allow }\n  - { id: b, match: { hosts: [b.example] }, then: deny }\n",
    );
    await writeFile(
      join(folder, "cases.yaml"),
      'cases:\n  - name: wrong\n    caller: { agent: x }\n    call: { method: GET, host: a.example, path: / }\n    expect: { decision: deny, rule: p/b, limits: [p/l], redactions: ["header:x"] }\n',
    );
    expect(await testPolicy({ folder, prepare })).toEqual({
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
        },
      ],
      failed: 1,
      neverHit: ["p/b"],
      warnings: [],
    });
  });

  it("runs nothing where the folder does not compile", async () => {
    await writeFile(join(folder, "p.yaml"), "policy: p\n");
    expect(await testPolicy({ folder, prepare: () => () => Promise.reject(new Error("decided")) })).toMatchObject({ kind: "invalid" });
  });
});

describe("policy validate", () => {
  it("tells what is in a folder", async () => {
    expect(await validatePolicy({ folder: examples, strict: true })).toMatchObject({
      kind: "valid",
      policies: [
        { name: "health", version: "1.0.0" },
        { name: "payments", version: "1.0.0" },
      ],
      tools: 3,
      warnings: [],
    });
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
