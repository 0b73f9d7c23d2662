import { readFile } from "node:fs/promises";
import { SILENT } from "../core/observer.ts";
import type { PreparedPolicy } from "../core/policy.ts";
import { readEmbedded } from "../policy/bundle/embedded.ts";
import { describeProblem } from "../policy/compile/problem.ts";
import type { Program } from "../policy/program.ts";
import { loadFolder } from "../policy/sources/load-folder.ts";
import { preparePolicy } from "../policy/wasm/prepare-policy.ts";

export const ENGINE_WASM = new URL("../../policies/engine/policy.wasm", import.meta.url);
export const ENGINE_REGO = new URL("../../policies/engine/engine.rego", import.meta.url);

/** A policy and the program it was made of. */
export type OpenedPolicy = { readonly policy: PreparedPolicy; readonly program: Program };

/** One policy for one command: of a folder, or the embedded examples. */
export async function openPolicyOf(folder: string | null, guardrails: readonly string[] = []): Promise<OpenedPolicy> {
  if (folder === null) return openEmbedded();
  const loaded = await loadFolder(folder, guardrails);
  if (loaded.kind === "refused") throw new Error(loaded.problems.map(describeProblem).join("\n"));
  const { program, revision, digest } = loaded;
  const wasm = await readFile(ENGINE_WASM);
  return { program, policy: preparePolicy({ program, wasm, name: nameOf(program), revision, digest, observer: SILENT }) };
}

async function openEmbedded(): Promise<OpenedPolicy> {
  const { program, wasm, name, revision, digest } = await readEmbedded();
  return { program, policy: preparePolicy({ program, wasm, name, revision, digest, observer: SILENT }) };
}

function nameOf(program: Program): string {
  return program.policies.map((policy) => policy.name).join("+");
}
