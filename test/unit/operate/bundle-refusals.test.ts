import { generateKeyPairSync } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CompactSign } from "jose";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type BuildOptions, buildPolicy } from "../../../src/operate/build-policy.ts";
import { inspectBundle } from "../../../src/operate/inspect-bundle.ts";
import { loadInPlace } from "../../../src/operate/load-policy/load-in-place.ts";
import { findKept, signRollback } from "../../../src/operate/roll-back.ts";
import { verifyBundle } from "../../../src/operate/verify-bundle.ts";
import { BUNDLE_CAPS } from "../../../src/policy/bundle/bundle-files.ts";
import { POLICY_REFUSALS } from "../../../src/policy/bundle/refusals.ts";
import { hashFile } from "../../../src/policy/bundle/signing/hash-file.ts";
import { type BundleSigner, signFiles } from "../../../src/policy/bundle/signing/sign-files.ts";
import { unpackTar } from "../../../src/policy/bundle/unpack-tar.ts";
import { type TarEntry, tarOf } from "../policy-bundle/tar-of.ts";

const engine = join(import.meta.dirname, "../../../policies/engine");
const [wasm, engineRego] = [await readFile(join(engine, "policy.wasm")), await readFile(join(engine, "engine.rego"), "utf8")];
const pair = generateKeyPairSync("ec", { namedCurve: "P-256" });
const other = generateKeyPairSync("ec", { namedCurve: "P-256" });
const signer: BundleSigner = { kid: "ci-1", alg: "ES256", privateKey: pair.privateKey };
const key = { kid: "ci-1", alg: "ES256", publicKey: pair.publicKey } as const;
const NOW_MS = Date.parse("2026-11-25T12:00:00Z");
const POLICY = "policy: p\nversion: 1.0.0\nrules:\n  - { id: all, match: { hosts: [a.test] }, then: allow }\n";
const CASES = "cases:\n  - { name: passes, caller: { agent: x }, call: { method: GET, host: a.test, path: / }, expect: allow }\n";

let folder = "";
let good: Uint8Array = new Uint8Array();
let files: ReadonlyMap<string, Uint8Array> = new Map();
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "sluice-refusals-"));
  await writeFile(join(folder, "p.yaml"), POLICY);
  await writeFile(join(folder, "cases.yaml"), CASES);
  good = await build();
  const unpacked = await unpackTar(good);
  if (unpacked.kind === "unpacked") files = unpacked.files;
});
afterAll(() => rm(folder, { recursive: true }));

async function build(more: Partial<BuildOptions> = {}): Promise<Uint8Array> {
  const parts = { folder, name: "p", tenant: "acme", serial: 7, withCases: true, signer, wasm, engineRego };
  const built = await buildPolicy({ ...parts, ...more });
  if (built.kind === "invalid") throw new Error(built.problems.map(({ message }) => message).join());
  return built.bundle;
}

const entries = (): TarEntry[] => [...files].map(([name, content]) => ({ name, content }));
const verify = (packed: Uint8Array, tenant: string | null = "acme") => verifyBundle(packed, { key, tenant, nowMs: NOW_MS });
const load = (packed: Uint8Array, serialMark: number) =>
  loadInPlace({
    kind: "bundle",
    source: "bundle_file",
    packed,
    rules: { tenant: "acme", keys: [key], unsignedAllowed: false, serialMark, nowMs: NOW_MS },
    isLastGood: false,
  });

/** The good bundle with something of it replaced, under a signature that fits it all the same. */
async function resigned(name: string, content: string): Promise<Uint8Array> {
  const changed = new Map(files).set(name, Buffer.from(content));
  changed.delete(".signatures.json");
  changed.set(".signatures.json", Buffer.from(await signFiles(changed, signer)));
  return tarOf([...changed].map(([path, bytes]) => ({ name: path, content: bytes })));
}

/** The good files under a signature of any kind. */
async function signedBy(alg: string, secret: Parameters<CompactSign["sign"]>[0], kid = "ci-1"): Promise<Uint8Array> {
  const listed = [...files].filter(([name]) => name !== ".signatures.json");
  const payload = { files: listed.map(([name, bytes]) => ({ name, hash: hashFile(name, bytes), algorithm: "SHA-256" })) };
  const jws = await new CompactSign(Buffer.from(JSON.stringify(payload))).setProtectedHeader({ alg, kid }).sign(secret);
  const signed = Buffer.from(JSON.stringify({ signatures: [jws] }));
  return tarOf(entries().map((entry) => (entry.name === ".signatures.json" ? { ...entry, content: signed } : entry)));
}

const text = (name: string) => Buffer.from(files.get(name) ?? "").toString();
const manifest = (change: (sluice: Record<string, unknown>) => object) => {
  const parsed = JSON.parse(text(".manifest"));
  return resigned(".manifest", JSON.stringify({ ...parsed, metadata: { sluice: change(parsed.metadata.sluice) } }));
};

