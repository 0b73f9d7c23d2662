import { generateKeyPairSync } from "node:crypto";
import { describe, expect, it } from "vitest";
import { type AdmissionRules, admitBundle } from "../../../src/policy/bundle/admit-bundle.ts";
import { unpackTar } from "../../../src/policy/bundle/unpack-tar.ts";
import { type BundleParts, writeBundle } from "../../../src/policy/bundle/write-bundle.ts";
import { compileFiles } from "../policy-compile/compile-one.ts";
import { tarOf } from "./tar-of.ts";

const pair = generateKeyPairSync("ec", { namedCurve: "P-256" });
const signer = { kid: "ci-1", alg: "ES256", privateKey: pair.privateKey } as const;
const program = compileFiles("policy: p\nrules: [{ id: a, then: deny }]\n");
const PARTS: BundleParts = {
  program,
  wasm: new Uint8Array([0, 97, 115, 109]),
  engineRego: "package sluice\n",
  name: "p",
  revision: "r1",
  sources: "0".repeat(64),
  tenant: "acme",
  serial: 7,
  signer,
};
const NOW_MS = Date.parse("2026-11-25T12:00:00Z");
const RULES: AdmissionRules = {
  tenant: "acme",
  keys: [{ kid: "ci-1", alg: "ES256", publicKey: pair.publicKey }],
  unsignedAllowed: false,
  serialMark: null,
  nowMs: NOW_MS,
};

const unsigned = (): BundleParts => {
  const { signer: _signer, ...parts } = PARTS;
  return parts;
};
const admit = async (parts: Partial<BundleParts> = {}, rules: Partial<AdmissionRules> = {}) =>
  admitBundle(await writeBundle({ ...PARTS, ...parts }), { ...RULES, ...rules });

describe("admitBundle", () => {
  it("admits a bundle that the tenant's key signed", async () => {
    expect(await admit()).toMatchObject({ kind: "admitted", signedBy: "ci-1", bundle: { revision: "r1", program } });
  });

  it.each<readonly [string, Partial<BundleParts>, Partial<AdmissionRules>, string]>([
    ["of another tenant", { tenant: "globex" }, {}, "tenant_differs"],
    ["whose serial is below the mark", {}, { serialMark: 8 }, "serial_too_old"],
    ["that is a rollback from another version than the one that decides", { rollbackFrom: 8 }, { serialMark: 9 }, "serial_too_old"],
    ["that has expired", { notAfter: "2026-11-25T12:00:00Z" }, {}, "expired"],
    ["signed with a key that is gone", {}, { keys: [] }, "key_unknown"],
  ])("refuses one %s", async (_, parts, rules, code) => {
    expect(await admit(parts, rules)).toMatchObject({ kind: "refused", code });
  });

  it.each<readonly [string, Partial<BundleParts>, Partial<AdmissionRules>]>([
    ["whose serial is the mark: it decides already", {}, { serialMark: 7 }],
    ["that is older, as a rollback signed for exactly this mark", { rollbackFrom: 9 }, { serialMark: 9 }],
    ["that is good for another second", { notAfter: "2026-11-25T12:00:01Z" }, {}],
  ])("admits one %s", async (_, parts, rules) => {
    expect(await admit(parts, rules)).toMatchObject({ kind: "admitted" });
  });

  it("refuses an unsigned one unless that is allowed, and verifies a signature even then", async () => {
    const packed = await writeBundle(unsigned());
    expect(await admitBundle(packed, RULES)).toMatchObject({ kind: "refused", code: "signature_missing" });
    expect(await admitBundle(packed, { ...RULES, unsignedAllowed: true })).toMatchObject({ kind: "admitted", signedBy: null });
    expect(await admit({}, { keys: [], unsignedAllowed: true })).toMatchObject({ kind: "refused", code: "key_unknown" });
  });

  it("looks at the signature before anything that it covers", async () => {
    const unpacked = await unpackTar(await writeBundle(PARTS));
    if (unpacked.kind === "refused") throw new Error(unpacked.reason);
    const entries = [...unpacked.files].map(([name, content]) => ({ name, content: name === ".manifest" ? "{}" : content }));
    expect(await admitBundle(await tarOf(entries), RULES)).toMatchObject({ kind: "refused", code: "hash_mismatch" });
  });

  it("gives the cases that a bundle carries", async () => {
    const admitted = await admit({ cases: [] });
    expect(admitted).toMatchObject({ kind: "admitted", bundle: { cases: [] } });
    expect(await admit()).toMatchObject({ kind: "admitted", bundle: { cases: null } });
  });
});
