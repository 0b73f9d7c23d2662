import { chmod, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type CheckAnswer, decodeCheckResponse, encodeCheckRequest } from "../../tools/check-request.ts";
import { connectCheckClient } from "../../tools/grpc-client.ts";
import { runSluice, type SluiceProcess, startSluiceProcess } from "../../tools/run-sluice.ts";
import { aFolder } from "./a-folder.ts";

const CONFIG = JSON.stringify({
  listen: { grpc: "127.0.0.1:0", http: "127.0.0.1:0" },
  operators: [{ name: "ben", token: { file: "ben.token" }, roles: ["approver"], tenants: ["default"] }],
  people: [
    { name: "ana", operator: "admin", groups: ["treasury"] },
    { name: "ben", operator: "ben", groups: ["treasury"] },
  ],
  deadline: "5s",
  shutdown: { delay: "0s", grace: "5s" },
  state: { folder: "state" },
});
const PAYMENT = {
  method: "POST",
  host: "api.stripe.com",
  path: "/v1/payment_intents",
  body: "amount=900000&currency=usd&destination=acct_%1b%5b31m%e2%80%ae",
};

/** One story, in order: a server is started, asked, watched by commands, ended, and what it left is looked at. */
describe("sluice serve, and the commands beside it", () => {
  let cwd: string;
  let sluice: SluiceProcess;
  let http: string;
  let token: string;
  let approvalId: string;

  const run = (...args: readonly string[]) => runSluice(args, { cwd });
  const operate = (...args: readonly string[]) => run(...args, "--server", http, "--token-file", "state/operator.token");

  beforeAll(async () => {
    cwd = await aFolder({ "sluice.yaml": CONFIG, "ben.token": "ben-token-0123456789" });
    sluice = startSluiceProcess(["serve"], { cwd, directly: true });
    await sluice.until('"msg":"listening"');
  });
  afterAll(async () => {
    await sluice?.end("SIGKILL");
  });

  async function pay(): Promise<CheckAnswer> {
    const grpc = /"grpc":"([^"]+)"/.exec(sluice.output())?.[1] ?? "";
    const client = connectCheckClient(grpc);
    const headers = { "x-sluice-token": token, "content-type": "application/x-www-form-urlencoded" };
    try {
      return decodeCheckResponse(await client.check(encodeCheckRequest({ ...PAYMENT, headers })));
    } finally {
      client.close();
    }
  }

  it("issues a token that the server accepts, and inspects it", async () => {
    http = `127.0.0.1:${/"http":(\d+)/.exec(sluice.output())?.[1]}`;
    const issued = await run("token", "issue", "--agent", "finance-1", "--lifetime", "5m");
    expect([issued.code, issued.stderr]).toEqual([0, ""]);
    token = issued.stdout.trim();
    await writeFile(join(cwd, "agent.token"), issued.stdout);
    const [fine, piped, cut] = await Promise.all([
      run("token", "inspect", "agent.token"),
      runSluice(["token", "inspect", "-", "--json"], { cwd, stdin: token }),
      runSluice(["token", "inspect", "-"], { cwd, stdin: token.slice(0, -4) }),
    ]);
    expect([fine.code, fine.stdout.split("\n").at(-2)]).toEqual([0, expect.stringMatching(/^accepted until \d{4}-/)]);
    expect([piped.code, JSON.parse(piped.stdout).verdict.caller.agent]).toEqual([0, "finance-1"]);
    expect([cut.code, cut.stdout.split("\n").at(-2)]).toEqual([1, expect.stringMatching(/^refused: /)]);
  });

  it("refuses a second server on the same state, with the first still deciding", async () => {
    await chmod(join(cwd, "ben.token"), 0o644);
    const open = await run("approvals", "approve", approvalId, "--server", http, "--token-file", "ben.token");
    expect([open.code, open.stderr]).toEqual([2, expect.stringMatching(/ben\.token can be read by others: chmod 600 it\n$/)]);
    await chmod(join(cwd, "ben.token"), 0o600);
    const second = await run("serve");
    expect([second.code, second.stderr]).toEqual([2, expect.stringMatching(`state is in use by process ${sluice.pid}: stop it, or give`)]);
    expect((await pay()).error).toMatchObject({ code: "payment_over_ceiling" });
  });

  it("lists, shows and approves what waits, with what the call said escaped", async () => {
    const waiting = (await pay()).error?.["approval"];
    approvalId = typeof waiting === "object" && waiting !== null && "id" in waiting ? String(waiting.id) : "";
    const [list, show] = await Promise.all([operate("approvals", "list"), operate("approvals", "show", approvalId)]);
    expect([list.code, list.stdout]).toEqual([
      0,
      expect.stringMatching(`^${approvalId}  pending \\(0 of 2\\)  finance-1  POST api.stripe.com`),
    ]);
    expect(list.stdout + show.stdout).not.toMatch(/[^\P{C}\n]/u);
    expect(show.stdout).toMatch(/summary +Pay .*9,?000/);
    const first = await operate("approvals", "approve", approvalId);
    expect([first.code, first.stdout]).toEqual([0, expect.stringMatching(/^approved +1 of 2$/m)]);
    const twice = await operate("approvals", "approve", approvalId);
    expect([twice.code, twice.stdout, twice.stderr]).toEqual([1, "", expect.stringMatching(/^sluice: approval_said_already: .+\n$/)]);
    expect((await pay()).error).toMatchObject({ approval: { id: approvalId, given: 1, needed: 2 } });
    const second = await run("approvals", "approve", approvalId, "--json", "--server", http, "--token-file", "ben.token");
    expect([second.code, JSON.parse(second.stdout)]).toEqual([
      0,
      expect.objectContaining({ id: approvalId, status: "approved", approvers: ["ana", "ben"] }),
    ]);
    expect(await pay()).toMatchObject({ code: 0, arm: "ok" });
  });

  it("answers 1 where the API says no, and 2 where nobody answers", async () => {
    const [again, nobody] = await Promise.all([
      operate("approvals", "approve", approvalId),
      run("approvals", "list", "--server", "127.0.0.1:1", "--token-file", "state/operator.token"),
    ]);
    expect([again.code, again.stdout, again.stderr]).toEqual([1, "", expect.stringMatching(/^sluice: [a-z_]+: .+\n$/)]);
    expect([nobody.code, nobody.stderr]).toEqual([
      2,
      expect.stringMatching(/^sluice: unreachable: no server answers at .*: start it with `sluice serve`/),
    ]);
  });

  it("ends with 0 on SIGTERM when it was started directly, and gives the state back", async () => {
    expect(await sluice.end("SIGTERM")).toMatchObject({ code: 0 });
    await expect(stat(join(cwd, "state", "lock"))).rejects.toThrow("ENOENT");
  });

  it("shows and verifies the record it left", async () => {
    const [tail, json, verified] = await Promise.all([
      run("receipts", "tail", "-n", "1", "--decision", "allow"),
      run("receipts", "tail", "--json", "--agent", "finance-1"),
      run("receipts", "verify"),
    ]);
    expect(tail.stdout).toMatch(
      /^\S+ {2}decision {2}allow {2}finance-1 {2}payments\/large {2}POST api\.stripe\.com\/v1\/payment_intents\n$/,
    );
    expect(
      json.stdout
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line).decision),
    ).toEqual(["approval_needed", "approval_needed", "approval_needed", "allow"]);
    expect([verified.code, verified.stdout]).toEqual([0, expect.stringContaining("The receipts are intact.\n")]);
    expect(verified.stdout).toMatch(/^default: \d+ receipts to (\d+), signed to \1$/m);
  });

  it("finds a changed receipt and a line that is none, and answers 1", async () => {
    const file = join(cwd, "state", "receipts", "default.jsonl");
    const text = await readFile(file, "utf8");
    await writeFile(file, text.replace('"decision":"allow"', '"decision":"deny"'));
    const changed = await run("receipts", "verify");
    expect([changed.code, changed.stdout]).toEqual([
      1,
      expect.stringMatching(/PROBLEM .*default\.jsonl:\d+ \(stream default, seq \d+\): changed: /),
    ]);
    await writeFile(file, `${text}nothing\n`);
    const longer = await run("receipts", "verify", "--json");
    expect([longer.code, JSON.parse(longer.stdout)]).toEqual([1, expect.objectContaining({ ok: false })]);
  });
});

