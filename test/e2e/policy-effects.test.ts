import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createOperatorClient, type OperatorClient } from "../../src/edge/http/client.ts";
import type { TokenRequest } from "../../src/operate/issue-token.ts";
import { type AgentAnswer, type AgentCall, callEnvoy } from "../tools/call-envoy.ts";
import { needTool } from "../tools/need-tool.ts";
import { type Envoy, startEnvoy } from "../tools/start-envoy.ts";
import { PROXY_SECRET, type Sluice, startSluice } from "../tools/start-sluice.ts";
import { headerOf, startUpstream, type Upstream, type UpstreamRequest } from "../tools/start-upstream.ts";
import { EFFECT_POLICIES } from "./effect-policies.ts";

const envoyPath = await needTool("envoy");
const JSON_TYPE = { "content-type": "application/json" };
const FORM_TYPE = { "content-type": "application/x-www-form-urlencoded" };
const PEOPLE = ["ana", "ben", "ivy"] as const;

type Asked = Omit<AgentCall, "token"> & { readonly agent: string; readonly claims?: Partial<TokenRequest> };

describe.skipIf(envoyPath === null)("what a ruling makes happen, through a real Envoy", () => {
  let folder: string;
  let sluice: Sluice;
  let upstream: Upstream;
  let envoy: Envoy;
  let operators: Readonly<Record<(typeof PEOPLE)[number], OperatorClient>>;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "sluice-people-"));
    const tokenOf = (name: string) => `${name}-token-0123456789`;
    for (const name of PEOPLE) await writeFile(join(folder, name), tokenOf(name));
    const config = {
      operators: PEOPLE.map((name) => ({ name, token: { file: join(folder, name) }, roles: ["approver"], tenants: ["default"] })),
      // Ben is of treasury by the policies' own groups alone; Ivy would be, and is excluded.
      people: PEOPLE.map((name) => ({ name, operator: name, groups: name === "ben" ? [] : ["treasury"] })),
    };
    [sluice, upstream] = await Promise.all([startSluice({ policies: EFFECT_POLICIES, config }), startUpstream()]);
    const client = (name: string) => createOperatorClient({ server: `127.0.0.1:${sluice.server.httpPort}`, token: tokenOf(name) });
    operators = { ana: client("ana"), ben: client("ben"), ivy: client("ivy") };
    envoy = await startEnvoy({ file: "sidecar", sluice: sluice.grpcAddress, upstream: upstream.address, secret: PROXY_SECRET });
  });
  afterAll(async () => {
    await envoy?.stop();
    await upstream?.stop();
    await sluice?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  async function call({ agent, claims, ...rest }: Asked): Promise<AgentAnswer> {
    return callEnvoy(envoy.listenerPort, { ...rest, token: await sluice.issue(agent, claims) });
  }

  async function received(asked: Asked): Promise<{ readonly answer: AgentAnswer; readonly request: UpstreamRequest }> {
    const before = upstream.requests.length;
    const answer = await call(asked);
    expect([answer.status, answer.error]).toEqual([200, null]);
    const request = upstream.requests[before];
    if (request === undefined) throw new Error("the upstream got nothing");
    return { answer, request };
  }

  async function refused(asked: Asked): Promise<AgentAnswer> {
    const before = upstream.requests.length;
    const answer = await call(asked);
    expect(upstream.requests.length).toBe(before);
    return answer;
  }

  async function receiptOf(answer: AgentAnswer) {
    const found = (await sluice.receipts()).find((receipt) => receipt["decision_id"] === answer.id);
    if (found === undefined) throw new Error("no receipt");
    return found;
  }

  const thing = (path: string, more: Partial<Asked> = {}): Asked => ({ agent: "a-1", host: "api.example.com", path, ...more });

  describe("headers", () => {
    it("carry verified facts of the caller, whatever the agent says of itself", async () => {
      const headers = { "x-team": "root", "x-caller": "agent root", "x-debug": "1", "x-keep": "2" };
      const { answer, request } = await received(thing("/", { headers, claims: { labels: { team: "finance" } } }));
      expect(answer.decision).toBe("allow");
      const names = ["x-team", "x-caller", "x-from", "x-debug", "x-keep", "x-sluice-token"];
      expect(names.map((name) => [name, headerOf(request, name)])).toEqual([
        ["x-team", "finance"],
        ["x-caller", "agent a-1 for default"],
        ["x-from", "sluice"],
        ["x-debug", null],
        ["x-keep", "2"],
        ["x-sluice-token", null],
      ]);
      const { obligations } = await receiptOf(answer);
      expect(obligations).toEqual(
        expect.arrayContaining(["remove_header:x-debug", "set_header:x-caller", "set_header:x-from", "set_header:x-team"]),
      );
      expect(JSON.stringify(obligations)).not.toContain("finance");
    });

    it("are taken off where the fact they would carry is absent", async () => {
      const { answer, request } = await received(thing("/", { headers: { "x-team": "root" } }));
      expect(headerOf(request, "x-team")).toBeNull();
      expect(headerOf(request, "x-caller")).toBe("agent a-1 for default");
      expect((await receiptOf(answer))["obligations"]).toContain("remove_header:x-team");
    });
  });

  describe("a place in the body that would have to be redacted", () => {
    const post = (body: string, headers: Readonly<Record<string, string>>) => thing("/notes", { method: "POST", headers, body });

    it.each([
      ["JSON", post('{"metadata":{"notes":"private"}}', JSON_TYPE)],
      ["JSON in another spelling", post('{"Metadata":{"no\\u0074es":"private"}}', JSON_TYPE)],
      ["a form", post("a=1&ssn=2", FORM_TYPE)],
      ["text", post("notes", { "content-type": "text/plain" })],
    ])("refuses the call: in %s", async (_, asked) => {
      const answer = await refused(asked);
      expect([answer.status, answer.error?.["code"], answer.error?.["rule"]]).toEqual([403, "sanitizer_not_declared", "effects/notes"]);
    });

    it("changes nothing where there is no body", async () => {
      const { answer } = await received(thing("/notes"));
      expect(answer.decision).toBe("allow");
    });

    it("refuses the call where it would be in the answer", async () => {
      expect((await refused(thing("/answers"))).error?.["code"]).toBe("sanitizer_not_declared");
    });
  });

  describe("an approval by two persons, bound to an argument", () => {
    const transfer = (to: string, sum: number, more: object = {}): Asked => ({
      agent: "mover-1",
      method: "POST",
      host: "bank.example.com",
      path: "/transfers",
      headers: JSON_TYPE,
      body: JSON.stringify({ to, sum, ...more }),
    });
    const idOf = (answer: AgentAnswer) => {
      const approval = answer.error?.["approval"];
      return typeof approval === "object" && approval !== null && "id" in approval ? String(approval.id) : "";
    };

    it("passes once after both, and for what it is bound to", async () => {
      const asked = await refused(transfer("acct_1", 100));
      const id = idOf(asked);
      expect(asked.error).toMatchObject({
        decision: "approval_needed",
        code: "transfer_needs_two",
        message: "Agent mover-1 may transfer when two people agree.",
        approval: { status: "pending", given: 0, needed: 2 },
      });
      expect(await operators.ivy.approve(id, "fine")).toMatchObject({ kind: "refused", code: "is_excluded" });
      expect(await operators.ana.approve(id, null)).toMatchObject({ kind: "refused", code: "approval_reason_missing" });
      expect(await operators.ana.approve(id, "as agreed")).toMatchObject({ kind: "ok", value: { status: "pending", given: 1, count: 2 } });
      expect(await operators.ana.approve(id, "again")).toMatchObject({ kind: "refused", code: "approval_said_already" });
      const half = await refused(transfer("acct_1", 100));
      expect([idOf(half), half.error?.["approval"]]).toMatchObject([id, { status: "pending", given: 1, needed: 2 }]);
      expect(half.body).not.toContain("ana");
      expect(await operators.ben.approve(id, "invoice seen")).toMatchObject({
        kind: "ok",
        value: { status: "approved", given: 2, approvers: ["ana", "ben"], bind: ["to"] },
      });
      expect(idOf(await refused(transfer("acct_2", 100)))).not.toBe(id);
      const { answer, request } = await received(transfer("acct_1", 250, { memo: "late" }));
      expect([answer.decision, request.body]).toEqual(["allow", JSON.stringify({ to: "acct_1", sum: 250, memo: "late" })]);
      expect(await receiptOf(answer)).toMatchObject({ approval: { id, grant: true, approvers: ["ana", "ben"] } });
      expect(idOf(await refused(transfer("acct_1", 100)))).not.toBe(id);
      const transitions = (await sluice.receipts()).flatMap(({ approval, kind }) =>
        kind === "approval" && typeof approval === "object" && approval !== null && "id" in approval && approval["id"] === id
          ? [`${approval["state"]} by ${approval["by"]}: ${approval["reason"]}`]
          : [],
      );
      expect(transitions).toEqual([
        "pending by null: null",
        "pending by ana: as agreed",
        "approved by ben: invoice seen",
        "consumed by null: null",
      ]);
    });

    it("lets one of two simultaneous repeats pass", async () => {
      const id = idOf(await refused(transfer("acct_3", 1)));
      await Promise.all([operators.ana.approve(id, "yes"), operators.ben.approve(id, "yes")]);
      const both = await Promise.all([call(transfer("acct_3", 1)), call(transfer("acct_3", 2))]);
      expect(both.map(({ decision }) => decision).sort()).toEqual(["allow", "approval_needed"]);
    });
  });

  describe("a rule on the usage of limits", () => {
    const metered = (agent: string): Asked => thing("/metered", { agent });
    const buy = (agent: string, cents: number, more: Partial<Asked> = {}): Asked => ({
      agent,
      method: "POST",
      host: "shop.example.com",
      path: "/buy",
      headers: FORM_TYPE,
      body: `price=${cents}&currency=usd`,
      ...more,
    });

    it("denies before the limit is reached, each agent for itself", async () => {
      for (const _each of [1, 2]) await received(metered("m-1"));
      const answer = await refused(metered("m-1"));
      expect([answer.status, answer.error?.["code"], answer.error?.["rule"]]).toEqual([403, "nearly_used_up", "effects/nearly-used-up"]);
      await received(metered("m-2"));
    });

    it("sees what another member of a group of the policies' files has spent", async () => {
      await received(buy("buyer-1", 6_000));
      expect((await refused(metered("buyer-2"))).error?.["code"]).toBe("nearly_used_up");
      expect((await refused(buy("buyer-2", 4_100))).error).toMatchObject({ class: "budget", code: "budget_exceeded", rule: "spend/day" });
      await received(buy("buyer-2", 4_000));
      await received(buy("visitor-1", 9_000, { claims: { groups: ["guests"] } }));
    });
  });
});
