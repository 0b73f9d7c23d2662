import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { ExplanationDraft } from "../../../src/authorize/explanations.ts";
import type { RuleExplanation } from "../../../src/core/explanation.ts";
import { API_ERRORS, type ApiErrorCode } from "../../../src/edge/http/api-errors.ts";
import { createOperatorClient } from "../../../src/edge/http/client.ts";
import { NOW, startServer, TOKENS } from "./start-server.ts";

const ID = "01JGQ4M8Z6T5X7V2C9B3N1K0RA";
const OTHERS = "01JGQ4M8Z6T5X7V2C9B3N1K0RB";
const OPERATORS = [
  { name: "author", token: TOKENS.author, roles: ["author"], tenants: ["default"] },
  { name: "ben", token: TOKENS.ben, roles: ["operator"], tenants: ["default"] },
  { name: "admin", token: TOKENS.admin, roles: ["admin"], tenants: "all" },
  { name: "ana", token: TOKENS.ana, roles: ["approver"], tenants: ["default"] },
  { name: "viewer", token: TOKENS.viewer, roles: ["viewer"], tenants: "all" },
  { name: "other", token: TOKENS.other, roles: ["author", "operator"], tenants: ["other"] },
] as const;

const RULE: RuleExplanation = {
  rule: "p/transfers",
  effect: "deny",
  shadow: false,
  guard: true,
  match: { fits: "true", permits: true, opens: true, dimensions: [{ dimension: "path", saw: "/a\u202eb", truth: "true" }] },
  conditions: [
    {
      mode: "maybe",
      applies: true,
      truth: "unknown",
      clauses: [
        [
          { operator: "eq", path: ["args", "to"], operand: "acct_1", sawKind: "absent", truth: "unknown" },
          { operator: "in", path: ["args", "from"], operand: { "a\u0000": true }, saw: "hmac:12", sawKind: "text", truth: "true" },
          { operator: "lt_f", path: ["args", "n"], operand: ["args", "max"], saw: 1, sawKind: "number", against: null, truth: "unknown" },
        ],
      ],
    },
  ],
  outcome: "decides",
};

function draft(decisionId: string, tenant: string): ExplanationDraft {
  const verdict = { decision: "deny", class: "policy", code: "denied_by_rule", rule: "p/transfers" } as const;
  return { decisionId, tenant, agent: "a-1", atMs: NOW, mode: "enforce", ...verdict, rules: [RULE] };
}

let server: Awaited<ReturnType<typeof startServer>>;
beforeEach(async () => {
  server = await startServer({ operators: OPERATORS });
  server.explanations.keep(draft(ID, "default"));
  server.explanations.keep(draft(OTHERS, "other"));
});
afterEach(() => server.close());

async function get(id: string, token: string | null) {
  const { status, text } = await server.send(`/v1/decisions/${id}/explanation`, { token });
  return { status, body: JSON.parse(text) };
}
const refusal = (code: ApiErrorCode) => ({ status: API_ERRORS[code].status, body: { error: { code, message: API_ERRORS[code].message } } });

describe("GET /v1/decisions/{id}/explanation", () => {
  it.each<[string, string, string | null, ApiErrorCode]>([
    ["nobody", ID, null, "credential_missing"],
    ["a viewer", ID, TOKENS.viewer, "role_missing"],
    ["an approver", ID, TOKENS.ana, "role_missing"],
    ["an author of another tenant, as if it were not there", ID, TOKENS.other, "explanation_unknown"],
    ["an author, of another tenant's decision", OTHERS, TOKENS.author, "explanation_unknown"],
    ["an admin, of a decision that was not explained", "01JGQ4M8Z6T5X7V2C9B3N1K0RC", TOKENS.admin, "explanation_unknown"],
    ["an admin, of what is no id", "__proto__", TOKENS.admin, "explanation_unknown"],
    ["an admin, of an id in another case", ID.toLowerCase(), TOKENS.admin, "explanation_unknown"],
  ])("refuses %s", async (_claim, id, token, code) => {
    expect(await get(id, token)).toEqual(refusal(code));
  });

  it("is the only thing at its address", async () => {
    expect((await server.send(`/v1/decisions/${ID}`, { token: TOKENS.admin })).status).toBe(404);
    expect((await server.send(`/v1/decisions/${ID}/explanation/x`, { token: TOKENS.admin })).status).toBe(404);
  });

  it.each([["an author", TOKENS.author] as const, ["an operator", TOKENS.ben] as const, ["an admin", TOKENS.admin] as const])(
    "tells %s what each rule saw, what won and what was unknown, every text escaped",
    async (_claim, token) => {
      const { status, body } = await get(ID, token);
      expect(status).toBe(200);
      const [clause] = RULE.conditions[0]?.clauses ?? [];
      expect(body).toEqual({
        decision_id: ID,
        tenant: "default",
        agent: "a-1",
        at: new Date(NOW).toISOString(),
        mode: "enforce",
        decision: "deny",
        class: "policy",
        code: "denied_by_rule",
        rule: "p/transfers",
        why: {
          because: "deny by p/transfers",
          unknowns: [
            { rule: "p/transfers", about: "args.to", found: "is absent", countsAs: true, in: "what restricts" },
            {
              rule: "p/transfers",
              about: "args.max",
              found: "is null, and args.n is held against it",
              countsAs: true,
              in: "what restricts",
            },
          ],
        },
        rules: [
          {
            ...RULE,
            match: { ...RULE.match, dimensions: [{ dimension: "path", saw: "/a\\u{202e}b", truth: "true" }] },
            conditions: [
              { ...RULE.conditions[0], clauses: [[clause?.[0], { ...clause?.[1], operand: { "a\\u{0}": true } }, clause?.[2]]] },
            ],
          },
        ],
        rules_left_out: 0,
      });
    },
  );
});

describe("the operators' client", () => {
  const clientOf = (token: string) => createOperatorClient({ server: `127.0.0.1:${server.port}`, token });

  it("reads an explanation", async () => {
    const result = await clientOf(TOKENS.author).explanation(ID);
    expect(result).toEqual({ kind: "ok", value: (await get(ID, TOKENS.author)).body });
  });

  it("tells that there is none, also of an id that would lead elsewhere", async () => {
    for (const id of [OTHERS, "../approvals", "a/b?c", ""]) {
      expect(await clientOf(TOKENS.author).explanation(id)).toMatchObject({
        kind: "refused",
        code: expect.stringMatching(/unknown|not_found/),
      });
    }
    expect(await clientOf(TOKENS.ana).explanation(ID)).toMatchObject({ kind: "refused", code: "role_missing" });
  });
});
