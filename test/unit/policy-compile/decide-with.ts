import { readFileSync } from "node:fs";
import { join } from "node:path";
import { SILENT } from "../../../src/core/observer.ts";
import { createCaseDecider, type DecidedCase } from "../../../src/operate/decide-case.ts";
import { compilePolicies } from "../../../src/policy/compile/compile-policies.ts";
import { describeProblem } from "../../../src/policy/compile/problem.ts";
import { preparePolicy } from "../../../src/policy/wasm/prepare-policy.ts";

const WASM = readFileSync(join(import.meta.dirname, "../../../policies/engine/policy.wasm"));

type Files = { readonly files: readonly string[]; readonly guardrails?: readonly string[] };

/** What comes of the cases in the files, by their names, on the engine that serves. The files must compile. */
export async function decideCases({ files, guardrails = [] }: Files): Promise<Readonly<Record<string, DecidedCase>>> {
  const named = (texts: readonly string[], prefix: string) => texts.map((text, at) => ({ name: `${prefix}${at}.yaml`, text }));
  const compiled = compilePolicies(named(files, ""), { guardrails: named(guardrails, "guard-") });
  if (compiled.kind === "invalid") throw new Error(compiled.problems.map(describeProblem).join("\n"));
  const { program, cases } = compiled;
  const policy = preparePolicy({ program, wasm: WASM, name: "p", revision: "1", digest: "d", observer: SILENT });
  const decide = createCaseDecider({ policy, pseudonyms: { hmacHex: () => "0".repeat(64) }, nowMs: Date.UTC(2026, 0, 1) });
  return Object.fromEntries(await Promise.all(cases.map(async (one) => [one.name, await decide(one)] as const)));
}