describe("sluice serve at SIGHUP", () => {
  let cwd: string;
  let sluice: SluiceProcess;

  beforeAll(async () => {
    cwd = await aFolder({ "sluice.yaml": CONFIG, "ben.token": "ben-token-0123456789" });
    sluice = startSluiceProcess(["serve"], { cwd });
    await sluice.until('"msg":"listening"');
  });
  afterAll(async () => {
    await sluice?.end("SIGKILL");
  });

  it("takes up what a running server can, and tells by key what it cannot", async () => {
    await writeFile(join(cwd, "sluice.yaml"), JSON.stringify({ ...JSON.parse(CONFIG), deadline: "4s" }));
    process.kill(sluice.pid, "SIGHUP");
    await sluice.until('"changed":"deadline","msg":"configuration reloaded"');
    await writeFile(join(cwd, "sluice.yaml"), JSON.stringify({ ...JSON.parse(CONFIG), limits: { expected_servers: 1 }, workers: 2 }));
    process.kill(sluice.pid, "SIGHUP");
    await sluice.until("workers above 1 are not built yet");
    await writeFile(join(cwd, "sluice.yaml"), JSON.stringify({ ...JSON.parse(CONFIG), shutdown: { delay: "1s" } }));
    process.kill(sluice.pid, "SIGHUP");
    await sluice.until('"code":"needs_restart","problem":"shutdown.delay"');
    const { code } = await sluice.end("SIGTERM");
    expect(code).toBe(0);
  });
});