describe("a bundle is refused", () => {
  it.each<[string, string, () => Promise<Uint8Array>]>([
    ["signed by another key", "key_unknown", () => build({ signer: { ...signer, kid: "ci-2", privateKey: other.privateKey } })],
    ["signed by another key in the name of ours", "signature_wrong", () => build({ signer: { ...signer, privateKey: other.privateKey } })],
    ["without signature", "signature_missing", async () => tarOf(entries().filter(({ name }) => name !== ".signatures.json"))],
    [
      "signed with the public key as a secret",
      "algorithm_refused",
      () => signedBy("HS256", Buffer.from(pair.publicKey.export({ type: "spki", format: "pem" }))),
    ],
    [
      "signed by an algorithm that the key is not for",
      "algorithm_refused",
      () => signedBy("EdDSA", generateKeyPairSync("ed25519").privateKey),
    ],
    [
      "with an empty signature",
      "signature_malformed",
      async () =>
        tarOf([...entries().filter(({ name }) => name !== ".signatures.json"), { name: ".signatures.json", content: '{"signatures":[]}' }]),
    ],
    ["with a file more", "file_unsigned", async () => tarOf([...entries(), { name: "more.rego", content: "package more" }])],
    ["with a file more that was signed", "file_unexpected", () => resigned("more.rego", "package more")],
    ["with a file less", "file_missing", async () => tarOf(entries().filter(({ name }) => name !== "engine.rego"))],
    ["with a name that leaves it", "archive_malformed", async () => tarOf([...entries(), { name: "../data.json" }])],
    ["with a name from the root that leaves it", "archive_malformed", async () => tarOf([...entries(), { name: "/a/../../b" }])],
    [
      "with a symbolic link",
      "archive_malformed",
      async () => tarOf([...entries(), { name: "l", type: "symlink", linkname: "/etc/passwd" }]),
    ],
    ["with a hard link", "archive_malformed", async () => tarOf([...entries(), { name: "l", type: "link", linkname: "data.json" }])],
    ["with a name twice", "archive_malformed", async () => tarOf([...entries(), { name: "/data.json", content: "{}" }])],
    [
      "that unpacks to too much",
      "too_large",
      async () => tarOf([{ name: "data.json", content: Buffer.alloc(BUNDLE_CAPS.unpackedBytes + 1) }]),
    ],
    ["with too many entries", "too_large", async () => tarOf(Array.from({ length: 65 }, (_, at) => ({ name: `f${at}` })))],
    ["that is too large", "too_large", async () => Buffer.alloc(BUNDLE_CAPS.packedBytes + 1)],
    ["that is cut", "archive_malformed", async () => good.subarray(0, good.length - 9)],
    ["that is no archive", "archive_malformed", async () => Buffer.from("policy: p")],
    ["of another tenant", "tenant_differs", () => build({ tenant: "globex" })],
    ["whose time is over", "expired", () => build({ notAfter: "2026-11-25T12:00:00Z" })],
    ["with a manifest that promises more", "manifest_malformed", () => manifest((sluice) => ({ ...sluice, audience: "x" }))],
    ["for another engine", "engine_unknown", () => manifest((sluice) => ({ ...sluice, engine: { version: 2, wasm: "0".repeat(64) } }))],
    ["with other Wasm than its manifest names", "engine_unknown", () => resigned("policy.wasm", "\0asm")],
    ["with data of another shape", "data_malformed", () => resigned("data.json", '{"policies":{}}')],
    [
      "with cases of another shape",
      "data_malformed",
      () => resigned("data.json", JSON.stringify({ ...JSON.parse(text("data.json")), cases: [{}] })),
    ],
    [
      "whose case fails",
      "cases_failed",
      () => resigned("data.json", text("data.json").replace('"decision":"allow","limits"', '"decision":"deny","limits"')),
    ],
  ])("%s: %s", async (_, code, make) => {
    expect(await verify(await make())).toMatchObject({ kind: "refused", code });
    expect(Object.keys(POLICY_REFUSALS)).toContain(code);
  });

  it.each([".manifest", "data.json", "engine.rego", "policy.wasm"])("with one byte of %s changed: hash_mismatch", async (name) => {
    const changed = entries().map((entry) => {
      if (entry.name !== name) return entry;
      const content = Buffer.from(entry.content ?? "");
      const at = content.lastIndexOf("e");
      content[at] = (content[at] ?? 0) ^ 1;
      return { ...entry, content };
    });
    expect(await verify(await tarOf(changed))).toMatchObject({ kind: "refused", code: "hash_mismatch" });
  });

  it("whose serial is below the highest that decided: serial_too_old", async () => {
    expect(await load(good, 8)).toMatchObject({ kind: "refused", code: "serial_too_old" });
    expect(await load(good, 7)).toMatchObject({ kind: "version", origin: { serial: 7, signedBy: "ci-1" } });
  });
});

