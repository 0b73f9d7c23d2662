import { z } from "zod";
import { sha256 } from "../digest-policy.ts";
import type { Program } from "../program.ts";
import { parseProgram } from "../wasm/parse-program.ts";
import { BUNDLE_FILES } from "./bundle-files.ts";
import { type Manifest, manifestSchema } from "./manifest.ts";
import { unpackTar } from "./unpack-tar.ts";

export type Bundle = {
  readonly name: string;
  readonly revision: string;
  /** Hex SHA-256 of the file. */
  readonly digest: string;
  readonly manifest: Manifest;
  readonly program: Program;
  readonly wasm: Uint8Array;
  readonly engineRego: string;
};

export type ReadBundle = { readonly kind: "bundle"; readonly bundle: Bundle } | { readonly kind: "refused"; readonly reason: string };

const ROOTS = ["policies", "sluice"];
const EXPECTED: ReadonlySet<string> = new Set(Object.values(BUNDLE_FILES));

/** A bundle as `writeBundle` makes it. Whether it may decide is for its signature and the engine to say. */
export async function readBundle(packed: Uint8Array): Promise<ReadBundle> {
  const unpacked = await unpackTar(packed);
  if (unpacked.kind === "refused") return unpacked;
  const { files } = unpacked;
  if (files.has(".signatures.json")) return refused("signed bundles are not built yet");
  const stranger = [...files.keys()].find((name) => !EXPECTED.has(name));
  if (stranger !== undefined) return refused(`it holds ${stranger}, which is not part of a bundle`);
  const [manifestBytes, dataBytes, wasm, rego] = [BUNDLE_FILES.manifest, BUNDLE_FILES.data, BUNDLE_FILES.wasm, BUNDLE_FILES.rego].map(
    (name) => files.get(name),
  );
  if (manifestBytes === undefined || dataBytes === undefined || wasm === undefined || rego === undefined) {
    return refused(`it lacks one of ${[...EXPECTED].join(", ")}`);
  }
  const manifest = manifestSchema.safeParse(parseJson(manifestBytes));
  if (!manifest.success) return refused(`its manifest: ${z.prettifyError(manifest.error)}`);
  if (manifest.data.roots.toSorted().join() !== ROOTS.join()) return refused(`its roots are not ${ROOTS.join(" and ")}`);
  const { sluice } = manifest.data.metadata;
  if (sluice.engine.wasm !== sha256(wasm)) return refused("its policy.wasm is not the one that its manifest names");
  const data = dataSchema.safeParse(parseJson(dataBytes));
  if (!data.success) return refused("its data.json holds something else than policies");
  const program = parseProgram(data.data.policies);
  if (program.kind === "refused") return refused(`its policies: ${program.reason}`);
  return {
    kind: "bundle",
    bundle: {
      name: sluice.name,
      revision: manifest.data.revision,
      digest: sha256(packed),
      manifest: manifest.data,
      program: program.program,
      wasm,
      engineRego: Buffer.from(rego).toString("utf8"),
    },
  };
}

const dataSchema = z.strictObject({ policies: z.unknown() });

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    return undefined;
  }
}

function refused(reason: string): ReadBundle {
  return { kind: "refused", reason };
}
