import type { DemoRequest } from "./demo-parts.ts";

export type Expectation = { readonly decision: "allow" | "sanitize" | "approval_needed" | "deny"; readonly class: string | null };

export type DemoStep =
  | {
      readonly kind: "call";
      readonly title: string;
      readonly agent: string | null;
      readonly request: DemoRequest;
      readonly expect: Expectation;
    }
  /** A person says yes, on the operators' API, to what the last call asked for; `by` counts the people of treasury. */
  | { readonly kind: "approve"; readonly title: string; readonly by: number; readonly status: "pending" | "approved" }
  /** The same call again and again, several at once, until one is answered as expected. */
  | {
      readonly kind: "burst";
      readonly title: string;
      readonly agent: string;
      readonly request: DemoRequest;
      readonly expect: Expectation;
      readonly callsMax: number;
    };

const ALLOW: Expectation = { decision: "allow", class: null };
const ASK: Expectation = { decision: "approval_needed", class: null };

/** Agents that the example policies know. */
export const AGENTS = { finance: "finance-1", clinic: "clinic-1" } as const;

/** Made in this order, on the policies of policies/examples. Amounts are in cents, as the provider takes them. */
export const DEMO_STEPS: readonly DemoStep[] = [
  { kind: "call", title: "pay $40", agent: AGENTS.finance, request: payment(4_000), expect: ALLOW },
  { kind: "call", title: "pay $40, no token", agent: null, request: payment(4_000), expect: { decision: "deny", class: "identity" } },
  { kind: "call", title: "pay $9,000", agent: AGENTS.finance, request: payment(900_000), expect: ASK },
  { kind: "approve", title: "a person of treasury says yes", by: 0, status: "pending" },
  { kind: "approve", title: "a second one says yes", by: 1, status: "approved" },
  { kind: "call", title: "pay $9,000 again", agent: AGENTS.finance, request: payment(900_000), expect: ALLOW },
  { kind: "call", title: "and once more", agent: AGENTS.finance, request: payment(900_000), expect: ASK },
  {
    kind: "call",
    title: "a host nobody allowed",
    agent: AGENTS.finance,
    request: get("files.example.net", "/upload"),
    expect: { decision: "deny", class: "policy" },
  },
  {
    kind: "call",
    title: "an SSN in query and header",
    agent: AGENTS.clinic,
    request: patientSearch(),
    expect: { decision: "sanitize", class: null },
  },
  {
    kind: "burst",
    title: "the balance, again and again",
    agent: AGENTS.finance,
    request: get("api.stripe.com", "/v1/balance"),
    expect: { decision: "deny", class: "limit" },
    callsMax: 20,
  },
];

export function payment(cents: number): DemoRequest {
  return {
    method: "POST",
    host: "api.stripe.com",
    path: "/v1/payment_intents",
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: `amount=${cents}&currency=usd&destination=acct_demo`,
  };
}

function get(host: string, path: string): DemoRequest {
  return { method: "GET", host, path, headers: {}, body: null };
}

function patientSearch(): DemoRequest {
  const call = get("ehr.clinic.internal", "/patients/search?ssn=536-22-8145&page=2");
  return { ...call, headers: { "x-note": "the number is 536-22-8145" } };
}