describe("verifyBundle", () => {
  it("tells what it verified, for the tenant that is asked for or the bundle's own", async () => {
    const said = { kind: "verified", serial: 7, signedBy: "ci-1", revision: expect.stringMatching(/^[0-9a-f]{12}$/) };
    expect(await verify(good)).toMatchObject(said);
    expect(await verify(good, null)).toMatchObject(said);
  });
});

describe("buildPolicy", () => {
  it("makes the same bytes again where the signature is the same", async () => {
    const ed = generateKeyPairSync("ed25519").privateKey;
    const deterministic = { signer: { kid: "e", alg: "EdDSA", privateKey: ed } } as const;
    expect(Buffer.compare(await build(deterministic), await build(deterministic))).toBe(0);
  });
});

describe("inspectBundle", () => {
  it("tells what is in a bundle and says that nothing was verified", async () => {
    const forged = await build({ signer: { ...signer, privateKey: other.privateKey }, notAfter: "2020-01-01T00:00:00Z", rollbackFrom: 9 });
    expect(await inspectBundle(forged)).toMatchObject({
      kind: "inspected",
      verified: false,
      name: "p",
      tenant: "acme",
      serial: 7,
      not_after: "2020-01-01T00:00:00Z",
      rollback_from: 9,
      policies: [{ name: "p", version: "1.0.0" }],
      rules: 1,
      tools: 0,
      cases: 1,
      signature: { kid: "ci-1", alg: "ES256" },
    });
    const inspected = await inspectBundle(good);
    const hashes = inspected.kind === "inspected" ? inspected.files.map(({ name, hash }) => [name, hash]) : [];
    expect(Object.fromEntries(hashes)).toMatchObject({ "data.json": hashFile("data.json", Buffer.from(text("data.json"))) });
  });

  it.each<[string, () => Promise<Uint8Array>, object]>([
    ["has none", async () => tarOf(entries().filter(({ name }) => name !== ".signatures.json")), { signature: null }],
    [
      "is no signature",
      async () => tarOf(entries().map((entry) => (entry.name === ".signatures.json" ? { ...entry, content: "x" } : entry))),
      { signature: { kid: null, alg: null } },
    ],
  ])("tells of a signature that %s", async (_, make, expected) => {
    expect(await inspectBundle(await make())).toMatchObject(expected);
  });

  it("refuses what is no bundle", async () => {
    expect(await inspectBundle(Buffer.from("x"))).toMatchObject({ kind: "refused", code: "archive_malformed" });
  });
});

describe("a rollback", () => {
  const rollback = (serialMark: number) => signRollback(good, { tenant: "acme", serialMark, signer, notAfter: null });

  it("is admitted from exactly the mark that it was signed for, with the serial it had", async () => {
    const signed = await rollback(9);
    const packed = signed.kind === "resigned" ? signed.packed : new Uint8Array();
    expect(await load(packed, 9)).toMatchObject({ kind: "version", origin: { serial: 7 } });
    for (const mark of [8, 10]) expect(await load(packed, mark)).toMatchObject({ kind: "refused", code: "serial_too_old" });
  });

  it("holds what the version held, under a manifest that says so", async () => {
    const signed = await rollback(9);
    const [before, after] = [await inspectBundle(good), signed.kind === "resigned" ? await inspectBundle(signed.packed) : null];
    const { digest: _d, files: _f, ...same } = before.kind === "inspected" ? before : { digest: "", files: [] };
    expect(after).toMatchObject({ ...same, rollback_from: 9 });
  });

  it("of what is no bundle is refused", async () => {
    expect(await signRollback(Buffer.from("x"), { tenant: "a", serialMark: 1, signer, notAfter: null })).toMatchObject({ kind: "refused" });
  });
});

describe("findKept", () => {
  const row = (revision: string, digest: string) => ({ revision, digest, serial: 1 });
  const rows = [row("abcd11", "d3"), row("abcd22", "d2"), row("abcd11", "d1")];
  it.each<[string, object]>([
    ["abcd22", { kind: "found", kept: rows[1] }],
    ["abcd11", { kind: "found", kept: rows[0] }],
    ["abcd2", { kind: "found", kept: rows[1] }],
    ["d1", { kind: "found", kept: rows[2] }],
    ["abcd", { kind: "ambiguous", revisions: ["abcd11", "abcd22"] }],
    ["abc", { kind: "unknown" }],
    ["", { kind: "unknown" }],
    ["zzzz", { kind: "unknown" }],
  ])("finds %j", (wanted, found) => {
    expect(findKept(rows, wanted)).toEqual(found);
  });
});
