import { gzipSync } from "node:zlib";
import { pack } from "tar-stream";
import { canonicalText, sha256 } from "../digest-policy.ts";
import type { Program } from "../program.ts";
import { BUNDLE_FILES, ENGINE_VERSION, ENTRYPOINTS } from "./bundle-files.ts";
import type { Manifest } from "./manifest.ts";

export type BundleParts = {
  readonly program: Program;
  readonly wasm: Uint8Array;
  readonly engineRego: string;
  readonly name: string;
  readonly revision: string;
  /** Hex SHA-256 of the sources. */
  readonly sources: string;
  readonly tenant?: string;
};

/**
 * An unsigned OPA bundle, the same bytes for the same parts. The manifest lists no wasm resolvers: an OPA without its Wasm
 * engine could not load it, and any OPA can run the Rego beside it.
 */
export async function writeBundle(parts: BundleParts): Promise<Uint8Array> {
  const tar = await packFiles([
    { name: BUNDLE_FILES.data, content: canonicalText({ policies: parts.program }) },
    { name: BUNDLE_FILES.rego, content: parts.engineRego },
    { name: BUNDLE_FILES.wasm, content: parts.wasm },
    { name: BUNDLE_FILES.manifest, content: canonicalText(makeManifest(parts)) },
  ]);
  const packed = gzipSync(tar, { level: 9 });
  // Byte 9 of a gzip header names the operating system (RFC 1952); 255 is unknown, so every machine writes the same.
  packed[9] = 255;
  return packed;
}

function makeManifest({ program, wasm, name, revision, sources, tenant }: BundleParts): Manifest {
  return {
    revision,
    roots: ["policies", "sluice"],
    rego_version: 1,
    metadata: {
      sluice: {
        format: program.format,
        engine: { version: ENGINE_VERSION, wasm: sha256(wasm) },
        entrypoints: ENTRYPOINTS,
        name,
        ...(tenant === undefined ? {} : { tenant }),
        policies: program.policies,
        sources,
      },
    },
  };
}

type File = { readonly name: string; readonly content: string | Uint8Array };

async function packFiles(files: readonly File[]): Promise<Uint8Array> {
  const tar = pack();
  for (const { name, content } of files) {
    tar.entry({ name: `/${name}`, mode: 0o644, mtime: new Date(0), uid: 0, gid: 0, type: "file" }, Buffer.from(content));
  }
  tar.finalize();
  const chunks: Uint8Array[] = [];
  for await (const chunk of tar) if (chunk instanceof Uint8Array) chunks.push(chunk);
  return Buffer.concat(chunks);
}
