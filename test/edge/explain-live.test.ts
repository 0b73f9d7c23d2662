import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ExplanationView } from "../../src/edge/http/explanation-view.ts";
import type { CheckParts } from "../tools/check-request.ts";
import { type Asker, CANARIES, type Explaining, FIND, PAY, startExplaining, URGENT } from "./explained-calls.ts";

let explaining: Explaining;
beforeAll(async () => {
  explaining = await startExplaining();
});
afterAll(() => explaining?.stop());

async function explanationOf(parts: CheckParts) {
  const answer = await explaining.check(parts);
  const result = await explaining.sluice.operator.explanation(answer.id);
  if (result.kind !== "ok") throw new Error(`${result.code}: ${result.message}`);
  return { answer, view: result.value };
}

const without = ({ headers: { "x-sluice-explain": _asking, ...headers } = {}, ...parts }: CheckParts): CheckParts => ({
  ...parts,
  headers,
});
const ruleOf = ({ rules }: ExplanationView, id: string) => rules.find(({ rule }) => rule === id);

describe("a live call is not explained", () => {
  it.each<[string, CheckParts, Asker]>([
    ["when a trusted proxy does not ask", without(PAY), "trusted"],
    ["when a proxy asks that is trusted for other things", PAY, "plain"],
    ["when a proxy asks that proves nothing", PAY, "nobody"],
  ])("%s", async (_claim, parts, by) => {
    const { id } = await explaining.check(parts, by);
    expect(await explaining.sluice.operator.explanation(id)).toMatchObject({ kind: "refused", code: "explanation_unknown" });
    expect((await explaining.sluice.receipts()).find(({ decision_id }) => decision_id === id)).toMatchObject({ agent: "agent-1" });
  });
});

describe("a live call that a trusted proxy asks about", () => {
  it("is decided, answered and digested as without asking, and the header goes no further", async () => {
    const [asked, plain] = [await explaining.check(PAY), await explaining.check(without(PAY))];
    expect(asked.removed).toEqual(expect.arrayContaining(["x-sluice-explain", "x-sluice-token"]));
    expect({ ...asked, id: "", token: "", removed: [], responseHeaders: [], metadata: {} }).toEqual({
      ...plain,
      id: "",
      token: "",
      removed: [],
      responseHeaders: [],
      metadata: {},
    });
    const receipts = (await explaining.sluice.receipts()).filter(({ decision_id }) => decision_id === asked.id || decision_id === plain.id);
    const digests = receipts.map(({ call }) => (call as { readonly digest: string }).digest);
    expect(digests).toEqual([digests[0], digests[0]]);
  });

  it("tells of an allowed one what permitted and what each test saw", async () => {
    const { answer, view } = await explanationOf(PAY);
    expect(view).toMatchObject({
      decision_id: answer.id,
      tenant: "default",
      agent: "agent-1",
      mode: "enforce",
      decision: "allow",
      class: null,
      code: null,
      rule: "bank/small",
      why: { because: "allow by bank/small", unknowns: [] },
      rules_left_out: 0,
    });
    const hmac = expect.stringMatching(/^hmac:[0-9a-f]{64}$/);
    expect(ruleOf(view, "bank/small")).toMatchObject({
      outcome: "decides",
      match: { fits: "true", dimensions: [{ dimension: "tool", saw: "bank.transfer", truth: "true" }] },
      conditions: [
        {
          mode: "sure",
          truth: "true",
          clauses: [
            [
              { path: ["amount"], saw: { currency: "usd", micros: 40_000_000 }, sawKind: "map", truth: "true" },
              { operator: "prefix", path: ["args", "to"], operand: "acct_", saw: hmac, sawKind: "text", truth: "true" },
            ],
          ],
        },
      ],
    });
    expect(ruleOf(view, "bank/blocked")).toMatchObject({
      outcome: "does_not_apply",
      match: { dimensions: expect.arrayContaining([{ dimension: "group", saw: ["payers"], truth: "true" }]) },
      conditions: [{ clauses: [[{ path: ["args", "memo"], operand: ["args", "to"], saw: hmac, against: hmac, truth: "false" }]] }],
    });
  });

  it("tells of a denied one what won over what", async () => {
    const { view } = await explanationOf(URGENT);
    expect(view).toMatchObject({
      decision: "deny",
      class: "policy",
      code: "urgent_note",
      rule: "bank/urgent",
      why: { because: "deny by bank/urgent wins over allow by bank/small" },
    });
  });

  it("tells of a sanitized one what was taken out by which rule, and what was absent", async () => {
    const { answer, view } = await explanationOf(FIND);
    expect(answer.metadata).toMatchObject({ decision: "sanitize" });
    expect(view).toMatchObject({
      decision: "sanitize",
      rule: "search/find",
      why: { because: expect.stringContaining("taken out by search/no-ssn") },
    });
    const path = ruleOf(view, "search/find")?.match.dimensions.find(({ dimension }) => dimension === "path");
    expect(path).toMatchObject({ dimension: "path", saw: "/find/x", truth: "true" });
  });

  it("tells of one that waits for an approval what asks, and after it that it was given", async () => {
    const large = { ...PAY, body: JSON.stringify({ to: CANARIES.to, memo: CANARIES.memo, cents: 900_000, ref: "r-1" }) };
    const { answer, view } = await explanationOf(large);
    expect(view).toMatchObject({ decision: "approval_needed", rule: "bank/large", why: { because: "approval_needed by bank/large" } });
    const { approval } = answer.error ?? {};
    const id = (approval as { readonly id: string }).id;
    expect(await explaining.sluice.operator.approve(id, null)).toMatchObject({ kind: "ok", value: { status: "approved" } });
    const passed = await explanationOf(large);
    const because = "approval_needed by bank/large, and the approval was given";
    expect(passed.view).toMatchObject({ decision: "allow", class: null, code: null, rule: "bank/large", why: { because } });
  });

  it("tells of one that was refused before the rules that it was", async () => {
    const { view } = await explanationOf({ ...PAY, body: "{" });
    expect(view).toMatchObject({
      code: "body_unreadable",
      rules: [],
      why: { because: expect.stringContaining("before the rules, body_unreadable") },
    });
  });

  it("shows no argument, header, query value or token", async () => {
    for (const parts of [PAY, URGENT, FIND, { ...PAY, body: `{"to":7,"memo":["${CANARIES.memo}"],"cents":"${CANARIES.to}"}` }]) {
      const { answer, view } = await explanationOf(parts);
      const text = JSON.stringify(view);
      for (const canary of Object.values(CANARIES)) expect(text).not.toContain(canary);
      expect(text).not.toContain(answer.token);
      expect(text).not.toContain("eyJ");
      expect(text).not.toContain("x-sluice-explain");
    }
  });

  it("is kept in memory alone, and of the newest hundred", async () => {
    const { answer } = await explanationOf(PAY);
    for (let made = 0; made < 100; made++) await explaining.check(FIND);
    expect(await explaining.sluice.operator.explanation(answer.id)).toMatchObject({ kind: "refused", code: "explanation_unknown" });
  });
});
