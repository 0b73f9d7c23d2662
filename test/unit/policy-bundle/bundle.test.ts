import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { EMBEDDED_FILE, EMBEDDED_SHA256, readEmbedded } from "../../../src/policy/bundle/embedded.ts";
import { readBundle } from "../../../src/policy/bundle/read-bundle.ts";
import { unpackTar } from "../../../src/policy/bundle/unpack-tar.ts";
import { writeBundle } from "../../../src/policy/bundle/write-bundle.ts";
import { sha256 } from "../../../src/policy/digest-policy.ts";
import { loadFolder } from "../../../src/policy/sources/load-folder.ts";
import { compileFiles } from "../policy-compile/compile-one.ts";
import { type TarEntry, tarOf } from "./tar-of.ts";

const program = compileFiles("policy: p\nversion: 1.0.0\nrules: [{ id: a, then: deny }]\n");
const wasm = new Uint8Array([0, 97, 115, 109]);
const PARTS = { program, wasm, engineRego: "package sluice\n", name: "p", revision: "r1", sources: "0".repeat(64) };

/** The entries of a good bundle, for spoiling. */
async function entriesOf(parts = PARTS): Promise<readonly TarEntry[]> {
  const unpacked = await unpackTar(await writeBundle(parts));
  return unpacked.kind === "unpacked" ? [...unpacked.files].map(([name, content]) => ({ name, content })) : [];
}

const with_ = (entries: readonly TarEntry[], name: string, change: (text: string) => string): readonly TarEntry[] =>
  entries.map((entry) => (entry.name === name ? { name, content: change(Buffer.from(entry.content ?? "").toString()) } : entry));

