import { startSluice } from "../tools/start-sluice.ts";
import { reportCpu } from "./report-cpu.ts";

/** Limits that are charged on every call and never bind. */
const POLICY = `
policy: bench
match: { hosts: [api.stripe.com] }
rules:
  - id: small
    match: { agents: [finance-*], tools: [stripe.create_payment] }
    if: amount <= usd(5000)
    then: allow
  - id: large
    match: { agents: [finance-*], tools: [stripe.create_payment] }
    if: amount > usd(5000)
    then: approval_needed
    approval: { from: [treasury] }
  - id: planners
    match: { tools: [stripe.*] }
    if: |
      caller.actors.exists(a, a.startsWith("planner-"))
    then: deny
limits:
  - { id: calls, per: [agent], rate: 1000000/s, burst: 1000000 }
  - { id: spend, per: [agent], of: amount, budget: 1000000000 usd per day }
`;

const TOOLS = `
tools:
  stripe.create_payment:
    http: { method: POST, host: api.stripe.com, path: /v1/payment_intents, body: json }
    args: { amount: { from: json.amount, type: integer }, currency: { from: json.currency }, to: { from: json.destination } }
    amount: { value: args.amount, unit: minor, currency: args.currency }
`;

const sluice = await startSluice({ policies: { "policy.yaml": POLICY, "tools.yaml": TOOLS } });
reportCpu(Number(sluice.grpcAddress.split(":")[1]), {
  sluice: await sluice.issue("finance-1", { roles: ["payments"], session: "s-1", lifetimeMs: 3_600_000 }),
});
