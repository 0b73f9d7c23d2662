import { mkdir, mkdtemp, rename, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Observer, SILENT } from "../../../src/core/observer.ts";
import { openFolder, type PolicyFeed } from "../../../src/policy/sources/folder.ts";
import { type LoadedPolicy, loadFolder } from "../../../src/policy/sources/load-folder.ts";
import { loadOffLoop } from "../../../src/policy/sources/load-off-loop.ts";
import { loadPolicy, type PreparedLoad } from "../../../src/policy/sources/load-policy.ts";
import { readFolder } from "../../../src/policy/sources/read-folder.ts";

const policy = (id: string) => `policy: p\nrules:\n  - { id: ${id}, then: deny }\n`;
const rulesOf = (loaded: LoadedPolicy | undefined) => (loaded?.kind === "loaded" ? loaded.program.rules.map((rule) => rule.id) : loaded);
const rulesIn = (load: PreparedLoad | undefined) => (load?.kind === "loaded" ? rulesOf(load.loaded) : load);
const engineFile = fileURLToPath(new URL("../../../policies/engine/policy.wasm", import.meta.url));

let folder = "";
const feeds: PolicyFeed[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "sluice-folder-"));
});

afterEach(async () => {
  for (const feed of feeds.splice(0)) await feed.close();
  await rm(folder, { recursive: true });
});

type Opening = { readonly guardrailFolders?: readonly string[]; readonly loadAgain?: typeof loadPolicy };

/** A watched folder with the next change or refusal to wait for. */
async function open({ guardrailFolders = [], loadAgain = loadPolicy }: Opening = {}) {
  const told: { level: string; message: string }[] = [];
  const waiting: (() => void)[] = [];
  const changes: PreparedLoad[] = [];
  const wake = () => {
    for (const one of waiting.splice(0)) one();
  };
  const observer: Observer = {
    ...SILENT,
    log: (level, message) => {
      told.push({ level, message });
      wake();
    },
    faulted: (_dependency, action, message) => {
      if (action !== "load_failed") return;
      told.push({ level: "fault", message });
      wake();
    },
  };
  const feed = await openFolder({
    place: { folder, guardrailFolders, engineFile },
    loadFirst: loadPolicy,
    loadAgain,
    observer,
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
    for (const name of ["b.yaml", "a/c.yml", "a/d.json", "a/e.rego", "a/deeper/x.txt", "..data/y.yaml", ".z.yaml", "README.md"]) {
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
    [
      "with a policy file that stands too deep",
      async () => {
        await mkdir(join(folder, "a", "b"), { recursive: true });
        await writeFile(join(folder, "a", "b", "p.yaml"), policy("a"));
      },
      ".",
    ],
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
    expect(rulesIn(feed.first)).toEqual(["p/a"]);
    const changed = next();
    await writeFile(join(folder, "p.yaml"), policy("b"));
    await changed;
    expect(changes.map(rulesIn)).toEqual([["p/b"]]);
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
    expect(changes.map(rulesIn)).toEqual([["p/c"]]);
  });

  it("that begins broken is watched until it is whole", async () => {
    await writeFile(join(folder, "p.yaml"), "policy: [");
    const { feed, changes, next } = await open();
    expect(feed.first.kind).toBe("refused");
    const repaired = next();
    await writeFile(join(folder, "p.yaml"), policy("a"));
    await repaired;
    expect(changes.map(rulesIn)).toEqual([["p/a"]]);
  });

  it("is compiled anew when one of its guardrails changes", async () => {
    const guard = await mkdtemp(join(tmpdir(), "sluice-guard-"));
    try {
      await writeFile(join(folder, "p.yaml"), policy("a"));
      await writeFile(join(guard, "g.yaml"), policy("never"));
      const { feed, changes, next } = await open({ guardrailFolders: [guard] });
      expect(rulesIn(feed.first)).toEqual(["guardrail:p/never", "p/a"]);
      const changed = next();
      await writeFile(join(guard, "g.yaml"), policy("not-even-then"));
      await changed;
      expect(changes.map(rulesIn)).toEqual([["guardrail:p/not-even-then", "p/a"]]);
    } finally {
      await rm(guard, { recursive: true });
    }
  });

  it("is compiled in a thread, to the same image", async () => {
    await writeFile(join(folder, "p.yaml"), policy("a"));
    const place = { folder, guardrailFolders: [], engineFile };
    expect(await loadOffLoop(place)).toEqual(structuredClone(await loadPolicy(place)));
    await writeFile(join(folder, "p.yaml"), "policy: [");
    const refused = await loadOffLoop(place);
    expect([refused.kind, refused]).toEqual(["refused", await loadPolicy(place)]);
  });

  it("whose thread fails is told, and tried again at the next change", async () => {
    await writeFile(join(folder, "p.yaml"), policy("a"));
    let isBroken = true;
    const loadAgain: typeof loadPolicy = (place) => loadOffLoop(isBroken ? { ...place, engineFile: `${engineFile}.absent` } : place);
    const { changes, told, next } = await open({ loadAgain });
    const failed = next();
    await writeFile(join(folder, "p.yaml"), policy("b"));
    await failed;
    expect(changes).toEqual([]);
    expect(told).toEqual([{ level: "fault", message: expect.stringContaining("ENOENT") }]);
    isBroken = false;
    const changed = next();
    await writeFile(join(folder, "p.yaml"), policy("c"));
    await changed;
    expect(changes.map(rulesIn)).toEqual([["p/c"]]);
  });
});
