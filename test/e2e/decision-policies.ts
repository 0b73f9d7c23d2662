import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const EXAMPLES = join(import.meta.dirname, "..", "..", "policies", "examples");

const MORE_RULES = `
policy: more
rules:
  - { id: things, match: { hosts: [api.example.com] }, then: allow }
  - { id: forbidden, match: { hosts: [api.example.com], paths: [/forbidden] }, then: deny }
  - { id: watched, mode: shadow, match: { hosts: [api.example.com], paths: [/watched] }, then: deny, code: watched_path }
  - { id: rpc, match: { hosts: [api.example.com], paths: ["/shop.Cart/**"], protocols: [stream] }, then: allow }
  - { id: tunnels, match: { hosts: [tunnel.example.com], protocols: [tunnel] }, then: allow }
  - { id: no-tunnel, match: { hosts: [plain.example.com] }, then: allow }
  - { id: buy, match: { tools: [shop.buy] }, then: allow }
limits:
  - { id: shopping, per: [agent], match: { tools: [shop.buy] }, of: amount, budget: 100 usd per day }
`;

const MORE_TOOLS = `
tools:
  shop.buy:
    http: { method: POST, host: shop.example.com, path: /buy, body: form }
    args: { price: { from: form.price, type: integer }, currency: { from: form.currency } }
    amount: { value: args.price, unit: minor, currency: args.currency }
`;

/** The shipped examples, where one person's yes suffices, and what they lack for every decision and class to be reached. */
export function readDecisionPolicies(): Readonly<Record<string, string>> {
  const files: Record<string, string> = { "more.yaml": MORE_RULES, "more-tools.yaml": MORE_TOOLS };
  for (const name of ["payments", "health"]) {
    for (const file of readdirSync(join(EXAMPLES, name))) {
      files[`${name}-${file}`] = readFileSync(join(EXAMPLES, name, file), "utf8").replace("count: 2", "count: 1");
    }
  }
  return files;
}
