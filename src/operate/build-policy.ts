import { parseCases } from "../policy/bundle/parse-cases.ts";
import { readBundle } from "../policy/bundle/read-bundle.ts";
import type { BundleSigner } from "../policy/bundle/signing/sign-files.ts";
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
  /** Default 0. */
  readonly serial?: number;
  /** RFC 3339. */
  readonly notAfter?: string;
  readonly rollbackFrom?: number;
  /** Whether the folder's cases go along, to be passed wherever the bundle is to decide. Default: no. */
  readonly withCases?: boolean;
  /** Absent: unsigned. */
  readonly signer?: BundleSigner;
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

/** Makes a bundle of a policy folder. What it makes can be read: no bundle of it is refused for its content later. */
export async function buildPolicy({ folder, guardrailFolders, withCases = false, ...parts }: BuildOptions): Promise<BuiltPolicy> {
  const loaded = await loadFolder(folder, guardrailFolders);
  if (loaded.kind === "refused") return { kind: "invalid", problems: loaded.problems };
  const { program, revision, sources, warnings, cases } = loaded;
  const carried = withCases && cases.length > 0 ? { cases } : {};
  const bundle = await writeBundle({ ...parts, program, revision, sources, ...carried });
  const refusal = await findRefusal(bundle);
  if (refusal !== null)
    return { kind: "invalid", problems: [{ file: folder, line: 1, column: 1, message: refusal, fix: null, code: "wrong_value" }] };
  return { kind: "built", bundle, revision, digest: sha256(bundle), warnings };
}

async function findRefusal(packed: Uint8Array): Promise<string | null> {
  const read = await readBundle(packed);
  if (read.kind === "refused") return `the bundle of it cannot be read: ${read.reason}`;
  const cases = parseCases(read.bundle.cases);
  return cases.kind === "malformed" ? `the bundle of it cannot carry these cases: ${cases.reason}` : null;
}
