import { gunzipSync } from "node:zlib";
import { extract } from "tar-stream";
import { BUNDLE_CAPS } from "./bundle-files.ts";

export type Unpacked =
  | { readonly kind: "unpacked"; readonly files: ReadonlyMap<string, Uint8Array> }
  | { readonly kind: "refused"; readonly code: "too_large" | "archive_malformed"; readonly reason: string };

/** The plain files of a `.tar.gz`, inside the caps: no links, no devices, no `..`, no name twice, no bombs. */
export async function unpackTar(packed: Uint8Array): Promise<Unpacked> {
  if (packed.length > BUNDLE_CAPS.packedBytes) return refused("too_large", `larger than ${BUNDLE_CAPS.packedBytes} bytes`);
  const tar = gunzip(packed);
  if (tar === "too_large") return refused("too_large", `it unpacks to more than ${BUNDLE_CAPS.unpackedBytes} bytes`);
  if (tar === "malformed") return refused("archive_malformed", "no well-formed gzip file");
  const files = new Map<string, Uint8Array>();
  const reader = extract();
  reader.end(tar);
  try {
    for await (const entry of reader) {
      const { name, type } = entry.header;
      // `tar -C folder .` writes the folders too; OPA passes over them, and they hold nothing.
      if (type === "directory" && (name === "./" || safePath(name.replace(/\/$/, "")) !== null)) {
        entry.resume();
        continue;
      }
      if (type !== "file") return refused("archive_malformed", `an entry is no plain file: ${type}`);
      const path = safePath(name);
      if (path === null) return refused("archive_malformed", "an entry's name leaves the bundle or is malformed");
      if (files.has(path)) return refused("archive_malformed", `two entries are called ${path}`);
      if (files.size >= BUNDLE_CAPS.entries) return refused("too_large", `more than ${BUNDLE_CAPS.entries} entries`);
      const chunks: Uint8Array[] = [];
      for await (const chunk of entry) if (chunk instanceof Uint8Array) chunks.push(chunk);
      files.set(path, Buffer.concat(chunks));
    }
  } catch {
    return refused("archive_malformed", "no well-formed tar file");
  }
  return { kind: "unpacked", files };
}

function gunzip(packed: Uint8Array): Uint8Array | "too_large" | "malformed" {
  try {
    return gunzipSync(packed, { maxOutputLength: BUNDLE_CAPS.unpackedBytes });
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "ERR_BUFFER_TOO_LARGE" ? "too_large" : "malformed";
  }
}

/** `/data.json` and `./data.json` are `data.json`, as OPA reads them. */
function safePath(name: string): string | null {
  const path = name.replace(/^\.?\//, "");
  if (path.length === 0 || path.length > BUNDLE_CAPS.pathChars || !/^[A-Za-z0-9._/-]+$/.test(path)) return null;
  return path.split("/").some((part) => part === "" || part === "." || part === "..") ? null : path;
}

function refused(code: "too_large" | "archive_malformed", reason: string): Unpacked {
  return { kind: "refused", code, reason };
}
