import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { runCases } from "../../../src/operate/run-cases.ts";
import { compilePolicies } from "../../../src/policy/compile/compile-policies.ts";

const wasm = await readFile(join(import.meta.dirname, "../../../policies/engine/policy.wasm"));
const POLICY =
  'policy: p\nrules:\n  - { id: a, match: { agents: ["a-*"] }, then: allow }\n  - { id: b, match: { agents: ["a-1*"] }, then: deny }\n';
const caseOf = (at: number) =>
  `  - { name: case ${at}, caller: { agent: ${at % 3 === 0 ? "b" : "a"}-${at} }, call: { method: GET, host: a.example, path: "/${at}" }, expect: allow }\n`;

function bench(count: number) {
  const text = `cases:\n${Array.from({ length: count }, (_, at) => caseOf(at)).join("")}`;
  const compiled = compilePolicies([
    { name: "p.yaml", text: POLICY },
    { name: "cases.yaml", text },
  ]);
  if (compiled.kind === "invalid") throw new Error(JSON.stringify(compiled.problems));
  const { program, cases } = compiled;
  return { bench: { program, wasm, name: "test", revision: "r", digest: "d", nowMs: 0 }, cases };
}

describe("cases", () => {
  it("come to the same, in their order, in one thread and in several", async () => {
    const { bench: one, cases } = bench(65);
    const inPlace = await runCases(one, cases, { threads: 1 });
    expect(inPlace.map(({ outcome }) => outcome.decision)).toEqual(
      cases.map((_, at) => (at % 3 === 0 || String(at).startsWith("1") ? "deny" : "allow")),
    );
    expect(await runCases(one, cases, { threads: 3, casesAThreadMin: 20 })).toEqual(inPlace);
  });

  it("fail as a whole where a thread fails", async () => {
    const { bench: one, cases } = bench(20);
    await expect(runCases({ ...one, wasm: new Uint8Array([1, 2, 3]) }, cases, { threads: 2, casesAThreadMin: 10 })).rejects.toThrow();
  });
});
