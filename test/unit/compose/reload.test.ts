import { generateKeyPairSync } from "node:crypto";
import { readFileSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { decodeCheckResponse, encodeCheckRequest } from "../../tools/check-request.ts";
import { connectCheckClient } from "../../tools/grpc-client.ts";
import { createPublisher } from "../../tools/make-bundle.ts";
import { type Sluice, startSluice } from "../../tools/start-sluice.ts";

const publisher = createPublisher();
const SECOND_SECRET = "another secret between an Envoy and this Sluice";
const ENV = {
  KEY: publisher.pem,
  PRIVATE: generateKeyPairSync("ed25519").privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
  SECOND: SECOND_SECRET,
  ANA: "the-token-of-the-operator-ana",
};
const deny = (code: string) => `policy: p\nrules: [{ id: stop, then: deny, code: ${code} }]\n`;

/** The tests of this file are one story, in order: each leaves the server as it found it unless it says so. */
describe("a reload of the configuration", () => {
  let sluice: Sluice;
  let base: Readonly<Record<string, unknown>>;
  const tenant = (policies: string, more: Readonly<Record<string, unknown>> = {}) => ({
    policies: join(sluice.folder, policies),
    identity: { required: false },
    ...more,
  });
  const codeOf = async (name: string) => (await sluice.check({ context: { "sluice.tenant": name } })).error?.["code"] ?? "allowed";
  const lastOf = async (kind: string) => (await sluice.receipts()).findLast((one) => one["kind"] === kind);
  const proxyOf = (secret: object, tenants: readonly string[]) => ({ name: "test", auth: { secret }, tenants, trust: ["context"] });

  beforeAll(async () => {
    const config = { identity: { required: false } };
    sluice = await startSluice({ policies: { "a.yaml": deny("first") }, config, env: ENV });
    await mkdir(join(sluice.folder, "b"));
    await writeFile(join(sluice.folder, "b", "b.yaml"), deny("second"));
    base = { identity: undefined, policies: undefined, tenants: { default: tenant("policies") } };
  });

  afterAll(() => sluice.stop());

  it("of the same file changes nothing and is recorded", async () => {
    expect(await sluice.reload(base)).toEqual({ kind: "reloaded", changed: [] });
    expect(await lastOf("config")).toMatchObject({ event: "reloaded", detail: { changed: [] }, tenant: null });
    expect(await codeOf("default")).toBe("first");
  });

  it.each([
    ["a file that is wrong", { deadlin: "1s" }, "invalid", /deadlin: unknown key/],
    ["a key that only a start takes up", { shutdown: { delay: "1s" }, deadline: "1s" }, "needs_restart", /^shutdown\.delay$/],
    ["keys in groups", { audit: { sinks: ["stdout"] }, identity: { clock_skew: "1s" } }, "needs_restart", /^identity\.clock_skew$/],
    [
      "a secret that is not there",
      { operators: [{ name: "ana", token: { env: "NOBODY" }, roles: ["viewer"], tenants: ["default"] }] },
      "unreadable",
      /variable NOBODY: is not set/,
    ],
    [
      "two operators of one token",
      { operators: ["a", "b"].map((name) => ({ name, token: { env: "ANA" }, roles: ["viewer"], tenants: ["default"] })) },
      "unreadable",
      /operator b has the token of another operator/,
    ],
  ])("refuses %s whole", async (_, change, code, problem) => {
    const given = { ...base, tenants: { default: tenant("b") }, ...change };
    const reloaded = await sluice.reload(given);
    expect(reloaded).toMatchObject({ kind: "refused", code });
    expect(reloaded.kind === "refused" ? reloaded.problems[0] : "").toMatch(problem);
    expect(await lastOf("config")).toMatchObject({ event: "reload_refused", detail: { code } });
    expect(await codeOf("default")).toBe("first");
  });

  it("refuses a key of bundles that is none, or a private one", async () => {
    for (const env of ["ANA", "PRIVATE"]) {
      const bundle = { bundle: "pushed", bundle_keys: [{ kid: "a", key: { env }, alg: "EdDSA" }], identity: { required: false } };
      expect(await sluice.reload({ ...base, tenants: { default: bundle } })).toMatchObject({ kind: "refused", code: "unreadable" });
      expect(await codeOf("default")).toBe("first");
    }
  });

  it("adds a tenant, changes a mode, and takes up other proxies and operators at once", async () => {
    const tenants = { default: tenant("policies", { mode: "shadow" }), other: tenant("b") };
    const operators = [{ name: "ana", token: { env: "ANA" }, roles: ["viewer"], tenants: ["other"] }];
    const given = { ...base, tenants, operators, proxies: [proxyOf({ env: "SECOND" }, ["default", "other"])] };
    expect(await sluice.reload(given)).toEqual({ kind: "reloaded", changed: ["proxies", "operators", "tenants"] });
    // The old secret proves nothing any more, on a connection where it did too: the tenant that it names is not believed.
    expect(await codeOf("other")).toBe("token_missing");
    const client = connectCheckClient(sluice.grpcAddress, { secret: SECOND_SECRET });
    const ask = async (name: string) => decodeCheckResponse(await client.check(encodeCheckRequest({ context: { "sluice.tenant": name } })));
    expect((await ask("other")).error?.["code"]).toBe("second");
    expect((await ask("default")).arm).toBe("ok");
    client.close();
    const seen = await fetch(`http://127.0.0.1:${sluice.server.httpPort}/v1/policy`, { headers: { authorization: `Bearer ${ENV.ANA}` } });
    expect([seen.status, await seen.json()]).toMatchObject([200, { tenants: [{ tenant: "other", source: "folder", state: "ready" }] }]);
  });

  it("takes a tenant and an operator away again", async () => {
    expect(await sluice.reload(base)).toEqual({ kind: "reloaded", changed: ["proxies", "operators", "tenants"] });
    const seen = await fetch(`http://127.0.0.1:${sluice.server.httpPort}/v1/policy`, { headers: { authorization: `Bearer ${ENV.ANA}` } });
    expect(seen.status).toBe(401);
    expect(await codeOf("default")).toBe("first");
    expect(sluice.server.httpPort).toBeGreaterThan(0);
  });

  it("moves a tenant from a folder to a bundle and keeps what decided until the bundle is there", async () => {
    const file = join(sluice.folder, "p.tar.gz");
    const bundle = { bundle: file, bundle_keys: [{ kid: publisher.kid, key: { env: "KEY" } }], identity: { required: false } };
    expect(await sluice.reload({ ...base, tenants: { default: bundle } })).toEqual({ kind: "reloaded", changed: ["tenants"] });
    expect(await codeOf("default")).toBe("first");
    expect(await lastOf("policy")).toMatchObject({ event: "refused", source: "bundle_file", code: "unreachable" });
    await writeFile(file, (await publisher.make(deny("third"), { serial: 1 })).packed);
    expect(await sluice.reload({ ...base, tenants: { default: bundle } })).toEqual({ kind: "reloaded", changed: [] });
    expect(await codeOf("default")).toBe("third");
    const live = readFileSync(join(sluice.folder, "state", "bundles", "default", "last-good.tar.gz"));
    expect(live.equals(readFileSync(file))).toBe(true);
  });
});
