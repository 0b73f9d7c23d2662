import { mkdtemp, readdir, readFile, rm, stat, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { AuditSink } from "../../../src/audit/audit-sink.ts";
import { GENESIS } from "../../../src/audit/chain.ts";
import { createRecorder, type RecorderOptions } from "../../../src/audit/create-recorder.ts";
import { createFileSink } from "../../../src/audit/sinks/file.ts";
import { verifyReceipts } from "../../../src/audit/verify.ts";
import { createMemorySink } from "./memory-sink.ts";
import { createKey, createNotingObserver, createTestClock, sampleDecision, unidentifiedDenial } from "./sample-receipts.ts";

const key = createKey();
const bytesSink = process.stdout;

function createTestRecorder(sinks: readonly AuditSink[], options: Partial<RecorderOptions> = {}) {
  const clock = createTestClock();
  const observer = createNotingObserver();
  const recorder = createRecorder({ sinks, server: "pod-1", clock, signingKey: key, observer, ...options });
  return { recorder, clock, observer };
}

describe("a sink that fails", () => {
  it("keeps the receipts, says so once in the log, and stores them in order when it works again", async () => {
    const sink = createMemorySink();
    const { recorder, observer } = createTestRecorder([sink]);
    sink.failing = true;
    recorder.record(sampleDecision());
    await expect(recorder.flush()).rejects.toThrow("memory does not take records");
    recorder.record(sampleDecision());
    await expect(recorder.flush()).rejects.toThrow("memory does not take records");
    expect(observer.logs).toEqual(["error: receipts cannot be written"]);
    expect(observer.faults).toEqual(["receipts retry", "receipts retry"]);
    sink.failing = false;
    recorder.record(sampleDecision());
    await recorder.flush();
    expect(sink.lines("default").map((line) => line["seq"])).toEqual([1, 2, 3]);
    expect(observer.counts.get("sluice_receipts_total")).toBe(3);
  });

  it("drops beyond its bound, counts each, and records the gap under a signature", async () => {
    const sink = createMemorySink();
    const { recorder, observer } = createTestRecorder([sink], { queueCharsMax: 6_000 });
    sink.failing = true;
    for (let i = 0; i < 10; i++) recorder.record(sampleDecision());
    await expect(recorder.flush()).rejects.toThrow();
    sink.failing = false;
    await recorder.flush();
    recorder.record(sampleDecision());
    await recorder.flush();
    const lines = sink.lines("default");
    expect(lines.map((line) => [line["seq"], line["kind"]])).toEqual([
      [1, "decision"],
      [2, "decision"],
      [11, "gap"],
      [12, "decision"],
    ]);
    expect(lines[2]).toMatchObject({ sink: "memory", first: 3, last: 10, lost: 8 });
    expect(sink.lines("~checkpoints")[0]).toMatchObject({ kind: "checkpoint", heads: { default: { seq: 11, hash: lines[2]?.["hash"] } } });
    expect(observer.counts.get("sluice_receipts_dropped_total")).toBe(8);
    expect(observer.logs).toContain("error: receipts are being dropped");
  });

  it("for one stream does not keep the others from being stored", async () => {
    const sink = createMemorySink();
    const { recorder } = createTestRecorder([sink]);
    sink.refused.add("broken");
    recorder.record(sampleDecision({ tenant: "broken" }));
    recorder.record(sampleDecision());
    await expect(recorder.flush()).rejects.toThrow();
    expect(sink.lines("default")).toHaveLength(1);
  });

  it("does not take the receipts from another sink", async () => {
    const [broken, working] = [createMemorySink("broken"), createMemorySink("working")];
    const { recorder } = createTestRecorder([broken, working]);
    broken.failing = true;
    recorder.record(sampleDecision());
    await expect(recorder.flush()).rejects.toThrow("broken does not take records");
    expect(working.lines("default")).toHaveLength(1);
  });

  it("ends all the same, counting what was lost", async () => {
    const sink = createMemorySink();
    const { recorder, observer } = createTestRecorder([sink]);
    sink.failing = true;
    recorder.record(sampleDecision());
    await recorder.close();
    expect(observer.logs).toContain("error: receipts were lost");
    expect(observer.counts.get("sluice_receipts_dropped_total")).toBe(2);
    expect(sink.log).toEqual(["sync", "sync", "close"]);
  });
});

describe("a sink that never answers", () => {
  it("does not keep the recorder from ending", async () => {
    const sink: AuditSink = { ...createMemorySink(), append: () => new Promise(() => {}), close: () => new Promise(() => {}) };
    const { recorder, observer } = createTestRecorder([sink], { closeWithinMs: 10 });
    recorder.record(sampleDecision());
    await recorder.close();
    expect(observer.logs).toEqual(["error: receipts were lost"]);
    expect(observer.counts.get("sluice_receipts_dropped_total")).toBe(2);
  });
});

describe("denials without a tenant", () => {
  it("beyond the rate become one counted receipt a second", async () => {
    const sink = createMemorySink();
    const { recorder, clock } = createTestRecorder([sink], { identicalDenialsPerSecondMax: 3 });
    for (let i = 0; i < 8; i++) recorder.record(unidentifiedDenial());
    recorder.record(unidentifiedDenial({ code: "token_expired" }));
    clock.advance(1_000);
    recorder.record(unidentifiedDenial());
    await recorder.flush();
    expect(sink.lines("-").map((line) => [line["code"], line["count"], line["decision_id"]])).toEqual([
      ["token_missing", undefined, "01JD6Q3Z8W0000000000000000"],
      ["token_missing", undefined, "01JD6Q3Z8W0000000000000000"],
      ["token_missing", undefined, "01JD6Q3Z8W0000000000000000"],
      ["token_expired", undefined, "01JD6Q3Z8W0000000000000000"],
      ["token_missing", 5, null],
      ["token_missing", undefined, "01JD6Q3Z8W0000000000000000"],
    ]);
    expect(sink.lines("-")[4]).toMatchObject({ decision: "deny", class: "identity", call: null, trace_id: null, facts: {} });
  });

  it("are all counted at the end", async () => {
    const sink = createMemorySink();
    const { recorder } = createTestRecorder([sink]);
    for (let i = 0; i < 5_000; i++) recorder.record(unidentifiedDenial());
    await recorder.close();
    const lines = sink.lines("-");
    expect(lines).toHaveLength(101);
    expect(lines.at(-1)).toMatchObject({ code: "token_missing", count: 4_900 });
  });

  it("leave denials of a known tenant and the server's own events alone", async () => {
    const sink = createMemorySink();
    const { recorder } = createTestRecorder([sink], { identicalDenialsPerSecondMax: 1 });
    for (let i = 0; i < 3; i++) recorder.record(sampleDecision({ decision: "deny", class: "policy", code: "no_matching_rule" }));
    for (let i = 0; i < 3; i++) recorder.record({ kind: "config", tenant: null, event: "reloaded", detail: {} });
    await recorder.flush();
    expect(sink.lines("default")).toHaveLength(3);
    expect(sink.lines("-")).toHaveLength(3);
  });
});

describe("the chain", () => {
  it("is one for each tenant, from 64 zeros on", async () => {
    const sink = createMemorySink();
    const { recorder } = createTestRecorder([sink]);
    for (const tenant of ["a", "b", "a"]) recorder.record(sampleDecision({ tenant }));
    await recorder.flush();
    const [first, second] = sink.lines("a");
    expect(first).toMatchObject({ stream: "a", seq: 1, prev: GENESIS, server: "pod-1", at: "2026-11-21T10:15:00.000Z" });
    expect(second).toMatchObject({ stream: "a", seq: 2, prev: first?.["hash"] });
    expect(sink.lines("b")).toMatchObject([{ stream: "b", seq: 1, prev: GENESIS }]);
  });

  it("is the writer's own where there are several", async () => {
    const sink = createMemorySink();
    const { recorder } = createTestRecorder([sink], { writer: "w2" });
    recorder.record(sampleDecision());
    await recorder.close();
    expect(sink.lines("default~w2")).toHaveLength(1);
    expect(sink.lines("~checkpoints~w2")).toHaveLength(1);
  });

  it("holds approvals and the server's events beside decisions", async () => {
    const sink = createMemorySink();
    const { recorder } = createTestRecorder([sink]);
    const approval = { id: "apr_1", state: "approved", by: "ana", reason: null, digest: "cd".repeat(32), rule: "payments/large" };
    recorder.record({ kind: "approval", tenant: "default", approval });
    recorder.record({ kind: "config", tenant: null, event: "started", detail: { mode: "shadow" } });
    await recorder.flush();
    expect(sink.lines("default")).toMatchObject([{ kind: "approval", tenant: "default", approval, v: 1 }]);
    expect(sink.lines("-")).toMatchObject([{ kind: "config", tenant: null, event: "started", detail: { mode: "shadow" }, v: 1 }]);
  });
});

describe("checkpoints", () => {
  it("are signed after so many receipts and at the end, and name the heads of all streams", async () => {
    const sink = createMemorySink();
    const { recorder } = createTestRecorder([sink], { checkpointEvery: 3 });
    for (const tenant of ["a", "b", "a", "b"]) recorder.record(sampleDecision({ tenant }));
    await recorder.close();
    expect(sink.lines("~checkpoints").map((line) => line["heads"])).toMatchObject([
      { a: { seq: 2, hash: sink.lines("a")[1]?.["hash"] }, b: { seq: 1, hash: sink.lines("b")[0]?.["hash"] } },
      { a: { seq: 2 }, b: { seq: 2 }, "~checkpoints": { seq: 1, hash: sink.lines("~checkpoints")[0]?.["hash"] } },
    ]);
  });

  it("are stored after what they cover, between two syncs", async () => {
    const sink = createMemorySink();
    const { recorder } = createTestRecorder([sink]);
    recorder.record(sampleDecision());
    await recorder.close();
    expect(sink.log).toEqual(["append default", "sync", "append ~checkpoints", "sync", "close"]);
  });

  it("are not repeated when nothing happened", async () => {
    const sink = createMemorySink();
    const { recorder } = createTestRecorder([sink]);
    await recorder.close();
    await recorder.close();
    expect(sink.lines("~checkpoints")).toEqual([]);
  });
});

describe("after a restart on the same files", () => {
  let folder = "";
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "receipts-"));
  });
  afterEach(() => rm(folder, { recursive: true }));

  async function openRecorder() {
    const observer = createNotingObserver();
    const sink = await createFileSink({ folder, out: bytesSink, observer })();
    return { ...createTestRecorder([sink], { observer }), observer };
  }

  async function recordAndClose(count: number) {
    const { recorder, observer } = await openRecorder();
    for (let i = 0; i < count; i++) recorder.record(sampleDecision());
    await recorder.close();
    return observer;
  }

  async function verifyAll() {
    const names = (await readdir(folder)).filter((name) => name.endsWith(".jsonl")).sort();
    return verifyReceipts({ files: names.map((name) => join(folder, name)), keys: [key], anchor: null });
  }

  it("goes on where each stream ended", async () => {
    await recordAndClose(3);
    const observer = await recordAndClose(2);
    expect(observer.logs).toEqual([]);
    const report = await verifyAll();
    expect(report).toMatchObject({ ok: true, problems: [] });
    expect(report.streams).toEqual([
      { stream: "default", receipts: 5, lastSeq: 5, signedSeq: 5 },
      { stream: "~checkpoints", receipts: 2, lastSeq: 2, signedSeq: 1 },
    ]);
    expect(report.warnings.map((warning) => warning.kind)).toEqual(["no_anchor"]);
  });

  it("sets a torn last line aside, loudly, and goes on from the whole one before it", async () => {
    await recordAndClose(3);
    const file = join(folder, "default.jsonl");
    const text = await readFile(file, "utf8");
    const torn = '{"actors":["plan';
    await writeFile(file, torn, { flag: "a" });
    const observer = await recordAndClose(1);
    expect(observer.logs[0]).toBe("error: a receipt was torn when the server stopped; its bytes were set aside");
    expect(observer.faults).toEqual(["receipts torn"]);
    expect(await readFile(`${file}.torn-${Buffer.byteLength(text)}`, "utf8")).toBe(torn);
    expect(await verifyAll()).toMatchObject({ ok: true, problems: [] });
  });

  it("says that it goes on from receipts that no checkpoint covers", async () => {
    await recordAndClose(3);
    await rm(join(folder, "~checkpoints.jsonl"));
    const observer = await recordAndClose(0);
    expect(observer.logs).toEqual(["warn: receipts that no checkpoint covers were found and are continued"]);
    const [event] = (await readFile(join(folder, "-.jsonl"), "utf8")).trim().split("\n");
    expect(JSON.parse(event ?? "")).toMatchObject({
      kind: "config",
      event: "unsigned_receipts_continued",
      detail: { streams: [{ stream: "default", signed: 0, found: 3 }] },
    });
    expect((await verifyAll()).warnings.map((warning) => warning.kind)).toContain("continued");
  });

  it("refuses to start from a last line that is no receipt", async () => {
    await recordAndClose(2);
    const file = join(folder, "default.jsonl");
    await writeFile(file, `${(await readFile(file, "utf8")).replaceAll("finance-7", "finance-8")}`);
    await expect(openRecorder()).rejects.toThrow("default.jsonl ends in a line that is no receipt");
  });

  it("begins a stream anew that has no whole line", async () => {
    await recordAndClose(1);
    await truncate(join(folder, "default.jsonl"), 10);
    await rm(join(folder, "~checkpoints.jsonl"));
    await recordAndClose(1);
    expect((await verifyAll()).streams[0]).toEqual({ stream: "default", receipts: 1, lastSeq: 1, signedSeq: 1 });
  });

  it("keeps the files to the owner", async () => {
    await recordAndClose(1);
    for (const name of await readdir(folder)) expect((await stat(join(folder, name))).mode & 0o777).toBe(0o600);
  });
});
