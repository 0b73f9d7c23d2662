import { gzipSync } from "node:zlib";
import { type Header, pack } from "tar-stream";

export type TarEntry = {
  readonly name: string;
  readonly content?: string | Uint8Array;
  readonly type?: Header["type"];
  readonly linkname?: string;
};

/** A `.tar.gz` of whatever entries, well behaved or not. */
export async function tarOf(entries: readonly TarEntry[]): Promise<Uint8Array> {
  const tar = pack();
  for (const { name, content = "", type = "file", linkname } of entries) {
    tar.entry({ name, type, ...(linkname === undefined ? {} : { linkname }) }, Buffer.from(content));
  }
  tar.finalize();
  const chunks: Uint8Array[] = [];
  for await (const chunk of tar) if (chunk instanceof Uint8Array) chunks.push(chunk);
  return gzipSync(Buffer.concat(chunks));
}
