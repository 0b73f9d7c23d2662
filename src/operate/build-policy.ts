import { writeBundle } from "../policy/bundle/write-bundle.ts";
import type { Problem } from "../policy/compile/problem.ts";
import { sha256 } from "../policy/digest-policy.ts";
import { loadFolder } from "../policy/sources/load-folder.ts";

export type BuildOptions = {
  readonly folder: string;
  /** Folders of guardrails that are built in. */
  readonly guardrailFolders?: readonly string[];
  readonly name: string;
  readonly tenant?: string;
  /** The engine that the bundle carries. */
  readonly wasm: Uint8Array;
  readonly engineRego: string;
};

export type BuiltPolicy =
  | {
      readonly kind: "built";
      readonly bundle: Uint8Array;
      readonly revision: string;
      /** Hex SHA-256 of the bundle. */
      readonly digest: string;
      readonly warnings: readonly Problem[];
    }
  | { readonly kind: "invalid"; readonly problems: readonly Problem[] };

/** Makes an unsigned bundle of a policy folder. */
export async function buildPolicy({ folder, guardrailFolders, name, tenant, wasm, engineRego }: BuildOptions): Promise<BuiltPolicy> {
  const loaded = await loadFolder(folder, guardrailFolders);
  if (loaded.kind === "refused") return { kind: "invalid", problems: loaded.problems };
  const { program, revision, sources, warnings } = loaded;
  const bundle = await writeBundle({ program, wasm, engineRego, name, revision, sources, ...(tenant === undefined ? {} : { tenant }) });
  return { kind: "built", bundle, revision, digest: sha256(bundle), warnings };
}
