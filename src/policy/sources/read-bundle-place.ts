import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { BUNDLE_CAPS, BUNDLE_FILES } from "../bundle/bundle-files.ts";
import { packTar } from "../bundle/pack-tar.ts";
import type { RefusalCode } from "../bundle/refusals.ts";
import { SIGNATURES_FILE } from "../bundle/signing/verify-files.ts";
import { takeFingerprint } from "./take-fingerprint.ts";

export type ReadPlace =
  | { readonly kind: "read"; readonly packed: Uint8Array }
  | { readonly kind: "failed"; readonly code: RefusalCode; readonly reason: string }
  /** It was written to all the while that it was read. */
  | { readonly kind: "busy" };

const ATTEMPTS_MAX = 5;

/** The bundle of a file, of a folder that holds exactly one `.tar.gz`, or of the folder that it is unpacked in. Never half an old one and half a new. */
export async function readBundlePlace(path: string): Promise<ReadPlace> {
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt += 1) {
    const before = await takeFingerprint(path);
    const read = await readOnce(path);
    if ((await takeFingerprint(path)) === before) return read;
  }
  return { kind: "busy" };
}

async function readOnce(path: string): Promise<ReadPlace> {
  try {
    if (!(await stat(path)).isDirectory()) return await readPacked(path);
    const names = (await readdir(path)).filter((name) => !name.startsWith(".") || OWN_HIDDEN.has(name)).sort();
    const archives = names.filter((name) => name.endsWith(".tar.gz"));
    const [archive] = archives;
    if (names.includes(BUNDLE_FILES.manifest)) return await packFolder(path, names);
    if (archive === undefined) return failed("unreachable", "the folder holds neither a .tar.gz nor an unpacked bundle");
    if (archives.length > 1) return failed("unreachable", `the folder holds ${archives.length} .tar.gz and does not say which of them`);
    return await readPacked(join(path, archive));
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "unknown";
    return failed("unreachable", `it cannot be read: ${code}`);
  }
}

/** Other hidden names are not the bundle's: a Kubernetes ConfigMap keeps its versions in them. */
const OWN_HIDDEN: ReadonlySet<string> = new Set([BUNDLE_FILES.manifest, SIGNATURES_FILE]);

async function readPacked(path: string): Promise<ReadPlace> {
  const { size } = await stat(path);
  if (size > BUNDLE_CAPS.packedBytes) return failed("too_large", `larger than ${BUNDLE_CAPS.packedBytes} bytes`);
  return { kind: "read", packed: await readFile(path) };
}

async function packFolder(folder: string, names: readonly string[]): Promise<ReadPlace> {
  if (names.length > BUNDLE_CAPS.entries) return failed("too_large", `more than ${BUNDLE_CAPS.entries} entries`);
  const files = new Map<string, Uint8Array>();
  let bytes = 0;
  for (const name of names) {
    const file = join(folder, name);
    bytes += (await stat(file)).size;
    if (bytes > BUNDLE_CAPS.unpackedBytes) return failed("too_large", `more than ${BUNDLE_CAPS.unpackedBytes} bytes`);
    files.set(name, await readFile(file));
  }
  return { kind: "read", packed: await packTar(files) };
}

function failed(code: RefusalCode, reason: string): ReadPlace {
  return { kind: "failed", code, reason };
}
