import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import type { DeclaredProxy } from "../../../src/edge/grpc/identify-proxy.ts";
import { decodeCheckResponse, encodeCheckRequest } from "../../tools/check-request.ts";
import { connectCheckClient } from "../../tools/grpc-client.ts";
import { type Certificate, makeCertificate } from "../../tools/make-certificate.ts";
import { ALLOW, startServer } from "./start-server.ts";

const cleanUp: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of cleanUp.splice(0).reverse()) await end();
});

const CA = makeCertificate({ commonName: "test ca" });
const SERVER = makeCertificate({ commonName: "sluice", dns: ["localhost"], issuer: CA });
const SIDECAR: DeclaredProxy = {
  name: "sidecar",
  auth: { kind: "client_certificate", name: "spiffe://cluster/envoy" },
  tenants: ["default"],
  trusts: [],
  body: null,
};
const NAMED: DeclaredProxy = { ...SIDECAR, name: "named", auth: { kind: "client_certificate", name: "envoy" } };

async function askWith(client: Certificate | null, clientCa: string | null) {
  const tls = { cert: SERVER.cert, key: SERVER.key, clientCa };
  const { server, address, received } = await startServer(() => ALLOW, { tls, proxies: [SIDECAR, NAMED] });
  cleanUp.push(() => server.close(0));
  const folder = mkdtempSync(join(tmpdir(), "sluice-tls-"));
  cleanUp.push(() => rmSync(folder, { recursive: true }));
  const write = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  const own = client === null ? {} : { cert: write("cert", client.cert), key: write("key", client.key) };
  const connected = connectCheckClient(address.replace("127.0.0.1", "localhost"), { tls: { ca: write("ca", CA.cert), ...own } });
  cleanUp.push(connected.close);
  const { code } = decodeCheckResponse(await connected.check(encodeCheckRequest(), { timeoutMs: 5000 }));
  const [first] = received;
  return { code, proxy: first?.what.kind === "call" ? first.what.call.proxy : null };
}

const nobody = { code: 0, proxy: { kind: "unauthenticated" } };

describe("over TLS with a client CA", () => {
  it.each<[string, Certificate | null]>([
    ["no certificate", null],
    ["one it signed itself", makeCertificate({ commonName: "envoy", uri: ["spiffe://cluster/envoy"] })],
  ])("an asker with %s is not talked to", async (_name, certificate) => {
    await expect(askWith(certificate, CA.cert)).rejects.toMatchObject({ code: 14 });
  });

  it.each<[string, Certificate, string | null]>([
    ["another URI", makeCertificate({ commonName: "x", uri: ["spiffe://cluster/other"], issuer: CA }), null],
    ["the right name as its common name, beside other alternative names", certify("envoy", { dns: ["other"] }), null],
    ["a name that only begins right", certify("x", { uri: ["spiffe://cluster/envoy\0.evil"] }), null],
    ["the right name inside another", certify("x", { dns: ["a, URI:spiffe://cluster/envoy"] }), null],
    ["the declared URI", certify("x", { dns: ["other"], uri: ["spiffe://cluster/envoy"] }), "sidecar"],
    ["the declared common name and no alternative names", certify("envoy", {}), "named"],
  ])("an asker with %s is who that makes it", async (_name, certificate, name) => {
    expect(await askWith(certificate, CA.cert)).toMatchObject(name === null ? nobody : { code: 0, proxy: { kind: "authenticated", name } });
  });
});

describe("over TLS without a client CA", () => {
  it("a certificate proves nothing", async () => {
    expect(await askWith(certify("envoy", { uri: ["spiffe://cluster/envoy"] }), null)).toEqual(nobody);
  });
});

function certify(commonName: string, names: { readonly dns?: readonly string[]; readonly uri?: readonly string[] }): Certificate {
  return makeCertificate({ commonName, ...names, issuer: CA });
}
