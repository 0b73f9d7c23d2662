import { createHash, createHmac } from "node:crypto";
import canonicalize from "canonicalize";
import { describe, expect, it } from "vitest";
import { type BoundInput, digestBound } from "../../../src/authorize/digest-bound.ts";
import type { Json } from "../../../src/core/intent.ts";
import { createUnderstanding } from "../../../src/understanding/create-understanding.ts";
import { makeCall } from "../understanding/make-call.ts";

const pseudonyms = { hmacHex: (text: string) => createHmac("sha256", "key").update(text).digest("hex") };

function input(rest: Partial<BoundInput> = {}, args: Readonly<Record<string, Json>> = { to: "acct_1", amount: 900000 }): BoundInput {
  const understood = createUnderstanding({ catalogue: [], reads: [], namedHosts: new Set() })(makeCall());
  if (understood.kind === "refused") throw new Error(understood.detail);
  return {
    caller: { tenant: "default", agent: "finance-1", subject: null },
    method: "POST",
    intent: { ...understood.intent, tool: { kind: "known", name: "stripe.pay" }, args },
    rule: "payments/large",
    bind: ["amount", "to"],
    pseudonyms,
    ...rest,
  };
}

describe("what a grant is bound to", () => {
  it("is the SHA-256 of an RFC 8785 text whose arguments are hidden", () => {
    const text = canonicalize({
      v: 1,
      kind: "bound",
      tenant: "default",
      agent: "finance-1",
      subject: null,
      rule: "payments/large",
      tool: "stripe.pay",
      method: "POST",
      scheme: "https",
      host: "api.example.com",
      port: 443,
      args: pseudonyms.hmacHex('{"amount":900000,"to":"acct_1"}'),
    });
    expect(digestBound(input())).toBe(
      createHash("sha256")
        .update(text ?? "")
        .digest("hex"),
    );
  });

  it("is the same whatever the other arguments are, and in whatever order they are named", () => {
    expect(digestBound(input({ bind: ["to", "amount"] }))).toBe(digestBound(input()));
    expect(digestBound(input({}, { amount: 900000, to: "acct_1", memo: "x" }))).toBe(digestBound(input()));
  });

  const known = input().intent;
  it.each<[string, BoundInput]>([
    ["tenant", input({ caller: { tenant: "other", agent: "finance-1", subject: null } })],
    ["agent", input({ caller: { tenant: "default", agent: "finance-2", subject: null } })],
    ["subject", input({ caller: { tenant: "default", agent: "finance-1", subject: "ana" } })],
    ["rule", input({ rule: "payments/other" })],
    ["tool", input({ intent: { ...known, tool: { kind: "known", name: "stripe.refund" } } })],
    ["method", input({ method: "PUT" })],
    ["scheme", input({ intent: { ...known, target: { ...known.target, scheme: "http" } } })],
    ["host", input({ intent: { ...known, target: { ...known.target, hostname: "api.example.net" } } })],
    ["port", input({ intent: { ...known, target: { ...known.target, port: 8443 } } })],
    ["argument", input({}, { to: "acct_2", amount: 900000 })],
    ["argument's type", input({}, { to: "acct_1", amount: "900000" })],
    ["argument's name", input({ bind: ["to", "sum"] }, { to: "acct_1", sum: 900000 })],
  ])("is another for another %s", (_, other) => {
    expect(digestBound(other)).toMatch(/^[0-9a-f]{64}$/);
    expect(digestBound(other)).not.toBe(digestBound(input()));
  });

  it.each<[string, BoundInput]>([
    ["an absent argument", input({}, { to: "acct_1" })],
    ["an unknown argument", input({}, { to: "acct_1", amount: null })],
    ["an argument that only a prototype has", input({ bind: ["constructor"] })],
    ["a tool of none", input({ intent: { ...known, tool: { kind: "none" } } })],
    ["an unknown tool", input({ intent: { ...known, tool: { kind: "unknown" } } })],
    ["a hidden tool", input({ intent: { ...known, tool: { kind: "undetermined", possible: ["stripe.pay"] } } })],
  ])("is nothing less than the whole call for %s", (_, bound) => {
    expect(digestBound(bound)).toBe(null);
  });
});
