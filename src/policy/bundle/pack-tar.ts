import { gzipSync } from "node:zlib";
import { pack } from "tar-stream";

/** A `.tar.gz` of these files, the same bytes for the same files in the same order, wherever it is made. */
export async function packTar(files: ReadonlyMap<string, Uint8Array>): Promise<Uint8Array> {
  const tar = pack();
  for (const [name, content] of files) {
    tar.entry({ name: `/${name}`, mode: 0o644, mtime: new Date(0), uid: 0, gid: 0, type: "file" }, Buffer.from(content));
  }
  tar.finalize();
  const chunks: Uint8Array[] = [];
  for await (const chunk of tar) if (chunk instanceof Uint8Array) chunks.push(chunk);
  const packed = gzipSync(Buffer.concat(chunks), { level: 9 });
  // Byte 9 of a gzip header names the operating system (RFC 1952); 255 is unknown, so every machine writes the same.
  packed[9] = 255;
  return packed;
}
