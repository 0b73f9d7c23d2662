import { generateKeyPairSync, type KeyObject } from "node:crypto";
import { calculateJwkThumbprint } from "jose";
import { describe, expect, it } from "vitest";
import { parseBundleKey, parseBundleSigner, type SaidOfKey } from "../../../src/policy/bundle/keys.ts";

const ec = generateKeyPairSync("ec", { namedCurve: "P-256" });
const otherEc = generateKeyPairSync("ec", { namedCurve: "P-256" });
const p384 = generateKeyPairSync("ec", { namedCurve: "P-384" });
const ed = generateKeyPairSync("ed25519");
const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 });
const weak = generateKeyPairSync("rsa", { modulusLength: 1024 });

const NOTHING: SaidOfKey = { kid: null, alg: null };
const jwkOf = (key: KeyObject, more: object = {}) => JSON.stringify({ ...key.export({ format: "jwk" }), ...more });
const pem = (key: KeyObject) =>
  key.type === "public" ? String(key.export({ type: "spki", format: "pem" })) : String(key.export({ type: "pkcs8", format: "pem" }));
const locked = ec.privateKey.export({ type: "pkcs8", format: "pem", cipher: "aes-256-cbc", passphrase: "x" }).toString();
const mixed = jwkOf(ec.privateKey, { x: otherEc.publicKey.export({ format: "jwk" }).x, y: otherEc.publicKey.export({ format: "jwk" }).y });

