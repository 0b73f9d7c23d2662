import { readFile } from "node:fs/promises";
import type { Tenants } from "../authorize/tenants.ts";
import type { Settings } from "../config/settings.ts";
import { type Observer, SILENT } from "../core/observer.ts";
import type { PreparedPolicy } from "../core/policy.ts";
import { readEmbedded } from "../policy/bundle/embedded.ts";
import { describeProblem } from "../policy/compile/problem.ts";
import type { Program } from "../policy/program.ts";
import { POLICY_SOURCES } from "../policy/sources/index.ts";
import { type LoadedPolicy, loadFolder } from "../policy/sources/load-folder.ts";
import { preparePolicy } from "../policy/wasm/prepare-policy.ts";

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
  for (const [name, { policiesFolder }] of settings.tenants) {
    try {
      if (policiesFolder === null) tenants.activate(name, (await openEmbedded(observer)).policy);
      else feeds.push(await openFeed(name, policiesFolder, tenants, observer));
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
export async function openPolicyOf(folder: string | null): Promise<OpenedPolicy> {
  if (folder === null) return openEmbedded(SILENT);
  const loaded = await loadFolder(folder);
  if (loaded.kind === "refused") throw new Error(loaded.problems.map(describeProblem).join("\n"));
  return { program: loaded.program, policy: await prepare(loaded, SILENT) };
}

async function openFeed(name: string, folder: string, tenants: Tenants, observer: Observer) {
  const activate = async (loaded: LoadedPolicy) => {
    if (loaded.kind === "refused") return tenants.fail(name, reasonOf(loaded));
    try {
      tenants.activate(name, await prepare(loaded, observer));
    } catch (error) {
      tenants.fail(name, error instanceof Error ? error.message : "the policy could not be prepared");
    }
  };
  // One after another, so that an older version never comes after a newer one.
  let turn: Promise<void> = Promise.resolve();
  const onChange = (loaded: LoadedPolicy) => {
    turn = turn.then(() => activate(loaded));
  };
  const feed = await POLICY_SOURCES.folder.open({ folder, observer, watch: true, onChange });
  await activate(feed.first);
  return feed;
}

async function openEmbedded(observer: Observer): Promise<OpenedPolicy> {
  const { program, wasm, name, revision, digest } = await readEmbedded();
  return { program, policy: preparePolicy({ program, wasm, name, revision, digest, observer }) };
}

async function prepare(loaded: LoadedPolicy & { readonly kind: "loaded" }, observer: Observer): Promise<PreparedPolicy> {
  const { program, revision, digest } = loaded;
  const name = program.policies.map((policy) => policy.name).join("+");
  return preparePolicy({ program, wasm: await readFile(ENGINE_WASM), name, revision, digest, observer });
}

function reasonOf({ problems }: LoadedPolicy & { readonly kind: "refused" }): string {
  const [first] = problems;
  return first === undefined ? "the folder has errors" : describeProblem(first);
}
