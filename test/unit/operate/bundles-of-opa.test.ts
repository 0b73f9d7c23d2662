import { execFileSync, spawnSync } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildPolicy } from "../../../src/operate/build-policy.ts";
import { verifyBundle } from "../../../src/operate/verify-bundle.ts";
import { parseBundleKey } from "../../../src/policy/bundle/keys.ts";
import { unpackTar } from "../../../src/policy/bundle/unpack-tar.ts";
import { needTool } from "../../tools/need-tool.ts";
import { tarOf } from "../policy-bundle/tar-of.ts";
import { askedOfCases } from "./asked-of-cases.ts";

const ROOT = join(import.meta.dirname, "../../..");
const [wasm, engineRego] = [
  await readFile(join(ROOT, "policies/engine/policy.wasm")),
  await readFile(join(ROOT, "policies/engine/engine.rego"), "utf8"),
];
const opa = await needTool("opa");
const ours = generateKeyPairSync("ec", { namedCurve: "P-256" });
const theirs = { ES256: generateKeyPairSync("ec", { namedCurve: "P-256" }), RS256: generateKeyPairSync("rsa", { modulusLength: 2048 }) };

let folder = "";
let unpacked = "";
let files: ReadonlyMap<string, Uint8Array> = new Map();
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "sluice-opa-"));
  unpacked = join(folder, "unpacked");
  await mkdir(unpacked);
  const signer = { kid: "ci-1", alg: "ES256", privateKey: ours.privateKey } as const;
  const parts = { folder: join(ROOT, "policies/examples/payments"), name: "payments", tenant: "acme", serial: 7, withCases: true };
  const built = await buildPolicy({ ...parts, signer, wasm, engineRego });
  if (built.kind === "invalid") throw new Error("the examples do not build");
  await writeFile(join(folder, "ours.tar.gz"), built.bundle);
  const read = await unpackTar(built.bundle);
  if (read.kind === "unpacked") files = read.files;
  for (const [name, bytes] of files) if (name !== ".signatures.json") await writeFile(join(unpacked, name), bytes);
  for (const [name, { privateKey, publicKey }] of Object.entries({ ours: ours, ...theirs })) {
    await writeFile(join(folder, `${name}.pem`), privateKey.export({ type: "pkcs8", format: "pem" }));
    await writeFile(join(folder, `${name}.pub.pem`), publicKey.export({ type: "spki", format: "pem" }));
  }
});
afterAll(() => rm(folder, { recursive: true }));

const run = (cwd: string, ...args: readonly string[]) =>
  execFileSync(opa ?? "", args, { cwd, stdio: ["ignore", "pipe", "pipe"] }).toString();
const verify = async (packed: Uint8Array, name: keyof typeof theirs) => {
  const key = parseBundleKey(await readFile(join(folder, `${name}.pub.pem`), "utf8"), { kid: "theirs", alg: null });
  if (key.kind === "unfit") throw new Error(key.message);
  return verifyBundle(packed, { key: key.key, tenant: "acme", nowMs: 0 });
};

describe.skipIf(opa === null)("a stock OPA", () => {
  it("shows what is in our bundle", () => {
    const shown = JSON.parse(run(folder, "inspect", "--format", "json", "ours.tar.gz"));
    expect(shown).toMatchObject({
      manifest: {
        revision: expect.stringMatching(/^[0-9a-f]{12}$/),
        roots: ["cases", "policies", "sluice"],
        metadata: { sluice: { tenant: "acme", serial: 7 } },
      },
      namespaces: { data: ["/data.json"], "data.sluice": ["/engine.rego"] },
    });
  });

  it("takes our signature, and refuses it under another key", () => {
    const check = (key: string) => ["build", "-b", "ours.tar.gz", "--signing-alg", "ES256", "--verification-key", key, "-o", "out.tar.gz"];
    run(folder, ...check("ours.pub.pem"));
    const refused = spawnSync(opa ?? "", check("ES256.pub.pem"), { cwd: folder, encoding: "utf8" });
    expect([refused.status, refused.stdout + refused.stderr]).toEqual([1, expect.stringContaining("invalid ECDSA signature")]);
  });

  it("gives the same verdicts and rulings on our bundle as we do, for every case of the examples", async () => {
    const asked = await askedOfCases(files, wasm);
    expect(asked.length).toBeGreaterThan(15);
    await writeFile(join(folder, "calls.json"), JSON.stringify({ calls: asked.map(({ input }) => input) }));
    await writeFile(
      join(folder, "ask.rego"),
      'package ask\n\nboth := {"verdict": data.sluice.verdict, "ruling": data.sluice.ruling}\n\nanswers := [answer | some call in data.calls; answer := both with input as call]\n',
    );
    const text = run(folder, "eval", "--format", "raw", "-b", unpacked, "-d", "calls.json", "-d", "ask.rego", "data.ask.answers");
    expect(JSON.parse(text)).toEqual(asked.map(({ verdict, ruling }) => ({ verdict, ruling })));
  });
});

describe.skipIf(opa === null)("a bundle is admitted", () => {
  it.each(["ES256", "RS256"] as const)("that `opa sign` signed by %s", async (alg) => {
    run(unpacked, "sign", "--signing-key", `../${alg}.pem`, "--signing-alg", alg, "--bundle", ".", "--output-file-path", "..");
    const signatures = await readFile(join(folder, ".signatures.json"));
    const entries = [...files].map(([name, content]) => ({ name, content: name === ".signatures.json" ? signatures : content }));
    expect(await verify(await tarOf(entries), alg)).toMatchObject({ kind: "verified", serial: 7, signedBy: "theirs" });
  });

  it.each(["ES256", "RS256"] as const)("that `opa build` made of ours and signed by %s", async (alg) => {
    run(unpacked, "build", "-b", ".", "--signing-key", `../${alg}.pem`, "--signing-alg", alg, "-o", "../theirs.tar.gz");
    expect(await verify(await readFile(join(folder, "theirs.tar.gz")), alg)).toMatchObject({
      kind: "verified",
      serial: 7,
      signedBy: "theirs",
    });
  });

  it("not where `opa build` made other Wasm of it, which no OPA without that engine could load", async () => {
    const wasmOf = ["-t", "wasm", "-e", "sluice/verdict", "-e", "sluice/ruling"];
    run(unpacked, "build", "-b", ".", ...wasmOf, "--signing-key", "../ES256.pem", "--signing-alg", "ES256", "-o", "../wasm.tar.gz");
    expect(await verify(await readFile(join(folder, "wasm.tar.gz")), "ES256")).toMatchObject({
      kind: "refused",
      code: "manifest_malformed",
    });
  });

  it("not where HMAC signed it, whatever the secret", async () => {
    run(unpacked, "build", "-b", ".", "--signing-key", "secret", "--signing-alg", "HS256", "-o", "../hmac.tar.gz");
    expect(await verify(await readFile(join(folder, "hmac.tar.gz")), "ES256")).toMatchObject({
      kind: "refused",
      code: "algorithm_refused",
    });
  });
});
