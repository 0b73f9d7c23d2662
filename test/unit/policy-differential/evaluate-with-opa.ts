import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Json } from "../../../src/core/intent.ts";
import type { Program } from "../../../src/policy/program.ts";
import { SOAK_FACTOR } from "../../tools/soak-factor.ts";

const ENGINE = join(import.meta.dirname, "../../../policies/engine/engine.rego");
const OUTPUT_BYTES_MAX = 1 << 28;
// A module, since opa 1.22 loses `with` inside a comprehension that is the query itself.
const WRAPPER = `package differential

both := {"verdict": data.sluice.verdict, "ruling": data.sluice.ruling}

answers := [answer |
  some group in data.groups
  some call in group.calls
  answer := both with data.policies as group.policies with input as call
]`;

/** Long enough for a machine that does much else. */
export const OPA_TIMEOUT_MS = 120_000 * SOAK_FACTOR;

export type CallGroup = { readonly policies: Program; readonly calls: readonly Json[] };
export type OpaAnswer = { readonly verdict: Json; readonly ruling: Json };

/** What `opa eval` makes of the engine's source and the same data and calls, all in one evaluation, in their order. */
export function evaluateWithOpa(opa: string, groups: readonly CallGroup[]): readonly OpaAnswer[] {
  const folder = mkdtempSync(join(tmpdir(), "sluice-differential-"));
  try {
    const data = join(folder, "data.json");
    const wrapper = join(folder, "differential.rego");
    writeFileSync(data, JSON.stringify({ groups }));
    writeFileSync(wrapper, WRAPPER);
    const answer = execFileSync(opa, ["eval", "--format", "json", "-d", ENGINE, "-d", data, "-d", wrapper, "data.differential.answers"], {
      maxBuffer: OUTPUT_BYTES_MAX,
    });
    return JSON.parse(answer.toString()).result[0].expressions[0].value;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
