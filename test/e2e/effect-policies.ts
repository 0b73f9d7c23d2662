const EFFECTS = `
policy: effects
match: { hosts: [api.example.com] }
rules:
  - { id: things, then: allow }
  - id: who
    set: { x-team: "{caller.labels.team}", x-caller: "agent {caller.agent} for {caller.tenant}", x-from: sluice }
    remove: [x-debug]
  - { id: notes, match: { paths: [/notes] }, redact: [{ json: "$.metadata.notes", on: request }, { form: ssn }] }
  - { id: answers, match: { paths: [/answers] }, redact: [{ header: x-internal, on: response }] }
  - id: nearly-used-up
    match: { paths: [/metered] }
    if: usage["metered"].used >= 2 || usage["spend/day"].share >= 0.5
    then: deny
    code: nearly_used_up
limits:
  - { id: metered, per: [agent], match: { paths: [/metered] }, rate: 100/h, burst: 100 }
`;

const SPEND = `
policy: spend
match: { tools: [shop.buy] }
rules:
  - { id: buy, then: allow }
limits:
  - { id: day, per: [group], of: amount, budget: 100 usd per day }
`;

const TRANSFERS = `
policy: transfers
rules:
  - id: two
    match: { tools: [bank.transfer] }
    then: approval_needed
    code: transfer_needs_two
    reason: Agent {caller.agent} may transfer when two people agree.
    approval: { from: [treasury], count: 2, note: required, exclude: [interns], bind: [args.to], summary: "Send {args.sum} to {args.to}" }
`;

const TOOLS = `
tools:
  shop.buy:
    http: { method: POST, host: shop.example.com, path: /buy, body: form }
    args: { price: { from: form.price, type: integer }, currency: { from: form.currency } }
    amount: { value: args.price, unit: minor, currency: args.currency }
  bank.transfer:
    http: { method: POST, host: bank.example.com, path: /transfers, body: json }
    args: { to: { from: json.to }, sum: { from: json.sum, type: integer } }
`;

const GROUPS = `
groups:
  buyers: { agents: [buyer-*] }
  treasury: { people: [ben] }
  interns: { people: [ivy] }
`;

/** What a ruling makes happen beside its decision: headers, edits of bodies, people, limits that are looked at. */
export const EFFECT_POLICIES: Readonly<Record<string, string>> = {
  "effects.yaml": EFFECTS,
  "spend.yaml": SPEND,
  "transfers.yaml": TRANSFERS,
  "tools.yaml": TOOLS,
  "groups.yaml": GROUPS,
};
