import { execFileSync } from "node:child_process";
import { generateKeyPairSync, type KeyObject } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { CompactSign } from "jose";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { BundleAlgorithm } from "../../../src/policy/bundle/signing/algorithms.ts";
import { canonicalJson } from "../../../src/policy/bundle/signing/canonical-json.ts";
import { hashFile } from "../../../src/policy/bundle/signing/hash-file.ts";
import { signFiles } from "../../../src/policy/bundle/signing/sign-files.ts";
import { type BundleKey, verifyFiles } from "../../../src/policy/bundle/signing/verify-files.ts";
import { needTool } from "../../tools/need-tool.ts";

const opa = await needTool("opa");
const FILES = new Map([
  [".manifest", Buffer.from('{"revision":"r1","roots":[""],"metadata":{"x":1.0}}')],
  ["data.json", Buffer.from('{ "policies": {"b": 1e21, "a": "<\u2028>"} }')],
  ["engine.rego", Buffer.from("package sluice\n")],
]);

const PAIRS: { readonly [alg in BundleAlgorithm]: { readonly privateKey: KeyObject; readonly publicKey: KeyObject } } = {
  ES256: generateKeyPairSync("ec", { namedCurve: "P-256" }),
  EdDSA: generateKeyPairSync("ed25519"),
  RS256: generateKeyPairSync("rsa", { modulusLength: 2048 }),
  PS256: generateKeyPairSync("rsa", { modulusLength: 2048 }),
};
const ALGORITHMS = Object.keys(PAIRS) as readonly BundleAlgorithm[];
const keyOf = (alg: BundleAlgorithm, kid = "k1"): BundleKey => ({ kid, alg, publicKey: PAIRS[alg].publicKey });

async function signed(alg: BundleAlgorithm = "ES256", files: ReadonlyMap<string, Uint8Array> = FILES, kid = "k1") {
  const text = await signFiles(files, { kid, alg, privateKey: PAIRS[alg].privateKey });
  return new Map<string, Uint8Array>([...files, [".signatures.json", Buffer.from(text)]]);
}

/** A signature over whatever payload, by the right key. */
async function signedPayload(payload: unknown, header: object = {}) {
  const jws = await new CompactSign(Buffer.from(JSON.stringify(payload)))
    .setProtectedHeader({ alg: "ES256", kid: "k1", ...header })
    .sign(PAIRS.ES256.privateKey);
  return new Map<string, Uint8Array>([...FILES, [".signatures.json", Buffer.from(JSON.stringify({ signatures: [jws] }))]]);
}

describe("signed files", () => {
  it.each(ALGORITHMS)("signed with %s are verified", async (alg) => {
    expect(await verifyFiles(await signed(alg), [keyOf(alg)])).toEqual({ kind: "verified", kid: "k1" });
  });

  it("are verified by the key that the signature names, while an old and a new key stand side by side", async () => {
    const keys = [keyOf("EdDSA", "old"), keyOf("ES256", "new")];
    expect(await verifyFiles(await signed("ES256", FILES, "new"), keys)).toEqual({ kind: "verified", kid: "new" });
    expect(await verifyFiles(await signed("EdDSA", FILES, "old"), keys)).toEqual({ kind: "verified", kid: "old" });
  });

  it.each([...FILES.keys()])("with a changed %s are refused", async (name) => {
    const files = await signed();
    const text = Buffer.from(files.get(name) ?? "").toString();
    files.set(name, Buffer.from(text.replace(/[a-z]/, (char) => (char === "z" ? "y" : "z"))));
    expect(await verifyFiles(files, [keyOf("ES256")])).toEqual({
      kind: "refused",
      code: "hash_mismatch",
      detail: `${name} is not what was signed`,
    });
  });

  it("are the same files when only their white space changed, as OPA reads them", async () => {
    const files = await signed();
    files.set("data.json", Buffer.from('{"policies":{"a":"<\\u2028>","b":1e21}}'));
    expect(await verifyFiles(files, [keyOf("ES256")])).toEqual({ kind: "verified", kid: "k1" });
  });

  it.each([
    ["without a signature", async () => FILES, "signature_missing"],
    ["with a signature that is no JSON", async () => new Map([...FILES, [".signatures.json", Buffer.from("{")]]), "signature_malformed"],
    [
      "with two signatures",
      async () => new Map([...FILES, [".signatures.json", Buffer.from('{"signatures":["a","b"]}')]]),
      "signature_malformed",
    ],
    ["with no JWS", async () => new Map([...FILES, [".signatures.json", Buffer.from('{"signatures":["a.b.c"]}')]]), "signature_malformed"],
    ["signed by a stranger", async () => signed("ES256", FILES, "k2"), "key_unknown"],
    ["with another algorithm than the key's", async () => signed("EdDSA"), "algorithm_refused"],
    ["with a file more", async () => (await signed()).set("extra.rego", Buffer.from("")), "file_unsigned"],
    [
      "with a file less",
      async () => {
        const files = await signed();
        files.delete("engine.rego");
        return files;
      },
      "file_missing",
    ],
    ["that list no files", async () => signedPayload({ hello: 1 }), "signature_malformed"],
    [
      "that list a file twice",
      async () => {
        const file = { name: "data.json", hash: "0", algorithm: "SHA-256" };
        return signedPayload({ files: [file, { ...file, name: "/data.json" }] });
      },
      "signature_malformed",
    ],
    [
      "hashed with something else",
      async () => signedPayload({ files: [...FILES.keys()].map((name) => ({ name, hash: "0", algorithm: "MD5" })) }),
      "algorithm_refused",
    ],
  ] as const)("%s are refused", async (_, make, code) => {
    expect(await verifyFiles(await make(), [keyOf("ES256")])).toMatchObject({ kind: "refused", code });
  });

  it.each(["none", "HS256", "HS512", "ES384"])("whose header says %s are refused before any key is tried", async (alg) => {
    const [, payload, signature] = Buffer.from((await signed()).get(".signatures.json") ?? "")
      .toString()
      .split(".");
    const header = Buffer.from(JSON.stringify({ alg, kid: "k1" })).toString("base64url");
    const text = `{"signatures":["${header}.${payload}.${signature}`;
    const files = new Map<string, Uint8Array>([...FILES, [".signatures.json", Buffer.from(text)]]);
    expect(await verifyFiles(files, [keyOf("ES256")])).toMatchObject({ kind: "refused", code: "algorithm_refused" });
  });

  it("signed by another key under the right name are refused", async () => {
    const other = generateKeyPairSync("ec", { namedCurve: "P-256" });
    const text = await signFiles(FILES, { kid: "k1", alg: "ES256", privateKey: other.privateKey });
    const files = new Map<string, Uint8Array>([...FILES, [".signatures.json", Buffer.from(text)]]);
    expect(await verifyFiles(files, [keyOf("ES256")])).toMatchObject({ kind: "refused", code: "signature_wrong" });
  });

  it("of no tenant's key are refused", async () => {
    expect(await verifyFiles(await signed(), [])).toMatchObject({ kind: "refused", code: "key_unknown" });
  });
});

