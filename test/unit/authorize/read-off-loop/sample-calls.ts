import type { Call } from "../../../../src/core/call.ts";
import type { CatalogueEntry } from "../../../../src/core/catalogue.ts";
import type { PreparedPolicy } from "../../../../src/core/policy.ts";
import { UNAUTHENTICATED } from "../../../../src/core/proxy.ts";

const NOTHING = { amount: null, model: null, cost: null, schema: null } as const;
const HOST = "api.pay.example";
const literal = (text: string) => [{ kind: "literal", text } as const];

const CATALOGUE: readonly CatalogueEntry[] = [
  {
    ...NOTHING,
    tool: "pay.form",
    method: "POST",
    host: HOST,
    path: literal("form"),
    body: "form",
    args: [
      { name: "amount", from: { kind: "form", key: "amount" }, type: "integer", record: true },
      { name: "note", from: { kind: "form", key: "note" }, type: "string", record: false },
    ],
    amount: { argument: "amount", unit: "minor", currency: { kind: "fixed", code: "usd" } },
  },
  {
    ...NOTHING,
    tool: "pay.json",
    method: "POST",
    host: HOST,
    path: literal("json"),
    body: "json",
    args: [
      { name: "amount", from: { kind: "json", path: ["amount"] }, type: "integer", record: true },
      { name: "to", from: { kind: "json", path: ["to"] }, type: "string", record: true },
      { name: "model", from: { kind: "json", path: ["model"] }, type: "string", record: false },
      { name: "constructor", from: { kind: "json", path: ["constructor"] }, type: "any", record: false },
      { name: "items", from: { kind: "json", path: ["items"] }, type: "any", record: false },
    ],
    amount: { argument: "amount", unit: "major", currency: { kind: "fixed", code: "usd" } },
    model: "model",
    schema: {
      type: "object",
      required: ["amount"],
      properties: { amount: { type: "integer", maximum: 1000 }, model: { pattern: "^[a-z0-9-]+$" } },
    },
  },
];

export const READING: Pick<PreparedPolicy, "catalogue" | "reads" | "namedHosts"> = {
  catalogue: CATALOGUE,
  reads: [{ host: "*", body: true, detectors: ["pii.card", "pii.ssn"] }],
  namedHosts: new Set(),
};

export type BodyText = { readonly type: "json" | "form"; readonly text: string; readonly headers?: Readonly<Record<string, string>> };

export function callWith({ type, text, headers = {} }: BodyText): Call {
  const contentType = type === "json" ? "application/json" : "application/x-www-form-urlencoded";
  // A part of something longer, as messages of the wire are.
  const bytes = Buffer.from(`...${text}...`).subarray(3, -3);
  return {
    method: "POST",
    scheme: "https",
    authority: HOST,
    target: `/${type}`,
    headers: new Map([["content-type", contentType], ["x-sluice-token", "a token"], ...Object.entries(headers)]),
    repeated: new Set(),
    body: { kind: "full", bytes },
    protocol: "HTTP/1.1",
    principal: null,
    context: {},
    proxy: UNAUTHENTICATED,
    proxyRequestId: "1",
    traceparent: null,
  };
}

export const LONG_JSON = JSON.stringify({ amount: 40, model: "gpt-5", to: "acct_1", filling: "x".repeat(70_000) });
