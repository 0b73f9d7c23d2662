import { describe, expect, it } from "vitest";
import type { Tool } from "../../../src/core/intent.ts";
import { isInScope } from "../../../src/identity/scope.ts";

const NONE: Tool = { kind: "none" };
const UNKNOWN: Tool = { kind: "unknown" };
const UNDETERMINED: Tool = { kind: "undetermined", possible: ["stripe.pay"] };
const known = (name: string): Tool => ({ kind: "known", name });

describe("isInScope", () => {
  it.each<[string, readonly string[] | null, Tool, string, boolean]>([
    ["refuses everything for an empty scope", [], known("stripe.pay"), "api.stripe.com", false],
    ["refuses another tool", ["tool:stripe.pay"], known("stripe.refund"), "api.stripe.com", false],
    ["refuses a tool that only begins the same", ["tool:stripe.pay"], known("stripe.payout"), "api.stripe.com", false],
    ["refuses an unknown tool by its star", ["tool:*"], UNKNOWN, "api.stripe.com", false],
    ["refuses an unknown tool named unknown", ["tool:unknown"], UNKNOWN, "api.stripe.com", false],
    ["refuses a call without a tool by a tool", ["tool:*"], NONE, "api.stripe.com", false],
    ["refuses a hidden tool, though it could be the one", ["tool:stripe.pay"], UNDETERMINED, "api.stripe.com", false],
    ["refuses a tool named like a host", ["host:stripe.pay"], known("stripe.pay"), "api.stripe.com", false],
    ["refuses a host below the named one", ["host:stripe.com"], NONE, "api.stripe.com", false],
    ["refuses a host that only begins the same", ["host:api.stripe.com"], NONE, "api.stripe.com.evil.example", false],
    ["refuses another port", ["host:api.stripe.com"], NONE, "api.stripe.com:8443", false],
    ["reaches everything without a scope", null, UNKNOWN, "api.stripe.com", true],
    ["reaches the tool", ["tool:a", "tool:stripe.pay"], known("stripe.pay"), "api.stripe.com", true],
    ["reaches tools that begin so", ["tool:stripe.*"], known("stripe.pay"), "api.stripe.com", true],
    ["reaches the host with a known tool", ["host:api.stripe.com"], known("stripe.pay"), "api.stripe.com", true],
    ["reaches the host with an unknown tool", ["host:api.stripe.com"], UNKNOWN, "api.stripe.com", true],
    ["reaches the host in another case", ["host:API.Stripe.com"], NONE, "api.stripe.com", true],
    ["reaches hosts that begin so", ["host:api.*"], NONE, "api.stripe.com", true],
    ["reaches every host", ["host:*"], UNDETERMINED, "api.stripe.com", true],
  ])("%s", (_, scope, tool, host, expected) => {
    expect(isInScope(scope, tool, host)).toBe(expected);
  });
});
