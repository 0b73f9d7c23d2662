import { readFile } from "node:fs/promises";
import { makePolicyImage, type PolicyImage } from "../wasm/make-policy-image.ts";
import { PolicyRefusedError } from "../wasm/policy-refused-error.ts";
import { type LoadedPolicy, loadFolder } from "./load-folder.ts";

/** Where a tenant's policy is, and the engine that it runs on. Plain data, so that a thread can be told. */
export type PolicyPlace = {
  readonly folder: string;
  readonly guardrailFolders: readonly string[];
  readonly engineFile: string;
};

/** A policy that compiled and that the engine took, or why there is none. */
export type PreparedLoad =
  | { readonly kind: "loaded"; readonly loaded: LoadedPolicy & { readonly kind: "loaded" }; readonly image: PolicyImage }
  | (LoadedPolicy & { readonly kind: "refused" });

/** Everything about loading whose time grows with the policy: reads, compiles, and reads it into the engine. */
export async function loadPolicy({ folder, guardrailFolders, engineFile }: PolicyPlace): Promise<PreparedLoad> {
  const loaded = await loadFolder(folder, guardrailFolders);
  if (loaded.kind === "refused") return loaded;
  try {
    return { kind: "loaded", loaded, image: makePolicyImage(loaded.program, await readFile(engineFile)) };
  } catch (error) {
    if (!(error instanceof PolicyRefusedError)) throw error;
    const problem = { file: folder, line: 1, column: 1, message: error.message, fix: null, code: "wrong_value" } as const;
    return { kind: "refused", problems: [problem] };
  }
}
