import { generateKeyPairSync, type KeyObject, randomBytes } from "node:crypto";
import { link, mkdir, open, readFile, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { JWK_DEMO, JWK_USE, parsePrivateJwk, thumbprintOf } from "../core/jwk.ts";
import type { KeyAlgorithm, KeyFile, KeyFiles, KeyUse } from "../core/keys.ts";

const OWNER_ONLY = 0o600;
const EVERYONE_READS = 0o644;
const FOLDER_MODE = 0o700;

/** @param demo whether the keys made here are marked as the demo's. */
export function createKeyFiles({ demo }: { readonly demo: boolean }): KeyFiles {
  return {
    read: readKeyFile,
    make: (path, use, alg = "EdDSA") => makeKeyFile(path, { use, alg, demo }),
    writePublic: writePublicKeys,
    writePublicPem: (path, { publicKey }) => writeForAll(path, publicKey.export({ type: "spki", format: "pem" }).toString()),
  };
}

/** Reads the key of a file, or makes it at first start. */
export async function readOrMakeKey(path: string, use: KeyUse, keyFiles: KeyFiles = createKeyFiles({ demo: false })): Promise<KeyFile> {
  try {
    return await keyFiles.read(path, use);
  } catch (error) {
    if (!hasCode(error, "ENOENT")) throw error;
  }
  try {
    return await keyFiles.make(path, use);
  } catch (error) {
    // Another process was faster; its key is as good.
    if (hasCode(error, "EEXIST")) return keyFiles.read(path, use);
    throw error;
  }
}

/** The private JWK of a text, if it is for this use. Throws with a message that says `where` and never quotes the key. */
export function parseKeyText(text: string, use: KeyUse, where: string): KeyFile {
  let jwk: unknown;
  try {
    jwk = JSON.parse(text);
  } catch {
    throw new Error(`${where}: is no JSON`);
  }
  const parsed = parsePrivateJwk(jwk);
  if (parsed.kind === "unfit") throw new Error(`${where}: ${parsed.message}`);
  if (parsed.use !== null && parsed.use !== use) throw new Error(`${where}: is a key for ${parsed.use}, not for ${use}; a key has one use`);
  return { ...parsed.key, use: parsed.use, demo: parsed.demo };
}

/** Throws for a key that the demo made; whatever serves real agents calls this for each of its keys. */
export function refuseDemoKey(key: KeyFile, where: string): void {
  if (key.demo) throw new Error(`${where}: was made by the demo; make another with \`sluice key new\``);
}

async function readKeyFile(path: string, use: KeyUse): Promise<KeyFile> {
  return parseKeyText(await readFile(path, "utf8"), use, path);
}

type NewKey = { readonly use: KeyUse; readonly alg: KeyAlgorithm; readonly demo: boolean };

async function makeKeyFile(path: string, { use, alg, demo }: NewKey): Promise<KeyFile> {
  const { privateKey, publicKey } = generatePair(alg);
  const kid = thumbprintOf(publicKey);
  const jwk = { ...privateKey.export({ format: "jwk" }), kid, alg, [JWK_USE]: use, ...(demo ? { [JWK_DEMO]: true } : {}) };
  await mkdir(dirname(path), { recursive: true, mode: FOLDER_MODE });
  const draft = await writeDraft(path, `${JSON.stringify(jwk, null, 2)}\n`, OWNER_ONLY);
  try {
    // Unlike a rename, a link never takes the place of a file that is there.
    await link(draft, path);
  } finally {
    await rm(draft, { force: true });
  }
  return { kid, privateKey, publicKey, use, demo };
}

function generatePair(alg: KeyAlgorithm) {
  return alg === "ES256" ? generateKeyPairSync("ec", { namedCurve: "P-256" }) : generateKeyPairSync("ed25519");
}

function algorithmOf({ asymmetricKeyType }: KeyObject): KeyAlgorithm {
  return asymmetricKeyType === "ec" ? "ES256" : "EdDSA";
}

async function writePublicKeys(path: string, keys: readonly KeyFile[]): Promise<void> {
  const jwks = keys.map(({ kid, publicKey, use, demo }) => ({
    ...publicKey.export({ format: "jwk" }),
    kid,
    alg: algorithmOf(publicKey),
    ...(use === null ? {} : { [JWK_USE]: use }),
    ...(demo ? { [JWK_DEMO]: true } : {}),
  }));
  await writeForAll(path, `${JSON.stringify({ keys: jwks }, null, 2)}\n`);
}

async function writeForAll(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: FOLDER_MODE });
  await rename(await writeDraft(path, text, EVERYONE_READS), path);
}

async function writeDraft(path: string, text: string, mode: number): Promise<string> {
  const draft = `${path}.${randomBytes(6).toString("hex")}.draft`;
  const handle = await open(draft, "wx", mode);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
  return draft;
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}
