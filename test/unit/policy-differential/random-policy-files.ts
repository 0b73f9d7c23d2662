import type { Random } from "./random.ts";
import { makeCondition, type Without } from "./random-condition.ts";

export type SourceFile = { readonly name: string; readonly text: string };

const ARGS = ["s", "n", "b", "l", "d", "m", "o", "t", "ip", "day", "c"];
const TOOLS: SourceFile = {
  name: "tools.yaml",
  text: `tools:
  t.call:
    http: { method: POST, host: api.example.com, path: "/v1/*", body: json }
    args: { ${ARGS.map((name) => `${name}: { from: json.${name} }`).join(", ")} }
    amount: { value: args.n, unit: minor, currency: args.c }
`,
};
const LIMITS = "limits:\n  - { id: calls, per: [agent], rate: 5/s }\n";
const OTHER: SourceFile = { name: "other.yaml", text: `policy: q\n${LIMITS}` };
const ZONES = ["UTC", "Europe/Berlin", "America/New_York", "Asia/Kathmandu"];

/** A policy of a few rules over calls of one tool, and another one whose limit it may ask about. */
export function makePolicyFiles(random: Random, without: Without = { presence: false }): readonly SourceFile[] {
  return [TOOLS, OTHER, makePolicyFile(random, without)];
}

function makePolicyFile(random: Random, without: Without): SourceFile {
  const effect = () => random.pick(["allow", "allow", "deny", "approval_needed"]);
  const rules = Array.from({ length: 1 + random.below(4) }, (_, number) => {
    const then = effect();
    const lines = [
      `  - id: r${number}`,
      '    match: { tools: [t.call], paths: ["/v1/:user"] }',
      `    if: |\n      ${makeCondition(random, without)}`,
      `    then: ${then}`,
      ...(then === "approval_needed" ? ["    approval: { from: [treasury] }"] : []),
      ...(then !== "deny" && random.chance(0.4) ? ["    redact: [{ header: x-b }]"] : []),
      ...(random.chance(0.1) ? ["    mode: shadow"] : []),
    ];
    return lines.join("\n");
  });
  return { name: "policy.yaml", text: `policy: p\ntime_zone: ${random.pick(ZONES)}\nrules:\n${rules.join("\n")}\n${LIMITS}` };
}
