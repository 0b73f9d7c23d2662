import { spawn } from "node:child_process";
import { appendFile, mkdir, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type FileApprovals, openFileApprovals } from "../../../src/approvals/approvals.file.ts";
import { APPROVAL_LIMITS } from "../../../src/approvals/approvals.ts";
import { DESCRIPTION, MINUTE, person, SUBJECT } from "./subjects.ts";

const NOW = 1_800_000_000_000;
const ANA = person("ana");
const BEN = person("ben");
const ORDER: readonly string[] = ["pending", "approved", "consumed"];

let folder: string;
let path: string;
const opened: FileApprovals[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "sluice-approvals-"));
  path = join(folder, "approvals.jsonl");
});
afterEach(async () => {
  for (const approvals of opened.splice(0)) await approvals.close();
  await rm(folder, { recursive: true });
});

async function open(rewriteAtBytes = 1_000_000): Promise<FileApprovals> {
  const approvals = await openFileApprovals({
    folder,
    rewriteAtBytes,
    people: [ANA, BEN],
    limits: APPROVAL_LIMITS,
    onTransition: () => {},
  });
  opened.push(approvals);
  return approvals;
}

async function reopen(): Promise<FileApprovals> {
  await opened.pop()?.close();
  return open();
}

async function ask(approvals: FileApprovals, digest = SUBJECT.digest): Promise<string> {
  const result = await approvals.request({ ...SUBJECT, digest }, DESCRIPTION, NOW);
  if (result.kind === "flood") throw new Error("flood");
  return result.approval.id;
}

const approve = (approvals: FileApprovals, id: string) => approvals.answer(id, { kind: "approve", by: ANA, reason: null }, NOW);

