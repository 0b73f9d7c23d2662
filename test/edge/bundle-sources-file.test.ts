import { mkdir, rename, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openBundleState } from "../../src/policy/bundle/bundle-state.ts";
import { unpackTar } from "../../src/policy/bundle/unpack-tar.ts";
import { openSource } from "../../src/policy/sources/index.ts";
import type { PolicyFeed } from "../../src/policy/sources/policy-feed.ts";
import { bundleOf, type Ears, lineOf, listen, TRUST } from "../unit/policy-sources/a-source.ts";

const V1 = await bundleOf(1);
const V2 = await bundleOf(2);

let ears: Ears;
let place = "";
const feeds: PolicyFeed[] = [];

beforeEach(async () => {
  ears = await listen({}, { sleepMs: 2 });
  place = join(ears.folder, "place");
  await mkdir(place);
});

afterEach(async () => {
  for (const feed of feeds.splice(0)) await feed.close();
  await ears.close();
});

async function open(path: string, listening = ears): Promise<PolicyFeed> {
  const feed = await openSource("bundle_file", { ...TRUST, path }, listening.deps);
  feeds.push(feed);
  return feed;
}

async function unpackInto(folder: string, packed: Uint8Array): Promise<void> {
  const unpacked = await unpackTar(packed);
  if (unpacked.kind === "refused") throw new Error(unpacked.reason);
  await mkdir(folder, { recursive: true });
  for (const [name, content] of unpacked.files) await writeFile(join(folder, name), content);
}

/** What was told, each once: how often a file is seen while it is being written is not ours to say. */
const told = () => [...new Set(ears.lines().filter((line) => line !== "unchanged"))];

describe("a bundle's file", () => {
  it("is read again when it is replaced, and when it is written over", async () => {
    const file = join(place, "b.tar.gz");
    await writeFile(file, V1);
    const feed = await open(file);
    const replaced = ears.until("r2");
    await writeFile(`${file}.new`, V2);
    await rename(`${file}.new`, file);
    await replaced;
    const written = ears.until("r3");
    await writeFile(file, await bundleOf(3));
    await written;
    expect([told().filter((line) => !line.startsWith("refused")), feed.offer]).toEqual([["r1", "r2", "r3"], null]);
  });

  it("that is half written changes nothing, and is read once it is whole", async () => {
    const file = join(place, "b.tar.gz");
    await writeFile(file, V1);
    await open(file);
    const half = ears.until("refused: archive_malformed");
    await writeFile(file, V2.subarray(0, V2.length / 2));
    await half;
    const whole = ears.until("r2");
    await writeFile(file, V2);
    await whole;
    expect(told()).toEqual(["r1", "refused: archive_malformed", "r2"]);
  });

  it("that is taken away is told once, and the version goes on; after a restart it is the last good one", async () => {
    const file = join(place, "b.tar.gz");
    await writeFile(file, V1);
    const feed = await open(file);
    const gone = ears.until("refused: unreachable");
    await rm(file);
    await gone;
    await feed.reload();
    await feed.close();
    const again = await listen({ state: await openBundleState({ folder: join(ears.folder, "state"), tenant: "acme" }) });
    await open(file, again);
    expect(again.lines()).toEqual(["refused: unreachable", "r1 (last good)"]);
    await again.close();
  });

  it("that is older than what decided is refused, and the mark stays", async () => {
    const file = join(place, "b.tar.gz");
    await writeFile(file, V2);
    await open(file);
    const refused = ears.until("refused: serial_too_old");
    await writeFile(file, V1);
    await refused;
    expect([told().at(-1), ears.state.mark()]).toEqual(["refused: serial_too_old", 2]);
  });
});

describe("a folder with a bundle in it", () => {
  it("survives being renamed and put back", async () => {
    await writeFile(join(place, "b.tar.gz"), V1);
    await open(place);
    const gone = ears.until("refused: unreachable");
    await rename(place, `${place}.old`);
    await gone;
    const back = ears.until("r2");
    await writeFile(join(`${place}.old`, "b.tar.gz"), V2);
    await rename(`${place}.old`, place);
    await back;
    expect(told()).toEqual(["r1", "refused: unreachable", "r2"]);
  });

  it("that holds two of them is not guessed at", async () => {
    await writeFile(join(place, "a.tar.gz"), V1);
    await writeFile(join(place, "b.tar.gz"), V2);
    await open(place);
    expect(ears.news).toEqual([
      expect.objectContaining({ code: "unreachable", reason: "the folder holds 2 .tar.gz and does not say which of them" }),
    ]);
  });

  it("follows the links of a Kubernetes ConfigMap through 50 swaps", async () => {
    const swap = async (serial: number) => {
      await mkdir(join(place, `..${serial}`));
      await writeFile(join(place, `..${serial}`, "b.tar.gz"), await bundleOf(serial));
      await symlink(`..${serial}`, join(place, "..data_tmp"));
      await rename(join(place, "..data_tmp"), join(place, "..data"));
      await rm(join(place, `..${serial - 1}`), { recursive: true, force: true });
    };
    await swap(1);
    await symlink(join("..data", "b.tar.gz"), join(place, "b.tar.gz"));
    await open(place);
    const last = ears.until("r51");
    for (let serial = 2; serial <= 51; serial += 1) await swap(serial);
    await last;
    const serials = ears.news.flatMap((news) => (news.kind === "version" ? [news.origin.serial ?? 0] : []));
    expect(serials).toEqual(serials.toSorted((a, b) => a - b));
    expect(ears.news.filter((news) => news.kind === "refused").map(lineOf)).toEqual([]);
    expect(ears.state.mark()).toBe(51);
  });
});