describe("canonicalJson", () => {
  it.each([
    ['{"b":1,"a":2}', '{"a":2,"b":1}'],
    ['{ "n": -0, "x": 1.50, "e": 1e21, "big": 123456789012345678901 }', '{"big":123456789012345678901,"e":1e21,"n":-0,"x":1.50}'],
    ['{"～":1,"😀":2}', '{"～":1,"😀":2}'],
    ['"<&> \\u2028\\u2029 \\u0007 \\/ \\u00e9"', '"<&> \\u2028\\u2029 \\u0007 / é"'],
    ['[null,true,[{}],""]', '[null,true,[{}],""]'],
  ])("writes %s as %s", (given, expected) => {
    expect(canonicalJson(given)).toBe(expected);
  });

  it.each(["", "{", "[1,]", "01", "{a:1}", `${"[".repeat(600)}${"]".repeat(600)}`])(
    "gives nothing for what is no JSON or too deep",
    (text) => {
      expect(canonicalJson(text)).toBe(null);
    },
  );

  it("gives the same text for what it wrote itself", () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 4 }), (text) => {
        const once = canonicalJson(text) ?? "";
        expect(canonicalJson(once)).toBe(once);
        expect(JSON.parse(once)).toEqual(JSON.parse(text));
      }),
    );
  });
});

describe.skipIf(opa === null)("opa sign", () => {
  const folder = mkdtempSync(join(tmpdir(), "sluice-sign-"));
  const bundle = join(folder, "bundle");
  const sign = (alg: BundleAlgorithm) => {
    // An old signature would be signed like any other file.
    rmSync(join(bundle, ".signatures.json"), { force: true });
    const args = ["sign", "--bundle", "--signing-key", `../${alg}.pem`, "--signing-alg", alg, "."];
    execFileSync(opa ?? "", args, { cwd: bundle, stdio: "pipe" });
  };

  beforeAll(() => {
    mkdirSync(bundle);
    for (const alg of ALGORITHMS) {
      writeFileSync(join(folder, `${alg}.pem`), PAIRS[alg].privateKey.export({ type: "pkcs8", format: "pem" }));
      writeFileSync(join(folder, `${alg}.pub`), PAIRS[alg].publicKey.export({ type: "spki", format: "pem" }));
    }
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it("states the hashes that we compute, over random documents", () => {
    const documents = fc.sample(fc.json({ maxDepth: 4 }), { numRuns: 40, seed: 5 });
    for (const [at, text] of documents.entries()) {
      const data = `{"x":${text},"odd":[1.0,-0,1e300,"\\u2028<\\u0001"],"😀${at}":0,"～":1}`;
      writeFileSync(join(bundle, "data.json"), data);
      sign("ES256");
      const [, payload = ""] = readFileSync(join(bundle, ".signatures.json"), "utf8").split(".");
      const { files } = JSON.parse(Buffer.from(payload, "base64url").toString());
      expect(files).toEqual([{ name: "data.json", hash: hashFile("data.json", Buffer.from(data)), algorithm: "SHA-256" }]);
    }
  });

  it.each(ALGORITHMS)("makes signatures with %s that we verify", async (alg) => {
    writeFileSync(join(bundle, "data.json"), '{"policies": {"b": 1.0, "a": 2}}');
    writeFileSync(join(bundle, "engine.rego"), "package sluice\n");
    sign(alg);
    const files = new Map(
      ["data.json", "engine.rego", ".signatures.json"].map((name) => [name, readFileSync(join(bundle, name))] as const),
    );
    expect(await verifyFiles(files, [keyOf(alg)])).toEqual({ kind: "verified", kid: "k1" });
  });
});
