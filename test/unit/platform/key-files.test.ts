import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { calculateJwkThumbprint, importJWK } from "jose";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { parsePublicJwk } from "../../../src/core/jwk.ts";
import { createKeyFiles, parseKeyText, readOrMakeKey, refuseDemoKey } from "../../../src/platform/key-files.ts";
import { createPseudonyms } from "../../../src/platform/pseudonyms.ts";

let folder = "";
let file = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sluice-keys-"));
  file = join(folder, "keys", "agents.jwk");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const files = createKeyFiles({ demo: false });

describe("key files", () => {
  it("refuse to write over a key", async () => {
    const first = await files.make(file, "agents");
    await expect(files.make(file, "agents")).rejects.toMatchObject({ code: "EEXIST" });
    expect((await files.read(file, "agents")).kid).toBe(first.kid);
    expect(readdirSync(join(folder, "keys"))).toEqual(["agents.jwk"]);
  });

  it("refuse a key for another use", async () => {
    await files.make(file, "agents");
    await expect(files.read(file, "receipts")).rejects.toThrow(`${file}: is a key for agents, not for receipts; a key has one use`);
  });

  it.each([
    ["no JSON", "{", "here: is no JSON"],
    ["a list", "[]", "here: is no JSON object"],
    ["another kind of key", '{"kty":"RSA"}', "here: is no Ed25519 key (kty OKP, crv Ed25519)"],
  ])("refuse %s", (_, text, message) => {
    expect(() => parseKeyText(text, "agents", "here")).toThrow(message);
  });

  it("refuse a public key, and halves that do not belong together", async () => {
    const [one, other] = [await files.make(file, "agents"), await files.make(`${file}2`, "agents")];
    const jwk = one.privateKey.export({ format: "jwk" });
    const { d: _d, ...publicJwk } = jwk;
    expect(() => parseKeyText(JSON.stringify(publicJwk), "agents", "here")).toThrow("here: holds no private key");
    const mixed = { ...jwk, d: other.privateKey.export({ format: "jwk" }).d };
    expect(() => parseKeyText(JSON.stringify(mixed), "agents", "here")).toThrow("here: the private and the public half differ");
  });

  it("never quote a key that is refused", () => {
    const secret = "A".repeat(42);
    const text = JSON.stringify({ kty: "OKP", crv: "Ed25519", x: secret, d: secret });
    expect(() => parseKeyText(text, "agents", "here")).toThrow(/^here: x or d is not 32 bytes in base64url$/);
  });

  it("make a key that its owner alone can read, with the thumbprint of RFC 7638 as its id", async () => {
    const key = await files.make(file, "agents");
    const jwk = JSON.parse(readFileSync(file, "utf8"));
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(statSync(join(folder, "keys")).mode & 0o777).toBe(0o700);
    expect(jwk).toMatchObject({ kty: "OKP", crv: "Ed25519", alg: "EdDSA", kid: key.kid, "sluice:use": "agents" });
    expect(key.kid).toBe(await calculateJwkThumbprint(jwk));
    expect(await files.read(file, "agents")).toMatchObject({ kid: key.kid, use: "agents", demo: false });
  });

  it("keep the id that a file names", async () => {
    const key = await files.make(file, "agents");
    writeFileSync(file, JSON.stringify({ ...key.privateKey.export({ format: "jwk" }), kid: "named" }));
    expect(await files.read(file, "agents")).toMatchObject({ kid: "named", use: null });
  });

  it("publish the public half alone", async () => {
    const key = await createKeyFiles({ demo: true }).make(file, "agents");
    const target = join(folder, "agents.jwks.json");
    await files.writePublic(target, []);
    await files.writePublic(target, [key]);
    const set = JSON.parse(readFileSync(target, "utf8"));
    expect(set.keys.map((jwk: object) => Object.keys(jwk).sort())).toEqual([
      ["alg", "crv", "kid", "kty", "sluice:demo", "sluice:use", "x"],
    ]);
    expect(parsePublicJwk(set.keys[0])).toMatchObject({ kind: "key", key: { kid: key.kid }, use: "agents", demo: true });
    await expect(importJWK(set.keys[0])).resolves.toBeDefined();
  });
});

describe("refuseDemoKey", () => {
  it("throws for a key of the demo alone", async () => {
    const made = await createKeyFiles({ demo: true }).make(file, "agents");
    const read = await files.read(file, "agents");
    for (const key of [made, read]) expect(() => refuseDemoKey(key, file)).toThrow(`${file}: was made by the demo`);
    expect(() => refuseDemoKey({ ...read, demo: false }, file)).not.toThrow();
  });

  it("takes any mark but false for the demo's", async () => {
    const key = await files.make(file, "agents");
    const marked = (mark: unknown) => JSON.stringify({ ...key.privateKey.export({ format: "jwk" }), "sluice:demo": mark });
    expect([true, "yes", null, 0, false].map((mark) => parseKeyText(marked(mark), "agents", "x").demo)).toEqual([
      true,
      true,
      false,
      true,
      false,
    ]);
  });
});

describe("readOrMakeKey", () => {
  it("makes the key once, also for many that start together", async () => {
    const keys = await Promise.all(Array.from({ length: 8 }, () => readOrMakeKey(file, "grants")));
    expect(new Set(keys.map((key) => key.kid)).size).toBe(1);
    expect(await readOrMakeKey(file, "grants")).toMatchObject({ kid: keys[0]?.kid });
    expect(readdirSync(join(folder, "keys"))).toEqual(["agents.jwk"]);
  });

  it("makes none in the place of a file that is broken", async () => {
    await files.make(file, "agents");
    writeFileSync(file, "");
    await expect(readOrMakeKey(file, "agents")).rejects.toThrow("is no JSON");
    expect(readFileSync(file, "utf8")).toBe("");
  });
});

describe("createPseudonyms", () => {
  it("hashes the same under one key and otherwise under another", async () => {
    const [one, other] = [await files.make(file, "grants"), await files.make(`${file}2`, "grants")];
    const hash = createPseudonyms(one).hmacHex("ana@example.com");
    expect(hash).toMatch(/^[0-9a-f]{64}$/);
    expect(createPseudonyms(await files.read(file, "grants")).hmacHex("ana@example.com")).toBe(hash);
    expect(createPseudonyms(one).hmacHex("bob@example.com")).not.toBe(hash);
    expect(createPseudonyms(other).hmacHex("ana@example.com")).not.toBe(hash);
  });
});
