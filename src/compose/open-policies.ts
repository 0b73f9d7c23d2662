import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import type { Tenants } from "../authorize/tenants.ts";
import type { Settings } from "../config/settings.ts";
import { type Observer, SILENT } from "../core/observer.ts";
import type { PreparedPolicy } from "../core/policy.ts";
import { SYSTEM_CLOCK } from "../platform/system-clock.ts";
import { readEmbedded } from "../policy/bundle/embedded.ts";
import { describeProblem, type Problem } from "../policy/compile/problem.ts";
import type { Program } from "../policy/program.ts";
import { POLICY_SOURCES } from "../policy/sources/index.ts";
import { loadFolder } from "../policy/sources/load-folder.ts";
import { loadOffLoop } from "../policy/sources/load-off-loop.ts";
import { loadPolicy, type PolicyPlace, type PreparedLoad } from "../policy/sources/load-policy.ts";
import { openPolicyImage, preparePolicy } from "../policy/wasm/prepare-policy.ts";
import { EVALUATION_BUDGET_US, type EvaluationBudget } from "../policy/wasm/within-budget.ts";

export const ENGINE_WASM = new URL("../../policies/engine/policy.wasm", import.meta.url);
export const ENGINE_REGO = new URL("../../policies/engine/engine.rego", import.meta.url);

/** A policy and the program it was made of. */
export type OpenedPolicy = { readonly policy: PreparedPolicy; readonly program: Program };

/** Starts every tenant's source. A tenant whose policy cannot be loaded denies for itself; the others go on. */
export async function openPolicies(
  settings: Settings,
  tenants: Tenants,
  observer: Observer,
): Promise<{ readonly close: () => Promise<void> }> {
  const feeds: { readonly close: () => Promise<void> }[] = [];
  for (const [name, { policiesFolder, guardrailsFolder }] of settings.tenants) {
    try {
      if (policiesFolder === null) tenants.activate(name, (await openEmbedded(observer, BUDGET)).policy);
      else {
        const guardrailFolders = [settings.guardrailsFolder, guardrailsFolder].filter((folder) => folder !== null);
        const place = { folder: policiesFolder, guardrailFolders, engineFile: fileURLToPath(ENGINE_WASM) };
        feeds.push(await openFeed(name, place, tenants, observer));
      }
    } catch (error) {
      tenants.fail(name, error instanceof Error ? error.message : "the policy could not be prepared");
    }
  }
  return {
    close: async () => {
      for (const feed of feeds) await feed.close();
    },
  };
}

/** One policy for one command: of a folder, or the embedded examples. */
export async function openPolicyOf(folder: string | null, guardrails: readonly string[] = []): Promise<OpenedPolicy> {
  if (folder === null) return openEmbedded(SILENT);
  const loaded = await loadFolder(folder, guardrails);
  if (loaded.kind === "refused") throw new Error(loaded.problems.map(describeProblem).join("\n"));
  const { program, revision, digest } = loaded;
  const wasm = await readFile(ENGINE_WASM);
  return { program, policy: preparePolicy({ program, wasm, name: nameOf(program), revision, digest, observer: SILENT }) };
}

async function openFeed(name: string, place: PolicyPlace, tenants: Tenants, observer: Observer) {
  const activate = (load: PreparedLoad) => {
    if (load.kind === "refused") return tenants.fail(name, reasonOf(load.problems));
    const { program, revision, digest } = load.loaded;
    tenants.activate(name, openPolicyImage(load.image, { name: nameOf(program), revision, digest, observer, budget: BUDGET }));
  };
  const feed = await POLICY_SOURCES.folder.open({ place, observer, loadFirst: loadPolicy, loadAgain: loadOffLoop, onChange: activate });
  activate(feed.first);
  return feed;
}

const BUDGET: EvaluationBudget = { us: EVALUATION_BUDGET_US, monotonicUs: SYSTEM_CLOCK.monotonicUs };

async function openEmbedded(observer: Observer, budget?: EvaluationBudget): Promise<OpenedPolicy> {
  const { program, wasm, name, revision, digest } = await readEmbedded();
  const facts = { name, revision, digest, observer, ...(budget === undefined ? {} : { budget }) };
  return { program, policy: preparePolicy({ program, wasm, ...facts }) };
}

function nameOf(program: Program): string {
  return program.policies.map((policy) => policy.name).join("+");
}

function reasonOf(problems: readonly Problem[]): string {
  const [first] = problems;
  return first === undefined ? "the folder has errors" : describeProblem(first);
}