describe("parseBundleKey", () => {
  it.each<[string, string, SaidOfKey, RegExp]>([
    ["a private JWK", jwkOf(ec.privateKey), NOTHING, /^holds a private key where a public one is expected$/],
    ["a private PEM", pem(ec.privateKey), NOTHING, /^holds a private key where a public one is expected$/],
    ["a shared secret", '{"kty":"oct","k":"c2VjcmV0"}', NOTHING, /^is a shared secret/],
    ["a key for another use", jwkOf(ec.publicKey, { "sluice:use": "agents" }), NOTHING, /^is a key for another use than bundles/],
    ["a key that encrypts", jwkOf(ec.publicKey, { use: "enc" }), NOTHING, /^use is not sig$/],
    ["a key of the demo", jwkOf(ec.publicKey, { "sluice:demo": true }), NOTHING, /^was made by the demo/],
    ["weak RSA", jwkOf(weak.publicKey), NOTHING, /^RS256 needs an RSA key of at least 2048 bits$/],
    ["weak RSA in PEM", pem(weak.publicKey), NOTHING, /^RS256 needs an RSA key of at least 2048 bits$/],
    ["another curve", pem(p384.publicKey), NOTHING, /^ES256 needs an EC key on P-256$/],
    ["an algorithm of HMAC", jwkOf(ec.publicKey, { alg: "HS256" }), NOTHING, /^alg is none of ES256, EdDSA, RS256, PS256$/],
    ["no algorithm", jwkOf(ec.publicKey, { alg: "none" }), NOTHING, /^alg is none of/],
    ["another algorithm than is said", jwkOf(ec.publicKey, { alg: "ES256" }), { kid: null, alg: "EdDSA" }, /^is for ES256, not for EdDSA$/],
    ["another kind than is said", pem(ed.publicKey), { kid: null, alg: "ES256" }, /^ES256 needs an EC key on P-256$/],
    ["another kid than is said", jwkOf(ec.publicKey, { kid: "a" }), { kid: "b", alg: null }, /^the file names another kid$/],
    ["a kid that is no text", jwkOf(ec.publicKey, { kid: 1 }), NOTHING, /^kid is no text$/],
    ["two keys", JSON.stringify({ keys: [{}, {}] }), NOTHING, /a JWKS that holds exactly one key$/],
    ["no key", JSON.stringify({ keys: [] }), NOTHING, /a JWKS that holds exactly one key$/],
    ["no JSON", "{", NOTHING, /^is neither PEM, nor a JWK/],
    ["two PEM blocks", pem(ec.publicKey).repeat(2), NOTHING, /^holds more than one key$/],
    ["a certificate", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", NOTHING, /^is no key that can be read/],
    ["half a key", '{"kty":"EC","crv":"P-256"}', NOTHING, /^is no key that can be read/],
    ["broken PEM", "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----", NOTHING, /^is no key that can be read/],
  ])("refuses %s", (_, text, said, message) => {
    expect(parseBundleKey(text, said)).toEqual({ kind: "unfit", message: expect.stringMatching(message) });
  });

  it.each<[string, string, SaidOfKey, string, KeyObject]>([
    ["a JWK", jwkOf(ec.publicKey, { kid: "ci" }), NOTHING, "ES256", ec.publicKey],
    ["a JWKS", `{"keys":[${jwkOf(ec.publicKey, { kid: "ci" })}]}`, NOTHING, "ES256", ec.publicKey],
    ["a PEM with what is said of it", pem(ec.publicKey), { kid: "ci", alg: "ES256" }, "ES256", ec.publicKey],
    ["Ed25519", jwkOf(ed.publicKey, { kid: "ci", alg: "Ed25519" }), NOTHING, "EdDSA", ed.publicKey],
    ["RSA", jwkOf(rsa.publicKey, { kid: "ci" }), NOTHING, "RS256", rsa.publicKey],
    ["RSA for PSS", pem(rsa.publicKey), { kid: "ci", alg: "PS256" }, "PS256", rsa.publicKey],
  ])("takes %s", (_, text, said, alg, publicKey) => {
    const parsed = parseBundleKey(text, said);
    expect(parsed).toMatchObject({ kind: "key", key: { kid: "ci", alg } });
    expect(parsed.kind === "key" && parsed.key.publicKey.equals(publicKey)).toBe(true);
  });

  it.each([ec, ed, rsa])("calls a key without id by its thumbprint of RFC 7638", async ({ publicKey }) => {
    const kid = await calculateJwkThumbprint(publicKey.export({ format: "jwk" }) as Parameters<typeof calculateJwkThumbprint>[0]);
    expect(parseBundleKey(pem(publicKey), NOTHING)).toMatchObject({ key: { kid } });
    expect(parseBundleKey(jwkOf(publicKey), NOTHING)).toMatchObject({ key: { kid } });
  });
});

describe("parseBundleSigner", () => {
  it.each<[string, string, RegExp]>([
    ["a public JWK", jwkOf(ec.publicKey), /^holds no private key$/],
    ["a public PEM", pem(ec.publicKey), /^holds no private key$/],
    ["a shared secret", '{"kty":"oct","k":"c2VjcmV0"}', /^is a shared secret/],
    ["a key for another use", jwkOf(ed.privateKey, { "sluice:use": "receipts" }), /^is a key for another use/],
    ["halves of two keys", mixed, /^the private and the public half differ$/],
    ["a key under a passphrase", locked, /^is no key that can be read/],
    ["a key that agrees on keys", pem(generateKeyPairSync("x25519").privateKey), /^ES256 needs an EC key on P-256$/],
    ["weak RSA", jwkOf(weak.privateKey), /^RS256 needs an RSA key/],
  ])("refuses %s", (_, text, message) => {
    expect(parseBundleSigner(text)).toEqual({ kind: "unfit", message: expect.stringMatching(message) });
  });

  it.each<[string, string, string]>([
    ["a JWK", jwkOf(ec.privateKey, { kid: "ci", "sluice:use": "bundles" }), "ES256"],
    ["PKCS #8", pem(ed.privateKey), "EdDSA"],
    ["SEC 1", ec.privateKey.export({ type: "sec1", format: "pem" }).toString(), "ES256"],
    ["PKCS #1", rsa.privateKey.export({ type: "pkcs1", format: "pem" }).toString(), "RS256"],
  ])("takes %s", (_, text, alg) => {
    expect(parseBundleSigner(text)).toMatchObject({ kind: "key", key: { alg, privateKey: { type: "private" } } });
  });

  it("never quotes a key that it refuses", () => {
    const { d } = ec.privateKey.export({ format: "jwk" });
    const said = JSON.stringify([parseBundleKey(jwkOf(ec.privateKey), NOTHING), parseBundleSigner(mixed)]);
    expect(said).not.toContain(d);
  });
});
