import { mkdir, mkdtemp, rename, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { loadInPlace } from "../../../src/operate/load-policy/load-in-place.ts";
import { openSource } from "../../../src/policy/sources/index.ts";
import { type LoadedPolicy, loadFolder } from "../../../src/policy/sources/load-folder.ts";
import type { PolicyFeed, PolicyNews } from "../../../src/policy/sources/policy-feed.ts";
import { readFolder } from "../../../src/policy/sources/read-folder.ts";
import type { SourceDeps } from "../../../src/policy/sources/source-deps.ts";
import { type Ears, listen } from "./a-source.ts";

const policy = (id: string) => `policy: p\nrules:\n  - { id: ${id}, then: deny }\n`;
const rulesOf = (loaded: LoadedPolicy) => (loaded.kind === "loaded" ? loaded.program.rules.map((rule) => rule.id) : loaded);
const rulesIn = (news: PolicyNews | undefined) => (news?.kind === "version" ? news.image.program.rules.map((rule) => rule.id) : news);
const engineFile = fileURLToPath(new URL("../../../policies/engine/policy.wasm", import.meta.url));

let folder = "";
const feeds: PolicyFeed[] = [];
const all: Ears[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "sluice-folder-"));
});

afterEach(async () => {
  for (const feed of feeds.splice(0)) await feed.close();
  for (const ears of all.splice(0)) await ears.close();
  await rm(folder, { recursive: true });
});

type Opening = { readonly guardrailFolders?: readonly string[]; readonly deps?: Partial<SourceDeps> };

/** A watched folder; between looks it sleeps until it is woken. */
async function open({ guardrailFolders = [], deps = {} }: Opening = {}) {
  const ears = await listen(deps);
  all.push(ears);
  const feed = await openSource("folder", { folder, guardrailFolders, engineFile }, ears.deps);
  feeds.push(feed);
  return { ...ears, feed };
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
    const { news, untilTold } = await open();
    await writeFile(join(folder, "p.yaml"), policy("b"));
    await untilTold(2);
    expect(news.map(rulesIn)).toEqual([["p/a"], ["p/b"]]);
    expect(news[0]).toMatchObject({
      name: "p",
      packed: null,
      origin: { source: "folder", serial: null, signedBy: null, isLastGood: false },
    });
  });

  it("says loudly what does not compile, and changes nothing", async () => {
    await writeFile(join(folder, "p.yaml"), policy("a"));
    const { news, logged, untilTold } = await open();
    await writeFile(join(folder, "p.yaml"), "policy: p\nruls: []\n");
    await untilTold(2);
    const reason = expect.stringMatching(/^p\.yaml:2:1: unknown key `ruls`/);
    expect(news[1]).toEqual({ kind: "refused", source: "folder", code: "policy_invalid", reason, digest: null });
    expect(logged[0]).toMatchObject({ level: "error", message: reason });
    await writeFile(join(folder, "p.yaml"), policy("c"));
    await untilTold(3);
    expect(rulesIn(news[2])).toEqual(["p/c"]);
  });

  it("that begins broken is watched until it is whole", async () => {
    await writeFile(join(folder, "p.yaml"), "policy: [");
    const { news, lines, untilTold } = await open();
    expect(lines()).toEqual(["refused: policy_invalid"]);
    await writeFile(join(folder, "p.yaml"), policy("a"));
    await untilTold(2);
    expect(rulesIn(news[1])).toEqual(["p/a"]);
  });

  it("is compiled anew when one of its guardrails changes", async () => {
    const guard = await mkdtemp(join(tmpdir(), "sluice-guard-"));
    try {
      await writeFile(join(folder, "p.yaml"), policy("a"));
      await writeFile(join(guard, "g.yaml"), policy("never"));
      const { news, untilTold } = await open({ guardrailFolders: [guard] });
      await writeFile(join(guard, "g.yaml"), policy("not-even-then"));
      await untilTold(2);
      expect(news.map(rulesIn)).toEqual([
        ["guardrail:p/never", "p/a"],
        ["guardrail:p/not-even-then", "p/a"],
      ]);
    } finally {
      await rm(guard, { recursive: true });
    }
  });

  it("that was renamed and put back is looked at, whether or not anything told of it", async () => {
    await writeFile(join(folder, "p.yaml"), policy("a"));
    const { news, lines, until, wake, untilAsleep } = await open();
    const gone = until("refused: policy_invalid");
    await rename(folder, `${folder}.old`);
    await untilAsleep();
    wake();
    await gone;
    await writeFile(join(`${folder}.old`, "p.yaml"), policy("b"));
    await rename(`${folder}.old`, folder);
    while (lines().at(-1)?.startsWith("refused")) {
      await untilAsleep();
      wake();
    }
    expect(rulesIn(news.findLast(({ kind }) => kind === "version"))).toEqual(["p/b"]);
  });

  it("is read again when it is asked to, and says that nothing changed", async () => {
    await writeFile(join(folder, "p.yaml"), policy("a"));
    const { feed, lines } = await open();
    const before = feed.answeredMs();
    await feed.reload();
    expect([lines().at(-1), lines().length, feed.offer]).toEqual(["unchanged", 2, null]);
    expect(feed.answeredMs()).toBeGreaterThanOrEqual(before ?? Number.POSITIVE_INFINITY);
  });

  it("whose loading fails is told, and tried again later and later", async () => {
    await writeFile(join(folder, "p.yaml"), policy("a"));
    let isBroken = true;
    const load: SourceDeps["load"] = (job) => (isBroken ? Promise.reject(new Error("the thread ended")) : loadInPlace(job));
    const { news, sleeps, untilTold, untilAsleep, wake } = await open({ deps: { load } });
    await untilAsleep();
    wake();
    await untilTold(2);
    await untilAsleep();
    isBroken = false;
    wake();
    await untilTold(3);
    expect(news.slice(0, 2)).toEqual(
      Array(2).fill({ kind: "refused", source: "folder", code: "load_failed", reason: "the thread ended", digest: null }),
    );
    expect([rulesIn(news[2]), sleeps.slice(0, 2)]).toEqual([["p/a"], [1_000, 2_000]]);
  });
});
