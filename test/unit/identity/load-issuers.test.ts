import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { thumbprintOf } from "../../../src/core/jwk.ts";
import { loadIssuers } from "../../../src/identity/load-issuers.ts";
import { KEY, OTHER_KEY } from "./tokens.ts";

const folder = mkdtempSync(join(tmpdir(), "sluice-issuers-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const jwk = KEY.publicKey.export({ format: "jwk" });
const privateJwk = KEY.privateKey.export({ format: "jwk" });

function load(keys: string | { keys: Record<string, unknown>[] }, acceptDemoKeys = false) {
  const issuers = [{ issuer: "https://i", audience: "sluice", keys, types: ["JWT"] }];
  return loadIssuers({ tenants: new Map([["acme", { identity: { issuers } }]]), acceptDemoKeys });
}

function file(name: string, text: string): string {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
}

describe("loadIssuers", () => {
  it.each([
    ["a private key", { ...privateJwk }, "keys[0] holds a private key where a public one is expected"],
    ["an RSA key", { kty: "RSA", n: "x", e: "AQAB" }, "keys[0] is no Ed25519 key (kty OKP, crv Ed25519)"],
    ["an X25519 key", { ...jwk, crv: "X25519" }, "keys[0] is no Ed25519 key (kty OKP, crv Ed25519)"],
    ["a secret", { kty: "oct", k: "x" }, "keys[0] is no Ed25519 key (kty OKP, crv Ed25519)"],
    ["another alg", { ...jwk, alg: "ES256" }, "keys[0] alg is not EdDSA"],
    ["a key to encrypt", { ...jwk, use: "enc" }, "keys[0] use is not sig"],
    ["a short x", { ...jwk, x: "AAAA" }, "keys[0] x or d is not 32 bytes in base64url"],
    ["padding in x", { ...jwk, x: `${jwk.x}=` }, "keys[0] x or d is not 32 bytes in base64url"],
    ["a kid that is a number", { ...jwk, kid: 1 }, "keys[0] kid is no text"],
    ["a key of receipts", { ...jwk, "sluice:use": "receipts" }, "keys[0] is for receipts; a key has one use"],
    ["a use nobody knows", { ...jwk, "sluice:use": "x" }, "keys[0] sluice:use is none of agents, bundles, receipts, grants"],
    ["a key of the demo", { ...jwk, "sluice:demo": true }, "keys[0] was made by the demo"],
  ])("refuses %s", (_, key, message) => {
    expect(load({ keys: [key] })).toEqual({ issuers: [], problems: [{ tenant: "acme", issuer: "https://i", message }] });
  });

  it("refuses a set with one unfit key, an empty one, and one with two keys of an id", () => {
    const other = OTHER_KEY.publicKey.export({ format: "jwk" });
    expect(load({ keys: [jwk, { kty: "RSA" }] }).problems).toHaveLength(1);
    expect(load({ keys: [] }).problems).toHaveLength(1);
    expect(
      load({
        keys: [
          { ...jwk, kid: "a" },
          { ...other, kid: "a" },
        ],
      }).problems[0]?.message,
    ).toBe("keys[1] has the id of another key");
  });

  it("refuses a file that is absent, no JSON or no set, by its name", () => {
    expect(load(join(folder, "absent")).problems[0]?.message).toBe(`${join(folder, "absent")}: cannot be read: ENOENT`);
    expect(load(file("text", "x")).problems[0]?.message).toBe(`${join(folder, "text")}: cannot be read: is no JSON`);
    expect(load(file("list", "[1]")).problems[0]?.message).toBe(`${join(folder, "list")}: keys[0] is no JSON object`);
    expect(load(file("huge", " ".repeat(1_048_577))).problems[0]?.message).toBe(`${join(folder, "huge")}: is larger than 1 MiB`);
  });

  it("loads a set from a file and from the settings, by kid or thumbprint", () => {
    const set = { keys: [{ ...jwk, kid: "named" }, OTHER_KEY.publicKey.export({ format: "jwk" })] };
    for (const found of [load(set), load(file("set", JSON.stringify(set)))]) {
      expect(found.problems).toEqual([]);
      expect(found.issuers.map(({ keys, ...issuer }) => ({ ...issuer, kids: keys.map((key) => key.kid) }))).toEqual([
        { tenant: "acme", issuer: "https://i", audience: "sluice", types: ["JWT"], kids: ["named", thumbprintOf(OTHER_KEY.publicKey)] },
      ]);
    }
  });

  it("loads one key alone, and the demo's where they are accepted", () => {
    expect(load(file("one", JSON.stringify(jwk))).issuers).toHaveLength(1);
    expect(load({ keys: [{ ...jwk, "sluice:demo": true }] }, true).issuers).toHaveLength(1);
  });
});

describe("thumbprintOf", () => {
  it("is that of RFC 8037 appendix A.3", async () => {
    const { createPublicKey } = await import("node:crypto");
    const key = createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x: "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo" }, format: "jwk" });
    expect(thumbprintOf(key)).toBe("kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
  });
});