describe("approvals in a file", () => {
  it("come back as they were", async () => {
    const first = await open();
    const ids = {
      pending: await ask(first, "1"),
      approved: await ask(first, "2"),
      consumed: await ask(first, "3"),
      rejected: await ask(first, "4"),
    };
    for (const id of [ids.approved, ids.consumed]) await approve(first, id);
    await first.consume(ids.consumed, NOW);
    await first.answer(ids.rejected, { kind: "reject", by: ANA, reason: "no" }, NOW);
    const before = first.list({ state: null, tenants: "all", max: 10 }, NOW);
    const second = await reopen();
    expect(second.list({ state: null, tenants: "all", max: 10 }, NOW)).toEqual(before);
    expect(await second.consume(ids.consumed, NOW)).toBe(false);
    expect(await second.consume(ids.approved, NOW)).toBe(true);
    expect(second.find({ ...SUBJECT, digest: "4" }, NOW)?.state).toBe("rejected");
  });

  it("keep the yes of one of two persons", async () => {
    const requirement = { ...SUBJECT.requirement, count: 2, people: ["zoe"], exclude: ["interns"], note: true, bind: ["to"] };
    const first = await open();
    const asked = await first.request({ ...SUBJECT, requirement }, DESCRIPTION, NOW);
    const id = asked.kind === "asked" ? asked.approval.id : "";
    await first.answer(id, { kind: "approve", by: ANA, reason: "seen" }, NOW);
    const second = await reopen();
    expect(second.read(id, NOW)).toMatchObject({ subject: { requirement }, state: "pending", approvers: ["ana"] });
    expect(await second.answer(id, { kind: "approve", by: ANA, reason: "seen" }, NOW)).toEqual({ kind: "said_already" });
    await second.answer(id, { kind: "approve", by: BEN, reason: "too" }, NOW);
    expect((await reopen()).read(id, NOW)).toMatchObject({ state: "approved", approvers: ["ana", "ben"] });
  });

  it("come back from lines that were written before requirements said more", async () => {
    const first = await open();
    const id = await ask(first);
    await opened.pop()?.close();
    const line = await readFile(path, "utf8");
    const old = line.replace(/"(people|exclude)":\[\],|"note":false,|"bind":null,/g, "");
    expect(old.length).toBeLessThan(line.length);
    await writeFile(path, old);
    expect((await open()).read(id, NOW)?.subject).toEqual(SUBJECT);
  });

  it("end by time while nobody runs", async () => {
    const first = await open();
    const pending = await ask(first, "1");
    const approved = await ask(first, "2");
    await approve(first, approved);
    const second = await reopen();
    expect(await second.consume(approved, NOW + 10 * MINUTE)).toBe(false);
    expect(second.read(pending, NOW + 15 * MINUTE)?.state).toBe("expired");
    const third = await reopen();
    expect([third.read(approved, NOW)?.state, third.read(pending, NOW)?.state]).toEqual(["lapsed", "expired"]);
  });

  it("are readable by their owner alone", async () => {
    await ask(await open());
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  it("are one line each after a restart", async () => {
    const first = await open();
    await approve(first, await ask(first));
    expect((await readFile(path, "utf8")).match(/\n/g)).toHaveLength(2);
    await reopen();
    expect((await readFile(path, "utf8")).match(/\n/g)).toHaveLength(1);
  });

  it("are rewritten when the file has grown, without losing one", async () => {
    const first = await open(2000);
    const id = await ask(first);
    await approve(first, id);
    for (let at = 0; at < 50; at++) {
      await first.consume(id, NOW);
      await first.restore(id);
    }
    expect((await stat(path)).size).toBeLessThanOrEqual(2000);
    await Promise.all(Array.from({ length: 15 }, (_, at) => ask(first, String(at))));
    const second = await reopen();
    expect(second.list({ state: null, tenants: "all", max: 100 }, NOW).approvals).toHaveLength(16);
    expect(second.read(id, NOW)?.state).toBe("approved");
  });

  it.each(["{", '{"v":1,"approval":{"id":"apr_', "\u0000\u0000\u0000", "\ud83d"])("survive a torn last line: %j", async (torn) => {
    const first = await open();
    const id = await ask(first);
    await appendFile(path, torn);
    const second = await reopen();
    expect(second.read(id, NOW)?.state).toBe("pending");
    await approve(second, id);
    expect((await reopen()).read(id, NOW)?.state).toBe("approved");
  });

  it.each([
    ["no JSON", () => "{\n"],
    ["an empty line", () => "\n"],
    ["another version", (line: string) => line.replace('"v":1', '"v":2')],
    ["an unknown state", (line: string) => line.replace('"pending"', '"granted"')],
    ["an unknown key", (line: string) => line.replace('"v":1', '"v":1,"w":1')],
    ["a missing field", (line: string) => line.replace('"useByMs":null,', "")],
  ])("end the start at a line with %s, and stay untouched", async (_claim, spoil) => {
    const first = await open();
    await ask(first, "1");
    const line = await readFile(path, "utf8");
    await ask(first, "2");
    await opened.pop()?.close();
    const spoilt = spoil(line) + line;
    await writeFile(path, spoilt);
    await expect(open()).rejects.toThrow("open approvals cannot be restored");
    expect(await readFile(path, "utf8")).toBe(spoilt);
  });

  it("refuse after the end", async () => {
    const first = await open();
    const id = await ask(first);
    await approve(first, id);
    await opened.pop()?.close();
    await expect(first.consume(id, NOW)).rejects.toThrow("the journal is closed");
    expect(first.read(id, NOW)?.state).toBe("approved");
    expect((await open()).read(id, NOW)?.state).toBe("approved");
  });

  it("change no more once their file cannot be replaced, and what was not kept is taken back", async () => {
    const first = await open(1000);
    const id = await ask(first);
    await rm(folder, { recursive: true });
    await expect(approve(first, id)).rejects.toThrow("ENOENT");
    expect(first.read(id, NOW)?.state).toBe("pending");
    await mkdir(folder);
    await expect(approve(first, id)).rejects.toThrow("ENOENT");
    expect(first.read(id, NOW)?.state).toBe("pending");
  });

  it("are what was acknowledged when the process is killed", async () => {
    const child = spawn(process.execPath, [join(import.meta.dirname, "keep-approving.ts"), folder], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const acknowledged = new Map<string, string>();
    for await (const line of createInterface({ input: child.stdout })) {
      const [id, state] = line.split(" ");
      if (id !== undefined && state !== undefined) acknowledged.set(id, state);
      if (acknowledged.size === 60) child.kill("SIGKILL");
    }
    const approvals = await open();
    const lost = [...acknowledged].filter(([id, state]) => {
      const kept = approvals.read(id, NOW)?.state;
      return kept === undefined || ORDER.indexOf(kept) < ORDER.indexOf(state);
    });
    expect(acknowledged.size).toBeGreaterThanOrEqual(60);
    expect(lost).toEqual([]);
  });
});
