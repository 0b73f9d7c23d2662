import { mkdir, mkdtemp, rename, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Observer, SILENT } from "../../../src/core/observer.ts";
import { openFolder, type PolicyFeed } from "../../../src/policy/sources/folder.ts";
import { type LoadedPolicy, loadFolder } from "../../../src/policy/sources/load-folder.ts";
import { readFolder } from "../../../src/policy/sources/read-folder.ts";

const policy = (id: string) => `policy: p\nrules:\n  - { id: ${id}, then: deny }\n`;
const rulesOf = (loaded: LoadedPolicy | undefined) => (loaded?.kind === "loaded" ? loaded.program.rules.map((rule) => rule.id) : loaded);

let folder = "";
const feeds: PolicyFeed[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "sluice-folder-"));
});

afterEach(async () => {
  for (const feed of feeds.splice(0)) await feed.close();
  await rm(folder, { recursive: true });
});

/** A watched folder with the next change or refusal to wait for. */
async function open() {
  const told: { level: string; message: string }[] = [];
  const waiting: (() => void)[] = [];
  const changes: LoadedPolicy[] = [];
  const wake = () => {
    for (const one of waiting.splice(0)) one();
  };
  const observer: Observer = {
    ...SILENT,
    log: (level, message) => {
      told.push({ level, message });
      wake();
    },
  };
  const feed = await openFolder({
    folder,
    observer,
    watch: true,
    quietMs: 5,
    onChange: (loaded) => {
      changes.push(loaded);
      wake();
    },
  });
  feeds.push(feed);
  return { feed, changes, told, next: () => new Promise<void>((resolve) => waiting.push(resolve)) };
}

describe("a policy folder", () => {
  it("is read with the folders in it, one level deep, without hidden and foreign files", async () => {
    await mkdir(join(folder, "a", "deeper"), { recursive: true });
    await mkdir(join(folder, "..data"));
    for (const name of ["b.yaml", "a/c.yml", "a/d.json", "a/e.rego", "a/deeper/x.yaml", "..data/y.yaml", ".z.yaml", "README.md"]) {
      await writeFile(join(folder, name), name);
    }
    const read = await readFolder(folder);
    expect(read.kind === "read" ? read.files : read).toEqual(
      ["a/c.yml", "a/d.json", "a/e.rego", "b.yaml"].map((name) => ({ name, text: name })),
    );
  });

  it("is read through links, as a Kubernetes ConfigMap makes them", async () => {
    await mkdir(join(folder, "..1"));
    await writeFile(join(folder, "..1", "p.yaml"), policy("a"));
    await symlink(join("..1", "p.yaml"), join(folder, "p.yaml"));
    expect(rulesOf(await loadFolder(folder))).toEqual(["p/a"]);
  });

  it.each([
    ["that is not there", async () => {}, "absent"],
    ["with a file that is no UTF-8", async () => writeFile(join(folder, "x.yaml"), new Uint8Array([0xff, 0xfe])), "."],
  ])("%s is refused and told", async (_, prepare, name) => {
    await prepare();
    expect(await loadFolder(join(folder, name))).toMatchObject({
      kind: "refused",
      problems: [{ message: expect.stringContaining("the policy folder cannot be read") }],
    });
  });

  it("gives the same digest whatever its files are called", async () => {
    await writeFile(join(folder, "a.yaml"), policy("a"));
    const before = await loadFolder(folder);
    await rename(join(folder, "a.yaml"), join(folder, "b.yaml"));
    expect(await loadFolder(folder)).toEqual(before);
  });

  it("tells of a change once it compiles", async () => {
    await writeFile(join(folder, "p.yaml"), policy("a"));
    const { feed, changes, next } = await open();
    expect(rulesOf(feed.first)).toEqual(["p/a"]);
    const changed = next();
    await writeFile(join(folder, "p.yaml"), policy("b"));
    await changed;
    expect(changes.map(rulesOf)).toEqual([["p/b"]]);
  });

  it("says loudly what does not compile, and changes nothing", async () => {
    await writeFile(join(folder, "p.yaml"), policy("a"));
    const { changes, told, next } = await open();
    const refused = next();
    await writeFile(join(folder, "p.yaml"), "policy: p\nruls: []\n");
    await refused;
    expect(changes).toEqual([]);
    expect(told[0]).toMatchObject({ level: "error", message: expect.stringMatching(/^p\.yaml:2:1: unknown key `ruls`/) });
    const repaired = next();
    await writeFile(join(folder, "p.yaml"), policy("c"));
    await repaired;
    expect(changes.map(rulesOf)).toEqual([["p/c"]]);
  });

  it("that begins broken is watched until it is whole", async () => {
    await writeFile(join(folder, "p.yaml"), "policy: [");
    const { feed, changes, next } = await open();
    expect(feed.first.kind).toBe("refused");
    const repaired = next();
    await writeFile(join(folder, "p.yaml"), policy("a"));
    await repaired;
    expect(changes.map(rulesOf)).toEqual([["p/a"]]);
  });
});
