import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { type ParsedBundleKey, parseBundleKey, parseBundleSigner, type SaidOfKey } from "../../policy/bundle/keys.ts";
import type { BundleSigner } from "../../policy/bundle/signing/sign-files.ts";
import type { BundleKey } from "../../policy/bundle/signing/verify-files.ts";
import type { CliWorld } from "./cli-world.ts";
import { couldNotRun } from "./exit.ts";

const SAYS_ITSELF: SaidOfKey = { kid: null, alg: null };

/** The key of a file that signs bundles. */
export function readSigner(file: string, world: CliWorld): Promise<BundleSigner> {
  return read(file, world, parseBundleSigner);
}

/** The public key of a file that bundles are checked with. */
export function readVerifier(file: string, world: CliWorld): Promise<BundleKey> {
  return read(file, world, (text) => parseBundleKey(text, SAYS_ITSELF));
}

async function read<Key>(file: string, world: CliWorld, parse: (text: string) => ParsedBundleKey<Key>): Promise<Key> {
  const text = await readFile(resolve(world.cwd, file), "utf8").catch(() => null);
  if (text === null) throw couldNotRun(`${file} cannot be read: name the key with --key, or make one with \`sluice key new\``);
  const parsed = parse(text);
  if (parsed.kind === "unfit") throw couldNotRun(`${file}: ${parsed.message}`);
  return parsed.key;
}
