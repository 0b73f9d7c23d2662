import { readFile } from "node:fs/promises";
import { SILENT } from "../../src/core/observer.ts";
import type { PolicyInput } from "../../src/core/policy-input.ts";
import { compilePolicies } from "../../src/policy/compile/compile-policies.ts";
import { preparePolicy } from "../../src/policy/wasm/prepare-policy.ts";
import { createUnderstanding } from "../../src/understanding/create-understanding.ts";
import { sampleCall, sampleCaller } from "./sample-call.ts";

/** CPU of the policy step alone (input text, engine, verdict), and the time to compile: printed, never asserted. */
export async function reportPolicyStep(rounds: number, calls: number): Promise<string> {
  const rows = [];
  const [first] = SHAPES;
  // The first shape would else pay for what the runtime learns once.
  if (first !== undefined) await measure(first, 1, calls);
  for (const shape of SHAPES) rows.push(await measure(shape, rounds, calls));
  const floor = rows[0]?.us ?? 1;
  const head = "policy step       rules   compile ms   input KiB   CPU µs per call   × first\n";
  const lines = rows.map(
    (row) =>
      `${row.name.padEnd(17)} ${String(row.rules).padEnd(7)} ${row.compileMs.toFixed(0).padEnd(12)} ${row.inputKib.toFixed(1).padEnd(11)} ${row.us.toFixed(1).padEnd(17)} ${(row.us / floor).toFixed(2)}\n`,
  );
  return head + lines.join("");
}

type Shape = { readonly name: string; readonly files: readonly { readonly name: string; readonly text: string }[]; readonly body: object };

const PAYMENT = { amount: 4_000, currency: "usd", to: "a" };

const SHAPES: readonly Shape[] = [
  { name: "10 rules", files: services(2), body: PAYMENT },
  { name: "1,000 rules", files: services(200), body: PAYMENT },
  { name: "5,000 rules", files: services(1_000), body: PAYMENT },
  { name: "64 behind a key", files: crowd(64), body: PAYMENT },
  {
    name: "64 KiB input",
    files: longList(),
    body: { ...PAYMENT, items: Array.from({ length: 900 }, (_, at) => `${at}-${"x".repeat(66)}`) },
  },
];

/** Five rules a service. */
function services(count: number): Shape["files"] {
  const names = Array.from({ length: count }, (_, at) => at);
  const tools = names.map((at) => tool(`svc${at}`, `api${at}.example.com`));
  const rules = names.flatMap((at) => [
    rule(`small-${at}`, `svc${at}.pay`, 'amount <= usd(5000) && args.to in ["a", "b"]', "allow"),
    rule(`large-${at}`, `svc${at}.pay`, "amount > usd(5000)", "deny"),
    rule(`planner-${at}`, `svc${at}.pay`, 'caller.actors.exists(a, a.startsWith("planner-"))', "deny"),
    rule(`stranger-${at}`, `svc${at}.pay`, '!caller.agent.startsWith("finance-")', "deny"),
    rule(`currency-${at}`, `svc${at}.pay`, 'args.currency != "usd"', "deny"),
  ]);
  return files(tools, rules);
}

function crowd(count: number): Shape["files"] {
  const rules = Array.from({ length: count - 1 }, (_, at) => rule(`deny-${at}`, "svc0.pay", `amount > usd(${6_000 + at})`, "deny"));
  return files([tool("svc0", "api0.example.com")], [rule("small", "svc0.pay", "amount <= usd(5000)", "allow"), ...rules]);
}

function longList(): Shape["files"] {
  const rules = [
    rule("small", "svc0.pay", "amount <= usd(5000)", "allow"),
    rule("item", "svc0.pay", 'has(args.items) && args.items.exists(i, i == "never")', "deny"),
  ];
  return files([tool("svc0", "api0.example.com")], rules);
}

function tool(name: string, host: string): string {
  return [
    `  ${name}.pay:`,
    `    http: { method: POST, host: ${host}, path: /v1/pay, body: json }`,
    "    args:",
    "      amount: { from: json.amount, type: integer }",
    "      currency: { from: json.currency, type: string }",
    "      to: { from: json.to, type: string }",
    "      items: { from: json.items }",
    "    amount: { value: args.amount, unit: minor, currency: args.currency }",
  ].join("\n");
}

function rule(id: string, name: string, condition: string, then: string): string {
  return `  - id: ${id}\n    match: { tools: [${name}] }\n    if: |\n      ${condition}\n    then: ${then}`;
}

function files(tools: readonly string[], rules: readonly string[]): Shape["files"] {
  return [
    { name: "tools.yaml", text: `tools:\n${tools.join("\n")}\n` },
    { name: "policy.yaml", text: `policy: big\nrules:\n${rules.join("\n")}\n` },
  ];
}

async function measure({ name, files, body }: Shape, rounds: number, calls: number) {
  const wasm = await readFile(new URL("../../policies/engine/policy.wasm", import.meta.url));
  const began = performance.now();
  const compiled = compilePolicies(files);
  const compileMs = performance.now() - began;
  if (compiled.kind === "invalid") throw new Error(compiled.problems[0]?.message);
  const { program } = compiled;
  const policy = preparePolicy({ program, wasm, name: "bench", revision: "1", digest: "0", observer: SILENT });
  const call = sampleCall("api0.example.com", "/v1/pay", body);
  const understood = createUnderstanding(policy)(call);
  if (understood.kind !== "understood") throw new Error(`the sample call is ${understood.kind}`);
  const { intent } = understood;
  const input: PolicyInput = { caller: sampleCaller(), call, intent, findings: [], findingsCut: false, nowMs: 0, usage: {} };
  if (policy.decide(input).kind !== "permit") throw new Error("the sample call is not permitted");
  const inputKib = JSON.stringify(intent.args).length / 1024;
  const many = inputKib > 8 ? Math.ceil(calls / 20) : calls;
  const us = Array.from({ length: rounds }, () => cpuOf(() => policy.decide(input), many)).toSorted((a, b) => a - b);
  return { name, rules: program.rules.length, compileMs, inputKib, us: us[Math.floor(us.length / 2)] ?? 0 };
}

function cpuOf(act: () => unknown, times: number): number {
  for (let i = 0; i < times / 4; i++) act();
  const before = process.cpuUsage();
  for (let i = 0; i < times; i++) act();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / times;
}
