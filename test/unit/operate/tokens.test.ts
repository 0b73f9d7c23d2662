import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { loadIssuers } from "../../../src/identity/load-issuers.ts";
import { TOKEN_TYPES_DEFAULT } from "../../../src/identity/settings.ts";
import { inspectToken } from "../../../src/operate/inspect-token.ts";
import { issueToken, type TokenRequest } from "../../../src/operate/issue-token.ts";
import { makeKey } from "../../../src/operate/make-key.ts";
import { createKeyFiles } from "../../../src/platform/key-files.ts";

const NOW_MS = 1_800_000_000_500;
const folder = mkdtempSync(join(tmpdir(), "sluice-operate-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const keyFiles = createKeyFiles({ demo: false });
const made = await makeKey(keyFiles, { use: "agents", file: join(folder, "agents.jwk") });
const key = await keyFiles.read(made.file, "agents");
const configured = [{ issuer: "sluice:local", audience: "sluice", keys: made.publicFile, types: [...TOKEN_TYPES_DEFAULT] }];
const { issuers } = loadIssuers({ tenants: new Map([["default", { identity: { issuers: configured } }]]), acceptDemoKeys: false });

const issue = (request: Partial<TokenRequest> = {}) =>
  issueToken({
    key,
    issuer: "sluice:local",
    audience: "sluice",
    agent: "agent-1",
    tenant: "default",
    lifetimeMs: 60_000,
    nowMs: NOW_MS,
    ...request,
  });
const inspect = (token: string, nowMs = NOW_MS) =>
  inspectToken(token, { issuers, tokenMaxLifetimeMs: 3_600_000, clockSkewMs: 5_000, nowMs });

describe("makeKey", () => {
  it("tells where both halves are", () => {
    const files = { file: join(folder, "agents.jwk"), publicFile: join(folder, "agents.jwks.json"), pemFile: null };
    expect(made).toEqual({ kid: key.kid, use: "agents", ...files });
    expect(readFileSync(made.publicFile, "utf8")).not.toContain('"d"');
  });
});

describe("issueToken", () => {
  it.each([
    ["an agent outside the grammar", { agent: "agent 1" }, "claim_invalid"],
    ["a scope of another grammar", { scope: ["openid"] }, "claim_invalid"],
    ["too many actors", { subject: "ana", actors: ["b", "c", "d", "e"] }, "actors_too_deep"],
    ["no lifetime", { lifetimeMs: 900 }, "less than a second"],
  ])("refuses %s", async (_, request, message) => {
    await expect(issue(request)).rejects.toThrow(message);
  });

  it("signs what the server reads back whole", async () => {
    const token = await issue({
      subject: "ana",
      actors: ["planner-7", "planner-1"],
      roles: ["payments"],
      groups: ["treasury"],
      scope: ["tool:stripe.*", "host:api.stripe.com"],
      labels: { team: "core" },
      session: "s-1",
      agentVersion: "1.2",
      epoch: 2,
    });
    const { header, claims, verdict } = inspect(token);
    expect(header).toEqual({ alg: "EdDSA", typ: "sluice-agent+jwt", kid: key.kid });
    expect(claims).toMatchObject({
      iss: "sluice:local",
      aud: "sluice",
      iat: 1_800_000_000,
      exp: 1_800_000_060,
      tenant: "default",
      epoch: 2,
    });
    expect(verdict).toEqual({
      kind: "accepted",
      expiresAtMs: 1_800_000_060_000,
      caller: {
        tenant: "default",
        agent: "agent-1",
        subject: "ana",
        actors: ["planner-7", "planner-1"],
        roles: ["payments"],
        groups: ["treasury"],
        scope: ["tool:stripe.*", "host:api.stripe.com"],
        labels: { team: "core" },
        session: "s-1",
        agentVersion: "1.2",
        issuer: "sluice:local",
        tokenId: expect.stringMatching(/^[0-9A-Z]{26}$/),
        credential: "agent_token",
        issuedAt: 1_800_000_000,
      },
    });
  });

  it("signs an empty scope as one that reaches nothing, and none as none", async () => {
    expect(inspect(await issue({ scope: [] })).verdict).toMatchObject({ caller: { scope: [] } });
    expect(inspect(await issue()).verdict).toMatchObject({ caller: { scope: null, subject: null } });
  });
});

describe("inspectToken", () => {
  it.each([
    ["expired", 60_000, "expired"],
    ["from the future", -10_000, "issued_in_future"],
  ])("says of a token that it is %s", async (_, laterMs, reason) => {
    const { claims, verdict } = inspect(await issue(), NOW_MS + laterMs);
    expect(claims).toMatchObject({ sub: "agent-1" });
    expect(verdict).toEqual({ kind: "refused", reason });
  });

  it("shows what a token says that nobody signed", async () => {
    const other = await keyFiles.make(join(folder, "other.jwk"), "agents");
    const forged = await issue({ key: { ...other, kid: key.kid } });
    expect(inspect(forged)).toMatchObject({ claims: { sub: "agent-1" }, verdict: { kind: "refused", reason: "signature" } });
  });

  it("shows nothing of what is no token", () => {
    expect(inspect("x.y")).toEqual({ header: null, claims: null, verdict: { kind: "refused", reason: "malformed" } });
  });
});
