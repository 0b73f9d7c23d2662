import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { sha256 } from "../digest-policy.ts";
import { type Bundle, readBundle } from "./read-bundle.ts";

/** The bundle that decides when nobody gave another: the examples, pinned to these bytes. */
export const EMBEDDED_SHA256 = "52adf026c413b856d44d0e4d77cd38d1b52dbb351495f029d3cb9c5eec1f0499";

export const EMBEDDED_FILE = join(import.meta.dirname, "..", "..", "..", "bundles", "examples.tar.gz");

/** Throws when the file is not the pinned one: a bundle that somebody else put there must not decide. */
export async function readEmbedded(file: string = EMBEDDED_FILE): Promise<Bundle> {
  const packed = await readFile(file);
  if (sha256(packed) !== EMBEDDED_SHA256) throw new Error("the embedded bundle is not the one that this version was built with");
  const read = await readBundle(packed);
  if (read.kind === "refused") throw new Error(`the embedded bundle is refused: ${read.reason}`);
  return read.bundle;
}
