import { randomBytes } from "node:crypto";
import { link, mkdir, open, readFile, rm, stat } from "node:fs/promises";
import { join } from "node:path";

const TOKEN_BYTES = 32;

/** The token of the operator `admin` in `<folder>/operator.token`; the first start makes a random one. */
export async function ensureOperatorToken(folder: string): Promise<{ readonly token: string; readonly created: boolean }> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, "operator.token");
  const created = (await isMissing(path)) && (await createTokenFile(path));
  return { token: await readOperatorToken(path), created };
}

export async function readOperatorToken(path: string): Promise<string> {
  const { mode } = await stat(path);
  if ((mode & 0o077) !== 0) throw new Error(`${path} can be read by others: chmod 600 it`);
  const token = (await readFile(path, "utf8")).trim();
  if (token === "") throw new Error(`${path} is empty: remove it and start the server, which makes a new one`);
  return token;
}

// Written beside and linked into place: whoever sees the file sees a whole token, and of two starts one wins.
async function createTokenFile(path: string): Promise<boolean> {
  const draft = `${path}.${randomBytes(8).toString("hex")}`;
  const file = await open(draft, "wx", 0o600);
  try {
    await file.writeFile(`${randomBytes(TOKEN_BYTES).toString("base64url")}\n`);
    await file.sync();
    await link(draft, path);
    return true;
  } catch (cause) {
    if (hasCode(cause, "EEXIST")) return false;
    throw cause;
  } finally {
    await file.close();
    await rm(draft, { force: true });
  }
}

async function isMissing(path: string): Promise<boolean> {
  try {
    await stat(path);
    return false;
  } catch (cause) {
    if (hasCode(cause, "ENOENT")) return true;
    throw cause;
  }
}

function hasCode(cause: unknown, code: string): boolean {
  return cause instanceof Error && "code" in cause && cause.code === code;
}
