import { execFile } from "node:child_process";
import { createHmac, generateKeyPairSync, sign } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CODES } from "../../src/core/codes.ts";
import type { IdentityReason } from "../../src/identity/identification.ts";
import { LOCAL_ISSUER } from "../../src/identity/issuer.ts";
import { type CheckAnswer, type CheckParts, decodeCheckResponse, encodeCheckRequest } from "../tools/check-request.ts";
import { type CheckClient, connectCheckClient } from "../tools/grpc-client.ts";
import { needTool } from "../tools/need-tool.ts";
import { type RawResponse, readResponse, valuesOf } from "../tools/read-response.ts";
import { sendRaw, sendRequest } from "../tools/send-raw.ts";
import { type Envoy, startEnvoy } from "../tools/start-envoy.ts";
import { PROXY_SECRET, type Sluice, startSluice } from "../tools/start-sluice.ts";
import { startUpstream, type Upstream } from "../tools/start-upstream.ts";
import { encode, signToken } from "../unit/identity/tokens.ts";

const envoy = await needTool("envoy");
const ROOT = join(import.meta.dirname, "..", "..");

const POLICY = `
policy: open
rules:
  - id: anyone
    match: { hosts: [open.example.com] }
    then: allow
  - id: asked-for
    match: { hosts: [asked.example.com] }
    then: approval_needed
    approval: { from: [treasury] }
limits:
  - { id: once, per: [agent, session, labels.team], match: { hosts: [open.example.com], paths: [/limited] }, rate: 1/h, burst: 1 }
`;