describe("a bundle", () => {
  it("comes back as it was written", async () => {
    const packed = await writeBundle({ ...PARTS, tenant: "acme" });
    expect(await readBundle(packed)).toEqual({
      kind: "bundle",
      bundle: {
        name: "p",
        revision: "r1",
        digest: sha256(packed),
        program,
        cases: null,
        wasm: Buffer.from(wasm),
        engineRego: "package sluice\n",
        manifest: {
          revision: "r1",
          roots: ["policies", "sluice"],
          rego_version: 1,
          metadata: {
            sluice: {
              format: 1,
              engine: { version: 1, wasm: sha256(wasm) },
              entrypoints: ["sluice/verdict", "sluice/ruling"],
              name: "p",
              tenant: "acme",
              serial: 0,
              policies: [{ name: "p", version: "1.0.0" }],
              sources: "0".repeat(64),
            },
          },
        },
      },
    });
  });

  it("is the same bytes for the same parts, and names no machine", async () => {
    const packed = await writeBundle(PARTS);
    expect(await writeBundle(structuredClone(PARTS))).toEqual(packed);
    expect([...packed.subarray(4, 8), packed[9]]).toEqual([0, 0, 0, 0, 255]);
  });

  it("is the same with the folders that tar writes around its files", async () => {
    const packed = await writeBundle(PARTS);
    const entries = await entriesOf();
    const withFolders = await tarOf([{ name: "./", type: "directory" }, { name: "x/", type: "directory" }, ...entries]);
    const [read, plain] = [await readBundle(withFolders), await readBundle(packed)];
    expect(read).toEqual({ ...plain, bundle: { ...(plain.kind === "bundle" ? plain.bundle : {}), digest: sha256(withFolders) } });
  });

  it("lists no wasm resolvers, so that an OPA without its Wasm engine can load it", async () => {
    const manifest = (await entriesOf()).find(({ name }) => name === ".manifest");
    expect(JSON.parse(Buffer.from(manifest?.content ?? "").toString())).not.toHaveProperty("wasm");
  });

  it.each<readonly [string, (good: readonly TarEntry[]) => readonly TarEntry[], string]>([
    ["a name that climbs", (good) => [...good, { name: "../../etc/passwd" }], "an entry's name leaves the bundle or is malformed"],
    ["a name that climbs inside", (good) => [...good, { name: "a/../../b" }], "an entry's name leaves the bundle or is malformed"],
    ["an absolute name twice over", (good) => [...good, { name: "//etc/passwd" }], "an entry's name leaves the bundle or is malformed"],
    ["a name with a backslash", (good) => [...good, { name: "a\\b" }], "an entry's name leaves the bundle or is malformed"],
    [
      "a symbolic link",
      (good) => [...good, { name: "x.rego", type: "symlink", linkname: "/etc/passwd" }],
      "an entry is no plain file: symlink",
    ],
    ["a hard link", (good) => [...good, { name: "x.rego", type: "link", linkname: "data.json" }], "an entry is no plain file: link"],
    ["a device", (good) => [...good, { name: "x", type: "character-device" }], "an entry is no plain file: character-device"],
    ["a folder that climbs", (good) => [...good, { name: "../x/", type: "directory" }], "an entry is no plain file: directory"],
    ["one name twice", (good) => [...good, { name: "/data.json", content: "{}" }], "two entries are called data.json"],
    ["many entries", (good) => [...good, ...Array.from({ length: 64 }, (_, at) => ({ name: `x${at}` }))], "more than 64 entries"],
    ["a stranger", (good) => [...good, { name: "extra.rego" }], "it holds extra.rego, which is not part of a bundle"],
    [
      "no data",
      (good) => good.filter(({ name }) => name !== "data.json"),
      "it lacks one of .manifest, data.json, policy.wasm, engine.rego",
    ],
    ["another wasm", (good) => with_(good, "policy.wasm", () => "x"), "its policy.wasm is not the one that its manifest names"],
    [
      "other roots",
      (good) => with_(good, ".manifest", (text) => text.replace('"policies","sluice"', '""')),
      "its roots are not policies and sluice",
    ],
    [
      "data beside the policies",
      (good) => with_(good, "data.json", (text) => text.replace("{", '{"more":1,')),
      "its data.json holds something else than policies",
    ],
    ["data that is no JSON", (good) => with_(good, "data.json", () => "{"), "its data.json holds something else than policies"],
  ])("with %s is refused", async (_, spoil, reason) => {
    expect(await readBundle(await tarOf(spoil(await entriesOf())))).toMatchObject({ kind: "refused", reason });
  });

  it.each([
    ["a manifest with wasm resolvers", ".manifest", (text: string) => text.replace("{", '{"wasm":[],'), /its manifest: .*wasm/s],
    [
      "another engine",
      ".manifest",
      (text: string) => text.replace('"version":1,"wasm"', '"version":2,"wasm"'),
      /it needs version 2 of the engine/,
    ],
    ["another format", "data.json", (text: string) => text.replace('"format":1', '"format":2'), /its policies: /],
    [
      "a restricting rule without its condition",
      "data.json",
      (text: string) => text.replace('"maybe":[[]]', '"maybe":null'),
      /its policies: /,
    ],
    ["a rule behind no key", "data.json", (text: string) => text.replace('"*":[0]', '"*":[]'), /its policies: /],
  ])("with %s is refused", async (_, name, change, reason) => {
    const read = await readBundle(await tarOf(with_(await entriesOf(), name, change)));
    expect(read).toMatchObject({ kind: "refused", reason: expect.stringMatching(reason) });
  });

  it("that is a bomb is refused before it is unpacked", async () => {
    const bomb = gzipSync(new Uint8Array(65 * 1024 * 1024));
    expect(bomb.length).toBeLessThan(1024 * 1024);
    expect(await readBundle(bomb)).toMatchObject({ kind: "refused", code: "too_large", reason: "it unpacks to more than 67108864 bytes" });
  });

  it("that is too large is refused unread", async () => {
    expect(await readBundle(new Uint8Array(16 * 1024 * 1024 + 1))).toMatchObject({ kind: "refused", reason: "larger than 16777216 bytes" });
  });

  it.each([
    ["nothing", new Uint8Array(0), "no well-formed gzip file"],
    ["text", Buffer.from("policy: p"), "no well-formed gzip file"],
    ["a gzip of text", gzipSync("x".repeat(600)), "no well-formed tar file"],
  ])("that is %s is refused", async (_, bytes, reason) => {
    expect(await readBundle(bytes)).toMatchObject({ kind: "refused", reason });
  });

  it("cut anywhere is refused", async () => {
    const packed = await writeBundle(PARTS);
    for (let length = 0; length < packed.length; length += 97)
      expect(await readBundle(packed.subarray(0, length))).toMatchObject({ kind: "refused" });
  });
});

describe("the embedded bundle", () => {
  it("is the pinned one and holds what the examples compile to", async () => {
    const bundle = await readEmbedded();
    expect(bundle.digest).toBe(EMBEDDED_SHA256);
    const loaded = await loadFolder(join(import.meta.dirname, "..", "..", "..", "policies", "examples"));
    expect(loaded).toMatchObject({ kind: "loaded", program: bundle.program, revision: bundle.revision });
  });

  it("is not read when somebody changed it", async () => {
    const other = join(import.meta.dirname, "tar-of.ts");
    expect(await readFile(EMBEDDED_FILE)).not.toEqual(await readFile(other));
    await expect(readEmbedded(other)).rejects.toThrow("the embedded bundle is not the one that this version was built with");
  });
});
