import { createServer, type Server } from "node:http";
import { afterEach, describe, expect, it } from "vitest";
import type { Call } from "../../src/core/call.ts";
import type { Decision, DecisionFacts } from "../../src/core/decision.ts";
import type { DemoServer, StartDemoEnvoy } from "../../src/edge/cli/demo/demo-parts.ts";
import { runDemo } from "../../src/edge/cli/demo/run-demo.ts";
import { needTool } from "../tools/need-tool.ts";
import { startEnvoy } from "../tools/start-envoy.ts";
import { startScriptedSluice } from "../tools/start-scripted-sluice.ts";

const envoy = await needTool("envoy");
const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

let decisions = 0;
const facts = (): DecisionFacts => {
  decisions += 1;
  return {
    id: `d${decisions}`,
    tenant: "default",
    agent: null,
    policyName: null,
    policyRevision: null,
    shadow: null,
    costMicros: null,
    hold: null,
  };
};
const UNCHANGED = { path: null, authority: null, set: [], remove: ["x-sluice-token"] };
const refusal = (code: string) => ({ code, message: `why ${code}`, hint: "", rule: null, facts: facts() });
const allow = (): Decision => ({ kind: "allow", rule: null, changes: UNCHANGED, facts: facts() });
const ask = (id: string): Decision => ({
  ...refusal("payment_over_ceiling"),
  kind: "approval_needed",
  approval: { id, status: "pending", url: null, poll: null, expiresAtMs: 0, given: 0, needed: 1 },
});

type DemoState = { approved: boolean; yeses: Set<string>; balances: number };

/** Decides as the example policies would, as far as the demo's calls go. */
function decideDemo(state: DemoState) {
  return (call: Call): Decision => {
    if (call.headers.get("x-sluice-token") === undefined) {
      return { ...refusal("token_missing"), kind: "deny", class: "identity", challenge: { to: "agent", withError: false } };
    }
    if (call.authority === "ehr.clinic.internal") {
      const set = [{ name: "x-note", value: "the number is ***********" }];
      return { kind: "sanitize", rule: null, changes: { ...UNCHANGED, path: "/patients/search?page=2", set }, facts: facts() };
    }
    if (call.authority !== "api.stripe.com") return { ...refusal("no_matching_rule"), kind: "deny", class: "policy", approval: null };
    if (call.target === "/v1/balance") {
      state.balances += 1;
      return state.balances <= 5 ? allow() : { ...refusal("rate_exceeded"), kind: "deny", class: "limit", retryAfterMs: 12_000 };
    }
    const body = call.body.kind === "full" ? Buffer.from(call.body.bytes).toString() : "";
    if (!body.startsWith("amount=900000")) return allow();
    if (!state.approved) return ask("apr_1");
    state.approved = false;
    return allow();
  };
}

async function startOperators(state: DemoState): Promise<string> {
  const server: Server = createServer((request, response) => {
    const isYes = request.url === "/v1/approvals/apr_1:approve" && /^Bearer (ana|bob)$/.test(request.headers.authorization ?? "");
    if (isYes) state.yeses.add(request.headers.authorization ?? "");
    state.approved = state.yeses.size === 2;
    const call = { method: "POST", host: "h", path: "/", tool: null, digest: "d" };
    const who = { tenant: "default", agent: "finance-1", subject: null, rule: "r", code: "c", reason: null, summary: null };
    const life = { approvers: [], rejected_reason: null, created_at: "", expires_at: "", use_by: null, from: [], count: 1 };
    const asked = { people: [], exclude: [], given: 0, note: "optional", bind: null };
    response.writeHead(200, { "content-type": "application/json" });
    response.end(JSON.stringify({ id: "apr_1", status: state.approved ? "approved" : "pending", call, ...who, ...life, ...asked }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  ends.push(() => new Promise((resolve) => server.close(resolve)));
  const bound = server.address();
  return `http://127.0.0.1:${typeof bound === "object" ? bound?.port : ""}`;
}

async function demo(start: StartDemoEnvoy | null, change: Partial<DemoServer> = {}) {
  const state: DemoState = { approved: false, yeses: new Set(), balances: 0 };
  const sluice = await startScriptedSluice(decideDemo(state));
  ends.push(sluice.stop);
  const lines: string[] = [];
  const server: DemoServer = {
    grpcAddress: sluice.address,
    operatorUrl: await startOperators(state),
    operatorTokenFile: ".sluice/demo/operator.token",
    approverTokens: ["ana", "bob"],
    proxySecret: "s3cret",
    issueToken: async (agent) => ({ token: `token-of-${agent}`, file: `.sluice/demo/${agent}.token` }),
    findReceipt: async (id) => ({ rule: `rule-of-${id}`, us: 42 }),
    verifyReceipts: async () => ({ ok: true, text: "14 receipts, unbroken" }),
    ...change,
  };
  const out = (text: string) => void lines.push(text);
  const { ok } = await runDemo({ server, startEnvoy: start, out, isColored: false, untilStopped: null });
  return { ok, text: lines.join(""), asked: sluice.asked };
}

const realEnvoy: StartDemoEnvoy = ({ sluice, upstream, secret }) => startEnvoy({ file: "sidecar", sluice, upstream, secret });

describe("the demo without Envoy", () => {
  it("fails when a decision is another than expected", async () => {
    const { ok, text } = await demo(null, { approverTokens: ["ana", "ana"] });
    expect(ok).toBe(false);
    expect(text).toContain("✗ pay $9,000 again");
  });

  it("fails when the receipts do not verify", async () => {
    expect((await demo(null, { verifyReceipts: async () => ({ ok: false, text: "broken" }) })).ok).toBe(false);
  });

  it("asks Sluice for every call and says that nothing is forwarded", async () => {
    const { ok, text, asked } = await demo(null);
    expect(ok).toBe(true);
    expect(text.match(/not forwarded/g)?.length).toBe(8);
    expect(text).not.toContain("✗");
    expect(new Set(asked.map(({ secret }) => secret))).toEqual(new Set(["s3cret"]));
    const body = asked[0]?.call.body;
    expect(body?.kind === "full" ? Buffer.from(body.bytes).toString() : body).toBe("amount=4000&currency=usd&destination=acct_demo");
    expect(text).not.toContain("token-of-");
  });
});

describe.skipIf(envoy === null)("the demo through a real Envoy", () => {
  it("shows each decision, what the upstream received, and lines to try", async () => {
    const { ok, text } = await demo(realEnvoy);
    expect(text).not.toContain("✗");
    expect(ok).toBe(true);
    for (const word of [
      "allow",
      "deny identity",
      "approval_needed",
      "deny policy",
      "sanitize",
      "deny limit",
      "retry-after: 12",
      "rule-of-d",
    ]) {
      expect(text).toContain(word);
    }
    expect(text).toContain("/patients/search?page=2\n");
    expect(text).toContain("x-note: the number is ***********\n");
    expect(text).not.toContain("536-22-8145");
    expect(text.match(/^ {2}curl /gm)?.length).toBe(4);
    expect(text).toContain("receipts: 14 receipts, unbroken\n");
  });
});