describe("an unpacked bundle", () => {
  it("is what it was before it was unpacked, and keeps as a file that can be served", async () => {
    await unpackInto(place, V1);
    await writeFile(join(place, ".swp"), "an editor's");
    await open(place);
    const [news] = ears.news;
    if (news?.kind !== "version") throw new Error(lineOf(news ?? { kind: "unchanged" }));
    expect(await ears.state.readKept(news.origin.digest)).toEqual(news.packed);
    const before = await unpackTar(V1);
    const after = await unpackTar(news.packed ?? new Uint8Array());
    expect(after.kind === "unpacked" && before.kind === "unpacked" && new Map([...after.files].sort())).toEqual(
      before.kind === "unpacked" && new Map([...before.files].sort()),
    );
  });

  it("is refused while it is half of one and half of another", async () => {
    await unpackInto(place, V1);
    await open(place);
    const mixed = ears.until("refused: hash_mismatch");
    const unpacked = await unpackTar(V2);
    if (unpacked.kind === "refused") throw new Error(unpacked.reason);
    await writeFile(join(place, "data.json"), unpacked.files.get("data.json") ?? "");
    await mixed;
    const whole = ears.until("r2");
    await unpackInto(place, V2);
    await whole;
    expect(told().filter((line) => !line.startsWith("refused"))).toEqual(["r1", "r2"]);
  });

  it("with a file that nobody signed is refused", async () => {
    await unpackInto(place, V1);
    await writeFile(join(place, "more.rego"), "package more");
    await open(place);
    expect(ears.lines()).toEqual(["refused: file_unsigned"]);
  });
});

describe("a pushed bundle", () => {
  const openPushed = async (listening = ears) => {
    const feed = await openSource("pushed", TRUST, listening.deps);
    feeds.push(feed);
    if (feed.offer === null) throw new Error("it takes no pushes");
    return { ...feed, offer: feed.offer };
  };

  it("is admitted, kept, told and given back; the next start has it", async () => {
    const feed = await openPushed();
    expect(lineOf(await feed.offer(V1))).toBe("r1");
    expect(lineOf(await feed.offer(V1))).toBe("unchanged");
    expect(lineOf(await feed.offer(V2))).toBe("r2");
    await feed.close();
    const again = await listen({ state: await openBundleState({ folder: join(ears.folder, "state"), tenant: "acme" }) });
    await openPushed(again);
    expect([ears.lines(), again.lines()]).toEqual([["refused: unreachable", "r1", "unchanged", "r2"], ["r2"]]);
    await again.close();
  });

  it("that is refused is refused each time, and nothing of it is kept", async () => {
    const feed = await openPushed();
    await feed.offer(V2);
    expect([lineOf(await feed.offer(V1)), lineOf(await feed.offer(V1))]).toEqual(["refused: serial_too_old", "refused: serial_too_old"]);
    expect(await ears.state.readPushed()).toEqual(V2);
    expect(ears.state.history().map(({ serial }) => serial)).toEqual([2]);
  });

  it("decides only where whoever pushes it lets it, and may be pushed again", async () => {
    const feed = await openPushed();
    await feed.offer(V1);
    const refuse = () => ({ kind: "refused", source: "pushed", code: "widening_forbidden", reason: "it widens", digest: null }) as const;
    expect(lineOf(await feed.offer(V2, refuse))).toBe("refused: widening_forbidden");
    expect([await ears.state.readPushed(), ears.state.mark()]).toEqual([V1, 1]);
    expect(lineOf(await feed.offer(V2))).toBe("r2");
  });

  it("as a rollback decides under the mark that it was signed for, once", async () => {
    const feed = await openPushed();
    await feed.offer(await bundleOf(9));
    const back = await bundleOf(5, { rollbackFrom: 9 });
    expect(lineOf(await feed.offer(back))).toBe("r5");
    expect(ears.state.mark()).toBe(9);
    await feed.offer(await bundleOf(10));
    expect(lineOf(await feed.offer(back))).toBe("refused: serial_too_old");
  });

  it("that cannot be kept does not decide", async () => {
    const feed = await openPushed();
    await feed.offer(V1);
    await rm(join(ears.folder, "state"), { recursive: true });
    expect(await feed.offer(V2)).toMatchObject({
      kind: "refused",
      code: "load_failed",
      reason: expect.stringContaining("it could not be kept: ENOENT"),
    });
    expect([ears.lines().at(-1), ears.state.mark()]).toEqual(["refused: load_failed", 1]);
  });

  it("is one of several at once, each admitted after the one before", async () => {
    const feed = await openPushed();
    const news = await Promise.all([feed.offer(V2), feed.offer(V1), feed.offer(await bundleOf(3))]);
    expect(news.map(lineOf)).toEqual(["r2", "refused: serial_too_old", "r3"]);
  });

  it("is taken by nobody once the source is closed", async () => {
    const feed = await openPushed();
    await feed.close();
    expect(await feed.offer(V1)).toMatchObject({ kind: "refused", code: "load_failed", reason: "the source is closed" });
    expect(await ears.state.readPushed()).toBeNull();
  });
});