describe.skipIf(envoy === null)("attacks on identity and records", () => {
  let upstream: Upstream;
  let sluice: Sluice;
  let proxy: Envoy;
  let client: CheckClient;

  beforeAll(async () => {
    upstream = await startUpstream();
    sluice = await startSluice({ policies: { "open.yaml": POLICY } });
    client = connectCheckClient(sluice.grpcAddress, { secret: PROXY_SECRET });
    proxy = await startEnvoy({ file: "sidecar", sluice: sluice.grpcAddress, upstream: upstream.address, secret: PROXY_SECRET });
  });
  afterAll(async () => {
    client?.close();
    await proxy?.stop();
    await sluice?.stop();
    await upstream?.stop();
  });

  type Sent = RawResponse & { readonly reached: number };
  async function send(headers: Readonly<Record<string, string>>, path = "/"): Promise<Sent> {
    const before = upstream.requests.length;
    const { text } = await sendRequest(proxy.listenerPort, `GET ${path}`, { host: "open.example.com", ...headers });
    return { ...readResponse(text), reached: upstream.requests.length - before };
  }

  async function ask(parts: CheckParts): Promise<CheckAnswer> {
    return decodeCheckResponse(await client.check(encodeCheckRequest({ scheme: "http", host: "open.example.com", ...parts })));
  }

  async function receiptOf(decisionId: unknown): Promise<Readonly<Record<string, unknown>>> {
    const found = (await sluice.receipts()).filter((receipt) => receipt["decision_id"] === decisionId);
    expect(found).toHaveLength(1);
    return found[0] ?? {};
  }

  /** The stored lines of every stream, as they stand in the files. */
  async function storedLines(): Promise<readonly string[]> {
    await sluice.receipts();
    const folder = join(sluice.folder, "state", "receipts");
    const texts = await Promise.all((await readdir(folder)).map((name) => readFile(join(folder, name), "utf8")));
    return texts.flatMap((text) => text.split("\n").filter((line) => line !== ""));
  }

  function keyOf(use: "agents" | "grants" | "receipts") {
    const key = sluice.server.keys[use];
    if (key === null) throw new Error(`the server has no key for ${use}`);
    return key;
  }

  const now = () => Math.floor(Date.now() / 1000);
  const claims = (more: Readonly<Record<string, unknown>> = {}) => {
    const { issuer, audience } = LOCAL_ISSUER;
    return { iss: issuer, aud: audience, sub: "finance-1", iat: now() - 10, exp: now() + 600, ...more };
  };
  const header = (more: Readonly<Record<string, unknown>> = {}) => ({ alg: "EdDSA", typ: "JWT", kid: keyOf("agents").kid, ...more });
  const own = (more: Readonly<Record<string, unknown>> = {}, head: Readonly<Record<string, unknown>> = {}) =>
    signToken(header(head), claims(more), keyOf("agents"));
  const text = (parts: readonly unknown[]) => parts.map(encode).join(".");

  describe("a token", () => {
    const hmac = () => {
      const signed = text([header({ alg: "HS256" }), claims()]);
      const secret = keyOf("agents").publicKey.export({ format: "der", type: "spki" });
      return `${signed}.${createHmac("sha256", secret).update(signed).digest("base64url")}`;
    };
    const rsa = (alg: string) => {
      const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
      const signed = text([header({ alg }), claims()]);
      return `${signed}.${sign("sha256", Buffer.from(signed), privateKey).toString("base64url")}`;
    };
    const flipped = (token: string) => `${token.slice(0, -10)}${token.at(-10) === "A" ? "B" : "A"}${token.slice(-9)}`;
    const withClaims = (token: string, more: Readonly<Record<string, unknown>>) => {
      const [head = "", , signature = ""] = token.split(".");
      return `${head}.${encode(claims(more))}.${signature}`;
    };
    const nested = (depth: number): unknown => (depth === 0 ? undefined : { sub: `a${depth}`, act: nested(depth - 1) });

    type Row = readonly [claim: string, make: () => string, reason: IdentityReason, code?: "token_expired"];
    const rows: readonly Row[] = [
      ["alg none without a signature", () => `${text([{ alg: "none" }, claims()])}.`, "algorithm"],
      ["alg none in capitals", () => `${text([{ alg: "NONE", typ: "JWT" }, claims()])}.`, "algorithm"],
      ["alg none over a right signature", () => own({}, { alg: "none" }), "algorithm"],
      ["no alg", () => own({}, { alg: undefined }), "algorithm"],
      ["a list of algs", () => own({}, { alg: ["EdDSA"] }), "algorithm"],
      ["alg in another case", () => own({}, { alg: "eddsa" }), "algorithm"],
      ["HS256 under the public key", hmac, "algorithm"],
      ["RS256", () => rsa("RS256"), "algorithm"],
      ["an RSA signature that says EdDSA", () => rsa("EdDSA"), "malformed"],
      ["ES256", () => own({}, { alg: "ES256" }), "algorithm"],
      ["typ of a grant", () => own({}, { typ: "sluice-grant+jwt" }), "type"],
      ["typ of a statement", () => own({}, { typ: "sluice-statement+jwt" }), "type"],
      ["typ of a checkpoint", () => own({}, { typ: "application/sluice-checkpoint+jwt" }), "type"],
      ["typ of a bundle", () => own({}, { typ: "sluice-bundle+jwt" }), "type"],
      ["typ of a logout", () => own({}, { typ: "logout+jwt" }), "type"],
      ["typ of an id token's neighbour", () => own({}, { typ: "dpop+jwt" }), "type"],
      ["the key of receipts", () => signToken(header({ kid: keyOf("receipts").kid }), claims(), keyOf("receipts")), "kid_unknown"],
      ["the key of grants", () => signToken(header({ kid: keyOf("grants").kid }), claims(), keyOf("grants")), "kid_unknown"],
      ["the key of receipts under the agents' id", () => signToken(header(), claims(), keyOf("receipts")), "signature"],
      ["the key of grants without an id", () => signToken(header({ kid: undefined }), claims(), keyOf("grants")), "signature"],
      ["a stranger's key", () => signToken(header(), claims(), generateKeyPairSync("ed25519")), "signature"],
      ["an id that is a path", () => own({}, { kid: "../../dev/null" }), "kid_unknown"],
      ["crit", () => own({}, { crit: ["exp"] }), "header_forbidden"],
      ["b64 false", () => own({}, { b64: false, crit: ["b64"] }), "header_forbidden"],
      ["b64 true", () => own({}, { b64: true }), "header_forbidden"],
      ["zip", () => own({}, { zip: "DEF" }), "header_forbidden"],
      ["an embedded key", () => embedded("jwk"), "header_forbidden"],
      ["a key's address", () => own({}, { jku: "https://evil.example/keys" }), "header_forbidden"],
      ["a certificate's address", () => own({}, { x5u: "https://evil.example/c" }), "header_forbidden"],
      ["a certificate", () => own({}, { x5c: ["AAAA"] }), "header_forbidden"],
      ["encryption", () => own({}, { enc: "A256GCM" }), "header_forbidden"],
      ["expired", () => own({ iat: now() - 600, exp: now() - 1 }), "expired", "token_expired"],
      ["issued in the future", () => own({ iat: now() + 60, exp: now() + 600 }), "issued_in_future"],
      ["not yet valid", () => own({ nbf: now() + 60 }), "not_yet_valid"],
      ["too long a life", () => own({ iat: now() - 10, exp: now() + 3_600 }), "lifetime"],
      ["an end before its beginning", () => own({ iat: now(), exp: now() - 10 }), "lifetime"],
      ["an end that is text", () => own({ exp: "9999999999" }), "claim_invalid"],
      ["an end beyond all years", () => own({ exp: 1e300 }), "claim_invalid"],
      ["another audience", () => own({ aud: "elsewhere" }), "audience"],
      ["an audience in another case", () => own({ aud: "Sluice" }), "audience"],
      ["another issuer", () => own({ iss: "https://evil.example" }), "issuer_unknown"],
      ["an issuer with a slash more", () => own({ iss: `${LOCAL_ISSUER.issuer}/` }), "issuer_unknown"],
      ["another tenant", () => own({ tenant: "other" }), "tenant_mismatch"],
      ["no subject", () => own({ sub: undefined }), "claim_missing"],
      ["no end", () => own({ exp: undefined }), "claim_missing"],
      ["no beginning", () => own({ iat: undefined }), "claim_missing"],
      ["no audience", () => own({ aud: undefined }), "claim_missing"],
      ["a binding that nothing proves", () => own({ cnf: { jkt: "x" } }), "binding_missing"],
      ["five actors", () => own({ act: nested(5) }), "actors_too_deep"],
      ["a scope that is a list", () => own({ scope: ["tool:x"] }), "claim_invalid"],
      ["roles that are a text", () => own({ roles: "admin" }), "claim_invalid"],
      [
        "a claim twice",
        () => signToken(header(), JSON.stringify(claims()).replace("{", `{"sub":"admin",`), keyOf("agents")),
        "duplicate_member",
      ],
      [
        "a header member twice",
        () => signToken(`{"alg":"none",${JSON.stringify(header()).slice(1)}`, claims(), keyOf("agents")),
        "duplicate_member",
      ],
      ["a changed signature", () => flipped(own()), "signature"],
      ["changed claims", () => withClaims(own(), { sub: "admin" }), "signature"],
      ["padding", () => `${own()}==`, "malformed"],
      ["five parts", () => `${own()}.AAAA.AAAA`, "malformed"],
      ["two parts", () => text([header(), claims()]), "malformed"],
      ["no JSON", () => "a.b.c", "malformed"],
      ["claims that are a list", () => signToken(header(), "[]", keyOf("agents")), "malformed"],
      [
        "more than 8 KiB",
        () => own({ labels: Object.fromEntries(Array.from({ length: 300 }, (_, at) => [`l${at}`, "x".repeat(20)])) }),
        "too_large",
      ],
      ["another scheme", () => `Basic ${own()}`, "scheme"],
    ];
    function embedded(name: string): string {
      const key = generateKeyPairSync("ed25519");
      return signToken(header({ [name]: key.publicKey.export({ format: "jwk" }) }), claims(), key);
    }

    const cases = rows.map(([claim, make, reason, code]) => ({ claim, make, reason, code: code ?? ("token_invalid" as const) }));
    it.each(cases)("is refused through Envoy: $claim", async ({ make, reason, code }) => {
      const token = make();
      const answer = await send({ "x-sluice-token": token });
      expect(answer).toMatchObject({ status: 401, reached: 0, error: { decision: "deny", class: "identity", code, retryable: false } });
      expect(valuesOf(answer, "www-authenticate")).toEqual(['Bearer error="invalid_token"']);
      expect(answer.error).toMatchObject({ message: CODES[code].message, hint: CODES[code].hint, rule: null });
      expect(answer.body).not.toContain(token);
      const receipt = await receiptOf(answer.decisionId);
      expect(receipt).toMatchObject({ decision: "deny", class: "identity", code, fault: reason, policy: null });
      expect(receipt["agent"] ?? null).toBeNull();
    });

    it.each([
      ["two listed headers", (token: string) => `x-sluice-token: ${token}\r\nproxy-authorization: Bearer ${token}\r\n`],
      ["one header twice", (token: string) => `x-sluice-token: ${token}\r\nx-sluice-token: ${token}\r\n`],
      ["one header twice in two cases", (token: string) => `X-Sluice-Token: ${token}\r\nx-sluice-token: wrong\r\n`],
      ["a list in one header", (token: string) => `x-sluice-token: ${token},${token}\r\n`],
      [
        "Bearer beside Basic",
        (token: string) => `proxy-authorization: Bearer ${token}\r\nproxy-authorization: Basic ${btoa(`a:${token}`)}\r\n`,
      ],
      ["an empty one beside a good one", (token: string) => `x-sluice-token:\r\nproxy-authorization: Bearer ${token}\r\n`],
    ])("is refused when sent in %s", async (_how, lines) => {
      const before = upstream.requests.length;
      const head = `GET / HTTP/1.1\r\nhost: open.example.com\r\nconnection: close\r\n${lines(own())}\r\n`;
      const answer = readResponse(await sendRaw(proxy.listenerPort, head));
      expect([401, 407]).toContain(answer.status);
      expect(answer.error).toMatchObject({ class: "identity", code: "token_invalid" });
      expect(await receiptOf(answer.decisionId)).toMatchObject({ class: "identity", fault: "repeated" });
      expect(upstream.requests.length).toBe(before);
    });

    it("that is right still passes, is not sent on, and stands in no record", async () => {
      const token = own();
      for (const headers of [
        { "x-sluice-token": token },
        { "x-sluice-token": `Bearer ${token}` },
        { "proxy-authorization": `Bearer ${token}` },
        { "proxy-authorization": `Basic ${btoa(`agent:${token}`)}` },
      ]) {
        expect(await send(headers)).toMatchObject({ status: 200, reached: 1 });
        expect(JSON.stringify(upstream.requests.at(-1))).not.toContain(token.slice(-40));
      }
      const signatures = (await storedLines()).filter(
        (line) => /[A-Za-z0-9_-]{60,}\.[A-Za-z0-9_-]{60,}/.test(line) || line.includes(token),
      );
      expect(signatures.filter((line) => !line.includes('"kind":"checkpoint"'))).toEqual([]);
    });
  });

  describe("names as injection", () => {
    it.each([
      "finance-1\n",
      'finance-1\n{"kind":"decision","decision":"allow"}',
      "finance-1\r\nx",
      "finance-1\u0000",
      "\u001b[31mfinance-1",
      "\u009b31m",
      "finance-1\u202e",
      "finance 1",
      "fïnance-1",
      "finance-1|severity=10",
      "finance-1{x}",
      "finance-1*",
      "../../finance-1\\",
      "",
      "x".repeat(129),
    ])("are refused as an agent's, subject's, role's and label's name: %j", async (name) => {
      const places = [
        { sub: name },
        { act: { sub: name } },
        { roles: [name] },
        { labels: { team: name } },
        { labels: { [name]: "x" } },
        { session: name },
      ];
      for (const place of places) {
        const answer = await send({ "x-sluice-token": own(place) });
        expect(answer).toMatchObject({ status: 401, reached: 0, error: { code: "token_invalid" } });
        expect(await receiptOf(answer.decisionId)).toMatchObject({ fault: "claim_invalid" });
      }
    });

    it("in headers, hosts, paths and methods leave one line a record, and a terminal sees escapes", async () => {
      const token = own();
      const hostile = [
        '\n{"kind":"decision"}',
        "\r\n",
        "\u001b[2J\u001b[31m",
        "\u0007",
        "\u009b1m",
        "\u202eallow",
        "\u2028",
        "\u0000",
        "\u007f",
        "\ud83d",
      ];
      const before = await storedLines();
      let asked = 0;
      for (const evil of hostile) {
        for (const parts of [
          { headers: { "x-note": evil } },
          { host: `open.example.com${evil}` },
          { path: `/${evil}` },
          { path: `/${encodeURIComponent(evil.toWellFormed())}` },
          { method: `GET${evil}` },
          { headers: { [`x-${evil}`]: "1" } },
          { protocol: evil, id: evil },
        ] satisfies CheckParts[]) {
          const request = { ...parts, headers: { "x-sluice-token": token, ...("headers" in parts ? parts.headers : {}) } };
          expect(["ok", "denied"]).toContain((await ask(request)).arm);
          asked += 1;
        }
      }
      const added = (await storedLines()).slice(before.length);
      expect([asked, added.length]).toEqual([70, 70]);
      expect(added.filter((line) => /[\x00-\x1f]/.test(line))).toEqual([]);
      expect(added.map((line) => JSON.parse(line).kind)).toEqual(Array(70).fill("decision"));
      const shown = await runCommand("receipts", "tail", "--folder", join(sluice.folder, "state", "receipts"), "-n", "70");
      expect(shown.split("\n")).toHaveLength(71);
      expect(shown.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u);
      for (const escaped of ["\\u{a}", "\\u{1b}[2J", "\\u{202e}", "\\u{9b}1m", "\\u{7f}"]) expect(shown).toContain(escaped);
    });

    it("leave a chain that verifies", async () => {
      await sluice.receipts();
      const folder = join(sluice.folder, "state", "receipts");
      const said = await runCommand(
        "receipts",
        "verify",
        "--folder",
        folder,
        "--key",
        join(sluice.folder, "state", "keys", "receipts.jwk"),
      );
      expect(said).toContain("The receipts are intact.");
    });

    type Who = { readonly agent: string; readonly session: string; readonly team: string };
    const who = (agent: string, session: string, team: string): Who => ({ agent, session, team });
    it.each([
      [who("a:1", "b", "c"), who("a", "1:b", "c")],
      [who("a:1:b", "c", "d"), who("a", "b", "c:d")],
      [who("p1:x", "y", "z"), who("p", "1:x1:y", "z")],
      [who("q1", ":r1", "s"), who("q", "1:r", "1s")],
      [who("u/v", "w", "t"), who("u", "v/w", "t")],
      [who("g@h", "i", "j"), who("g", "@hi", "j")],
      [who("m.n", "o", "k"), who("m", "n.o", "k")],
      [who("2:zz", "1:z", "z"), who("2", ":zz1:z", "z")],
    ])("give two callers no limit in common: %j %j", async (one, other) => {
      const token = ({ agent, session, team }: Who) => sluice.issue(agent, { session, labels: { team } });
      const limited = async (of: Who) => send({ "x-sluice-token": await token(of) }, "/limited");
      expect(await limited(one)).toMatchObject({ status: 200, reached: 1 });
      expect(await limited(one)).toMatchObject({ status: 429, reached: 0, error: { class: "limit", code: "rate_exceeded" } });
      const second = await limited(other);
      expect(second).toMatchObject({ status: 200, reached: 1 });
      expect(await receiptOf(second.decisionId)).toMatchObject({ agent: other.agent, session: other.session });
      expect(await limited(other)).toMatchObject({ status: 429, reached: 0 });
    });
  });

  describe("a page in a browser on this machine", () => {
    let approval = "";
    let agentToken = "";
    beforeAll(async () => {
      agentToken = own();
      const asked = await send({ host: "asked.example.com", "x-sluice-token": agentToken });
      const found = asked.error?.["approval"];
      approval = typeof found === "object" && found !== null && "id" in found ? String(found.id) : "";
      expect(approval).toMatch(/^apr_/);
    });

    async function call(line: string, headers: Readonly<Record<string, string>>, body = ""): Promise<RawResponse> {
      const { httpPort, operatorToken } = sluice.server;
      const all = { host: `127.0.0.1:${httpPort}`, authorization: `Bearer ${operatorToken}`, ...headers };
      const sent = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== ""));
      return readResponse((await sendRequest(httpPort, line, sent, body)).text);
    }
    const approve = (headers: Readonly<Record<string, string>>, body = "{}") =>
      call(`POST /v1/approvals/${approval}:approve`, { "content-type": "application/json", ...headers }, body);
    const state = async () => {
      const shown = await sluice.operator.show(approval);
      return shown.kind === "ok" ? shown.value.status : shown.code;
    };

    const ports = ["evil.example", "evil.example:PORT", "localhost", "127.0.0.1", "127.0.0.1:1", "localhost.evil.example:PORT"];
    const bad: readonly (readonly [string, Readonly<Record<string, string>>, number, string])[] = [
      ...[...ports, "127.0.0.1:PORT.evil.example", "user@127.0.0.1:PORT", "0.0.0.0:PORT", "2130706433:PORT", "127.0.0.2:PORT"].map(
        (host) => [`the Host ${host}`, { host }, 403, "host_unknown"] as const,
      ),
      ...["http://evil.example", "null", "http://127.0.0.1:1", "http://localhost", "https://localhost.evil.example:PORT", "file://"].map(
        (origin) => [`the Origin ${origin}`, { origin }, 403, "origin_foreign"] as const,
      ),
      ...["cross-site", "same-site"].map((site) => [`Sec-Fetch-Site ${site}`, { "sec-fetch-site": site }, 403, "origin_foreign"] as const),
      ...["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=a", "", "text/plain; application/json"].map(
        (type) => [`a body as ${type || "nothing"}`, { "content-type": type }, 415, "media_type_unsupported"] as const,
      ),
      ["JSON in another charset", { "content-type": "application/json; charset=utf-16" }, 415, "media_type_unsupported"],
      ["JSON that is encoded", { "content-encoding": "gzip" }, 415, "media_type_unsupported"],
      ["no credential", { authorization: "" }, 401, "credential_missing"],
      ["a cookie", { authorization: "", cookie: "token=TOKEN" }, 401, "credential_missing"],
      ["the agent's token", { authorization: "Bearer AGENT" }, 401, "credential_invalid"],
      ["the agent's token in its own header", { authorization: "", "x-sluice-token": "AGENT" }, 401, "credential_missing"],
      ["the proxy's secret", { authorization: `Bearer ${PROXY_SECRET.replaceAll(" ", "")}` }, 401, "credential_invalid"],
      ["the operator's token as Basic", { authorization: "Basic TOKEN" }, 401, "credential_invalid"],
    ];
    const fill = (headers: Readonly<Record<string, string>>) =>
      Object.fromEntries(
        Object.entries(headers).map(([name, value]) => [
          name,
          value.replace("PORT", String(sluice.server.httpPort)).replace("TOKEN", sluice.server.operatorToken).replace("AGENT", agentToken),
        ]),
      );
    it.each(bad)("approves nothing with %s", async (_what, headers, status, code) => {
      expect(await approve(fill(headers))).toMatchObject({ status, error: { code } });
      expect(await state()).toBe("pending");
    });

    it("approves nothing by reading, and is told of no other origin that may", async () => {
      for (const method of ["GET", "HEAD", "OPTIONS", "PUT", "DELETE"]) {
        const answer = await call(`${method} /v1/approvals/${approval}:approve`, { "content-type": "application/json" });
        expect(answer.status).toBe(404);
        expect(answer.headers.filter(([name]) => name.startsWith("access-control-"))).toEqual([]);
      }
      expect(await call("GET /v1/approvals", { authorization: "" })).toMatchObject({ status: 401 });
      expect(await call(`GET http://127.0.0.1:${sluice.server.httpPort}/v1/approvals`, {})).toMatchObject({ status: 400 });
      expect(await state()).toBe("pending");
    });

    it("approves nothing with two Hosts", async () => {
      const { httpPort, operatorToken } = sluice.server;
      const hosts = `host: 127.0.0.1:${httpPort}\r\nhost: evil.example\r\n`;
      const head = `POST /v1/approvals/${approval}:approve HTTP/1.1\r\n${hosts}authorization: Bearer ${operatorToken}\r\n`;
      const answer = await sendRaw(httpPort, `${head}content-type: application/json\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{}`);
      expect(readResponse(answer).status).toBe(400);
      expect(await state()).toBe("pending");
    });

    it.each(["127.0.0.1", "localhost", "[::1]"])("is not reached by the agent through Envoy as %s", async (name) => {
      const { httpPort, operatorToken } = sluice.server;
      const headers = { host: `${name}:${httpPort}`, "x-sluice-token": agentToken, authorization: `Bearer ${operatorToken}` };
      expect(await send(headers, "/v1/approvals")).toMatchObject({ status: 403, reached: 0, error: { code: "destination_private" } });
    });

    it("differs from the operator, who approves it", async () => {
      const origin = `http://127.0.0.1:${sluice.server.httpPort}`;
      expect((await approve({ origin, "sec-fetch-site": "same-origin" })).status).toBe(200);
      expect(await state()).toBe("approved");
      expect(await send({ host: "asked.example.com", "x-sluice-token": agentToken })).toMatchObject({ status: 200, reached: 1 });
    });
  });
});

async function runCommand(...args: readonly string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, [join(ROOT, "src", "main.ts"), ...args], { cwd: ROOT });
  return stdout;
}
