import { z } from "zod";
import { sha256 } from "../digest-policy.ts";
import type { Program } from "../program.ts";
import { parseProgram } from "../wasm/parse-program.ts";
import { BUNDLE_FILES, ENGINE_VERSION } from "./bundle-files.ts";
import { type Manifest, manifestSchema } from "./manifest.ts";
import { SIGNATURES_FILE } from "./signing/verify-files.ts";
import { unpackTar } from "./unpack-tar.ts";

export type Bundle = {
  readonly name: string;
  readonly revision: string;
  /** Hex SHA-256 of the file. */
  readonly digest: string;
  readonly manifest: Manifest;
  readonly program: Program;
  /** Cases that must pass wherever the bundle is to decide, not yet looked at; null where it carries none. */
  readonly cases: unknown;
  readonly wasm: Uint8Array;
  readonly engineRego: string;
};

export type ContentRefusal =
  | "too_large"
  | "archive_malformed"
  | "file_unexpected"
  | "file_absent"
  | "manifest_malformed"
  | "engine_unknown"
  | "data_malformed";

export type ReadBundle =
  | { readonly kind: "bundle"; readonly bundle: Bundle }
  | { readonly kind: "refused"; readonly code: ContentRefusal; readonly reason: string };

/** `cases` only where it carries some. */
const ROOTS = ["policies", "sluice"];
const EXPECTED: ReadonlySet<string> = new Set([...Object.values(BUNDLE_FILES), SIGNATURES_FILE]);

/** A bundle as `writeBundle` makes it, whoever signed it: whether it may decide is for `admitBundle` and the engine to say. */
export async function readBundle(packed: Uint8Array): Promise<ReadBundle> {
  const unpacked = await unpackTar(packed);
  return unpacked.kind === "refused" ? unpacked : readBundleFiles(unpacked.files, sha256(packed));
}

/** @param digest of the packed file. */
export function readBundleFiles(files: ReadonlyMap<string, Uint8Array>, digest: string): ReadBundle {
  const stranger = [...files.keys()].find((name) => !EXPECTED.has(name));
  if (stranger !== undefined) return refused("file_unexpected", `it holds ${stranger}, which is not part of a bundle`);
  const [data, wasm, rego] = [files.get(BUNDLE_FILES.data), files.get(BUNDLE_FILES.wasm), files.get(BUNDLE_FILES.rego)];
  if (!files.has(BUNDLE_FILES.manifest) || data === undefined || wasm === undefined || rego === undefined)
    return refused("file_absent", `it lacks one of ${Object.values(BUNDLE_FILES).join(", ")}`);
  const manifest = manifestSchema.safeParse(parseJson(files.get(BUNDLE_FILES.manifest)));
  if (!manifest.success) return refused("manifest_malformed", `its manifest: ${z.prettifyError(manifest.error)}`);
  const gap = gapOf(manifest.data, wasm);
  if (gap !== null) return gap;
  const parsed = dataSchema.safeParse(parseJson(data));
  if (!parsed.success) return refused("data_malformed", "its data.json holds something else than policies");
  const { policies, cases = null } = parsed.data;
  const program = parseProgram(policies);
  if (program.kind === "refused") return refused("data_malformed", `its policies: ${program.reason}`);
  const { revision, metadata } = manifest.data;
  const engineRego = Buffer.from(rego).toString("utf8");
  const { name } = metadata.sluice;
  return { kind: "bundle", bundle: { name, revision, digest, manifest: manifest.data, program: program.program, cases, wasm, engineRego } };
}

function gapOf({ roots, metadata }: Manifest, wasm: Uint8Array): ReadBundle | null {
  if (
    roots
      .filter((root) => root !== "cases")
      .toSorted()
      .join() !== ROOTS.join()
  )
    return refused("manifest_malformed", `its roots are not ${ROOTS.join(" and ")}`);
  const { engine } = metadata.sluice;
  if (engine.version !== ENGINE_VERSION) return refused("engine_unknown", `it needs version ${engine.version} of the engine`);
  return engine.wasm === sha256(wasm) ? null : refused("engine_unknown", "its policy.wasm is not the one that its manifest names");
}

const dataSchema = z.strictObject({ policies: z.unknown(), cases: z.unknown().optional() });

function parseJson(bytes: Uint8Array | undefined): unknown {
  if (bytes === undefined) return undefined;
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    return undefined;
  }
}

function refused(code: ContentRefusal, reason: string): ReadBundle {
  return { kind: "refused", code, reason };
}
