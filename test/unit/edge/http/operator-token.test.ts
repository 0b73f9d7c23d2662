import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ensureOperatorToken, readOperatorToken } from "../../../../src/edge/http/operator-token.ts";

let root: string;
let folder: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "sluice-token-"));
  folder = join(root, "state");
});
afterEach(() => rm(root, { recursive: true }));

describe("the first operator's token", () => {
  it("is made at the first start, for its owner alone, and read later", async () => {
    const first = await ensureOperatorToken(folder);
    expect(first).toEqual({ token: expect.stringMatching(/^[A-Za-z0-9_-]{43}$/), created: true });
    expect(await ensureOperatorToken(folder)).toEqual({ token: first.token, created: false });
    expect((await stat(join(folder, "operator.token"))).mode & 0o777).toBe(0o600);
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
    expect(await readFile(join(folder, "operator.token"), "utf8")).toBe(`${first.token}\n`);
    expect(await readdir(folder)).toEqual(["operator.token"]);
  });

  it("is one when many start at once", async () => {
    const all = await Promise.all(Array.from({ length: 10 }, () => ensureOperatorToken(folder)));
    expect(new Set(all.map((one) => one.token)).size).toBe(1);
    expect(all.filter((one) => one.created)).toHaveLength(1);
    expect(await readdir(folder)).toEqual(["operator.token"]);
  });

  it.each([0o640, 0o604, 0o660, 0o666])("is refused where others can read it: %o", async (mode) => {
    await ensureOperatorToken(folder);
    await chmod(join(folder, "operator.token"), mode);
    await expect(ensureOperatorToken(folder)).rejects.toThrow("can be read by others: chmod 600 it");
  });

  it("is refused when empty", async () => {
    await ensureOperatorToken(folder);
    await writeFile(join(folder, "operator.token"), " \n");
    await expect(readOperatorToken(join(folder, "operator.token"))).rejects.toThrow("is empty");
  });
});
