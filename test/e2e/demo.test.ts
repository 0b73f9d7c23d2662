import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { needTool } from "../tools/need-tool.ts";
import { type Ended, runSluice, startSluiceProcess } from "../tools/run-sluice.ts";

const envoy = await needTool("envoy");

/** The demo's table as rows of trimmed cells; a wrapped cell is put together again. */
function rowsOf(stdout: string): readonly (readonly string[])[] {
  const rows: string[][] = [];
  for (const line of stdout.split("\n")) {
    if (!line.startsWith("│")) continue;
    const cells = line.split("│").slice(1, -1);
    const marked = /^ [✓✗]/.test(cells[0] ?? "");
    if (marked) rows.push(cells.map((cell) => cell.trim()));
    const last = rows.at(-1);
    if (!marked && last !== undefined) for (const [at, cell] of cells.entries()) last[at] = `${last[at] ?? ""} ${cell.trim()}`.trim();
  }
  return rows;
}

/** Call, status, decision and rule of each step; through Envoy also what the upstream saw. */
const STEPS = [
  ["✓ pay $40", "200", "allow", "payments/small", "reached"],
  ["✓ pay $40, no token", "401", "deny identity", "–", "not reached"],
  ["✓ pay $9,000", "403", "approval_needed", "payments/large", "not reached"],
  ["✓ a person of treasury says yes", "", "", "", ""],
  ["✓ a second one says yes", "", "", "", ""],
  ["✓ pay $9,000 again", "200", "allow", "payments/large", "reached"],
  ["✓ and once more", "403", "approval_needed", "payments/large", "not reached"],
  ["✓ a host nobody allowed", "403", "deny policy", "–", "not reached"],
  ["✓ an SSN in query and header", "200", "sanitize", "health/records", "reached"],
  ["✓ the balance, again and again", "429", "deny limit", "payments/balance-calls", "not reached"],
];

const shown = ({ stdout }: Ended) =>
  rowsOf(stdout).map(([call, status, decision, rule, , , upstream]) => [call, status, decision, rule, upstream]);

let cwd: string;
let env: Readonly<Record<string, string>>;
beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), "sluice-demo-"));
  const path = [dirname(process.execPath), ...(envoy === null ? [] : [dirname(envoy)]), process.env["PATH"] ?? ""].join(delimiter);
  env = { PATH: path };
});
afterAll(() => rm(cwd, { recursive: true, force: true }));

function expectWholeDemo(ended: Ended, linesToTry: number): void {
  expect([ended.code, ended.stderr]).toEqual([0, ""]);
  expect(ended.stdout).toMatch(/\nreceipts: \d+ verified, each chained to the one before\n/);
  expect(ended.stdout).toMatch(/retry-after: \d+/);
  expect(ended.stdout.match(/^ {2}curl /gm)).toHaveLength(linesToTry);
  expect(ended.stdout).not.toMatch(/eyJ|\u001b/);
}

describe("sluice demo --once --no-envoy", () => {
  it("shows each decision, says that nothing is forwarded, and ends with 0", async () => {
    const ended = await runSluice(["demo", "--once", "--no-envoy"], { cwd, env });
    expectWholeDemo(ended, 2);
    expect(ended.stdout).toContain("Without an Envoy: Sluice is asked directly and nothing is forwarded.\n");
    expect(shown(ended)).toEqual(STEPS.map((step) => [...step.slice(0, 4), step[1] === "" ? "" : "not forwarded"]));
  });

  it("leaves keys that serve refuses", async () => {
    await stat(join(cwd, ".sluice", "demo", "keys", "agents.jwk"));
    const config = {
      SLUICE_STATE__FOLDER: join(cwd, ".sluice", "demo"),
      SLUICE_LISTEN__GRPC: "127.0.0.1:0",
      SLUICE_LISTEN__HTTP: "127.0.0.1:0",
    };
    const { code, stderr } = await runSluice(["serve"], { cwd, env: { ...env, ...config } });
    expect(code).toBe(2);
    expect(stderr).toMatch(/sluice: .*made by the demo/);
  });
});

describe.skipIf(envoy === null)("sluice demo through a real Envoy", () => {
  it("shows each decision and what the upstream received, and ends with 0", async () => {
    const ended = await runSluice(["demo", "--once"], { cwd, env: { ...env, NO_COLOR: "1" } });
    expectWholeDemo(ended, 4);
    expect(shown(ended)).toEqual(STEPS);
    expect(ended.stdout).toContain("x-note: the number is ***********\n");
    expect(ended.stdout).not.toContain("536-22-8145");
  });

  it("goes on serving until it is interrupted, and then ends with 0 and takes its Envoy along", async () => {
    const demo = startSluiceProcess(["demo"], { cwd, env });
    await demo.until("Still serving; Ctrl-C ends it.\n");
    const listener = /127\.0\.0\.1:(\d+)/.exec(/^ {2}curl .*$/m.exec(demo.output())?.[0] ?? "")?.[1];
    expect(listener).toBeDefined();
    expect((await fetch(`http://127.0.0.1:${listener}/`)).status).toBe(401);
    expect((await demo.end("SIGINT")).code).toBe(0);
    await expect(fetch(`http://127.0.0.1:${listener}/`)).rejects.toThrow();
  });
});
