import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { KEPT_MAX, openBundleState } from "../../../src/policy/bundle/bundle-state.ts";
import { tenantFolder } from "../../../src/policy/bundle/tenant-folder.ts";
import { sha256 } from "../../../src/policy/digest-policy.ts";

let folder = "";

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "sluice-bundle-state-"));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

const bytesOf = (serial: number) => Buffer.alloc(10, `serial ${serial}\n`);
const fileOf = (serial: number, text = bytesOf(serial)) => ({
  packed: text,
  digest: sha256(text),
  revision: `r${serial}`,
  serial,
  activatedAtMs: serial,
});
const open = (tenant = "acme") => openBundleState({ folder, tenant });

describe("what is kept of a tenant's bundles", () => {
  it("is nothing at first", async () => {
    const state = await open();
    const read = [await state.readLastGood(), await state.readPushed(), await state.readKept(sha256("x"))];
    expect([state.mark(), state.answeredMs(), state.history(), ...read]).toEqual([null, null, [], null, null, null]);
  });

  it("is there after a restart", async () => {
    const before = await open();
    await before.keepPushed(bytesOf(8));
    await before.keepAdmitted(fileOf(7));
    await before.noteAnswered(1_234);
    const state = await open();
    expect([state.mark(), state.answeredMs(), await state.readLastGood(), await state.readPushed()]).toEqual([
      7,
      1_234,
      bytesOf(7),
      bytesOf(8),
    ]);
    expect(state.history()).toEqual([{ digest: sha256(bytesOf(7)), revision: "r7", serial: 7, activatedAtMs: 7 }]);
    expect(await state.readKept(sha256(bytesOf(7)))).toEqual(bytesOf(7));
  });

  it("never lowers the mark: a rollback decides under the mark that it was signed for", async () => {
    const state = await open();
    await state.keepAdmitted(fileOf(9));
    await state.keepAdmitted(fileOf(5));
    expect([state.mark(), (await open()).mark(), await state.readLastGood()]).toEqual([9, 9, bytesOf(5)]);
    expect(state.history().map(({ serial }) => serial)).toEqual([5, 9]);
  });

  it(`are the last ${KEPT_MAX} versions, each once, and no other file`, async () => {
    const state = await open();
    for (let serial = 1; serial <= KEPT_MAX + 2; serial += 1) await state.keepAdmitted(fileOf(serial));
    await state.keepAdmitted(fileOf(10));
    const serials = (await open()).history().map(({ serial }) => serial);
    expect(serials).toEqual([10, ...Array.from({ length: KEPT_MAX }, (_, at) => KEPT_MAX + 2 - at).filter((serial) => serial !== 10)]);
    expect(new Set(await readdir(join(folder, "bundles", "acme", "history")))).toEqual(
      new Set(serials.map((serial) => `${sha256(bytesOf(serial))}.tar.gz`)),
    );
    expect(await state.readKept(sha256(bytesOf(1)))).toBeNull();
  });

  it.each(["mark.json", "history.json", "answered.json"])("is not opened where %s is not what was written", async (name) => {
    await (await open()).keepAdmitted(fileOf(3));
    await writeFile(join(folder, "bundles", "acme", name), '{"serial":-1}');
    await expect(open()).rejects.toThrow(`${name} is not what Sluice wrote there`);
  });

  it("does not believe a history that names a file elsewhere", async () => {
    const state = await open();
    await writeFile(join(folder, "secret.tar.gz"), "x");
    expect(await state.readKept("../../../secret")).toBeNull();
  });

  it("is cleared of what a stop left half written", async () => {
    const own = join(folder, "bundles", "acme");
    await mkdir(join(own, "history"), { recursive: true });
    await writeFile(join(own, ".draft-1"), "half");
    await writeFile(join(own, "history", ".draft-2"), "half");
    await open();
    expect([await readdir(own), await readdir(join(own, "history"))]).toEqual([["history"], []]);
  });

  it("is written to nobody else's folder and readable by nobody else", async () => {
    const state = await open("a/../b:c@d");
    await state.keepAdmitted(fileOf(1));
    expect(await readdir(join(folder, "bundles"))).toEqual(["a%2F..%2Fb%3Ac@d"]);
  });

  it.each([
    ["acme", "acme"],
    ["team/acme", "team%2Facme"],
    ["spiffe://x", "spiffe%3A%2F%2Fx"],
    [".", "%2E"],
    ["..", "%2E."],
    ["a.b", "a.b"],
  ])("stands for %s in %s", (tenant, expected) => {
    expect(tenantFolder(tenant)).toBe(expected);
  });
});

const ROUNDS = 15;

describe("a process that is killed while it keeps bundles", () => {
  it(`leaves the old or the new one whole, ${ROUNDS} times`, { timeout: 60_000 }, async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const said = await keepUntilKilled(Math.random() * 60);
      const state = await open();
      const kept = String(await state.readLastGood());
      const serial = Number(/^serial ([0-9]+)\n/.exec(kept)?.[1]);
      expect(kept).toBe(String(Buffer.alloc(200_000, `serial ${serial}\n`)));
      expect([said, said + 1]).toContain(serial);
      expect([said, said + 1]).toContain(state.mark());
      expect(serial).toBeGreaterThanOrEqual(state.mark() ?? 0);
    }
  });
});

/** The serial of the last bundle that it said it had kept. */
async function keepUntilKilled(afterMs: number): Promise<number> {
  const child = spawn(process.execPath, [join(import.meta.dirname, "keep-admitting.ts"), folder], { stdio: ["ignore", "pipe", "inherit"] });
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    if (output === "") setTimeout(() => child.kill("SIGKILL"), afterMs);
    output += text;
  });
  await once(child, "close");
  return Number(output.trimEnd().split("\n").at(-1));
}
