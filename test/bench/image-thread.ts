import { readFileSync } from "node:fs";
import { parentPort } from "node:worker_threads";
import { compilePolicies } from "../../src/policy/compile/compile-policies.ts";
import { makePolicyImage } from "../../src/policy/wasm/make-policy-image.ts";

export type ImageOrder = { readonly tenant: number; readonly version: number; readonly rules: number };

const wasm = readFileSync(new URL("../../policies/engine/policy.wasm", import.meta.url));
/** Rules behind one key are bounded. */
const RULES_BEHIND_A_HOST = 20;

// Each tenant has rules of its own, as a load thread would hand them over.
parentPort?.on("message", ({ tenant, version, rules }: ImageOrder) => {
  const lines = Array.from({ length: rules }, (_, n) => {
    const hosts = n < RULES_BEHIND_A_HOST ? `h${n}.example.com, api.example.com` : `h${n}.example.com`;
    const condition = `http.path.startsWith('/t${tenant}/${version}/${n}') && caller.roles.exists(r, r == 'role-${n}')`;
    return `  - { id: r${n}, match: { agents: [agent-*], hosts: [${hosts}], methods: [POST] }, if: "${condition}", then: allow }`;
  });
  const compiled = compilePolicies([{ name: "p.yaml", text: `policy: p\nrules:\n${lines.join("\n")}\n` }]);
  if (compiled.kind === "invalid") throw new Error(JSON.stringify(compiled.problems[0]));
  parentPort?.postMessage(makePolicyImage(compiled.program, wasm));
});
