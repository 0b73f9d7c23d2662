import { hash } from "node:crypto";
import { appendFile, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import canonicalize from "canonicalize";
import fc from "fast-check";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createRecorder } from "../../../src/audit/create-recorder.ts";
import { createFileSink } from "../../../src/audit/sinks/file.ts";
import { verifyReceipts } from "../../../src/audit/verify.ts";
import { SILENT } from "../../../src/core/observer.ts";
import { createKey, createTestClock, sampleDecision, unidentifiedDenial } from "./sample-receipts.ts";

const key = createKey();
const stranger = createKey("receipts-1");

/** 13 receipts of two streams and 3 checkpoints: after 5, after 10, and at the end. */
async function writeReceipts(folder: string): Promise<void> {
  const sink = await createFileSink({ folder, out: process.stdout, observer: SILENT })();
  const clock = createTestClock();
  const recorder = createRecorder({ sinks: [sink], server: "s", clock, signingKey: key, observer: SILENT, checkpointEvery: 5 });
  for (let i = 0; i < 13; i++) {
    clock.advance(10);
    recorder.record(i % 4 === 3 ? unidentifiedDenial({ us: i }) : sampleDecision({ us: i, reasons: ["caf\u00e9 \u2028 \ufffd"] }));
  }
  await recorder.close();
}

function verify(folder: string, names: readonly string[], anchor: string | null = null) {
  return verifyReceipts({ files: names.map((name) => join(folder, name)), keys: [key], anchor });
}

let original = "";
let folder = "";
const NAMES = ["-.jsonl", "default.jsonl", "~checkpoints.jsonl"];
beforeAll(async () => {
  original = await mkdtemp(join(tmpdir(), "receipts-"));
  await writeReceipts(original);
  expect((await readdir(original)).sort()).toEqual(NAMES);
});
afterAll(() => rm(original, { recursive: true }));
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "receipts-"));
  for (const name of NAMES) await writeFile(join(folder, name), await readFile(join(original, name)));
});
afterEach(() => rm(folder, { recursive: true }));

async function edit(name: string, change: (lines: string[]) => string[]): Promise<void> {
  const path = join(folder, name);
  const lines = (await readFile(path, "utf8")).split("\n").slice(0, -1);
  await writeFile(
    path,
    change(lines)
      .map((line) => `${line}\n`)
      .join(""),
  );
}

/** The line with its members changed and the hash made right again, as a forger would. */
function forge(line: string | undefined, change: Record<string, unknown>): string {
  const { hash: _old, ...fields } = { ...JSON.parse(line ?? "{}"), ...change };
  return canonicalize({ ...fields, hash: hash("sha256", canonicalize(fields) ?? "", "hex") }) ?? "";
}

async function problemsOf() {
  const report = await verify(folder, NAMES);
  expect(report.ok).toBe(report.problems.length === 0);
  return report.problems.map(({ kind, file, line, stream, seq }) => ({
    kind,
    file: file?.slice(folder.length + 1) ?? null,
    line,
    stream,
    seq,
  }));
}

const IN_DEFAULT = { file: "default.jsonl", stream: "default" };
const IN_CHECKPOINTS = { file: "~checkpoints.jsonl", stream: "~checkpoints" };

describe("verifyReceipts", () => {
  it("names a line that was changed", async () => {
    await edit("default.jsonl", (lines) => lines.with(2, (lines[2] ?? "").replace('"decision":"allow"', '"decision":"deny"')));
    expect(await problemsOf()).toEqual([{ kind: "changed", ...IN_DEFAULT, line: 3, seq: 3 }]);
  });

  it.each([
    ["seq", { seq: 99 }],
    ["prev", { prev: "0".repeat(64) }],
    ["hash", { hash: "f".repeat(64) }],
  ])("names the same line when its %s was changed", async (_member, change) => {
    await edit("default.jsonl", (lines) => lines.with(2, canonicalize({ ...JSON.parse(lines[2] ?? ""), ...change }) ?? ""));
    expect(await problemsOf()).toEqual([{ kind: "changed", ...IN_DEFAULT, line: 3, seq: 3 }]);
  });

  it("names a line whose bytes were changed though it reads the same", async () => {
    const path = join(folder, "default.jsonl");
    const bytes = await readFile(path);
    const at = bytes.indexOf("\ufffd");
    await writeFile(path, Buffer.concat([bytes.subarray(0, at), Buffer.from([0xff]), bytes.subarray(at + 3)]));
    expect((await problemsOf())[0]).toEqual({ kind: "unreadable", file: "default.jsonl", line: 1, stream: null, seq: null });
  });

  it("names a line with a second member of the same name", async () => {
    await edit("default.jsonl", (lines) => lines.with(0, (lines[0] ?? "").replace("{", '{"decision":"deny",')));
    expect(await problemsOf()).toEqual([{ kind: "changed", ...IN_DEFAULT, line: 1, seq: 1 }]);
  });

  it("names the link that breaks where a line was changed and its hash made right", async () => {
    await edit("default.jsonl", (lines) => lines.with(2, forge(lines[2], { decision: "deny" })));
    expect(await problemsOf()).toEqual([{ kind: "broken_link", ...IN_DEFAULT, line: 4, seq: 4 }]);
  });

  it("names the receipt that a checkpoint signed and is another one now", async () => {
    await edit("default.jsonl", (lines) => lines.with(9, forge(lines[9], { decision: "deny" })));
    expect(await problemsOf()).toEqual([{ kind: "rewritten", ...IN_DEFAULT, line: 10, seq: 10 }]);
  });

  it.each([
    ["the first", 0, { line: 1, seq: 1 }],
    ["one in the middle", 4, { line: 5, seq: 5 }],
  ])("names %s when it was removed", async (_which, index, where) => {
    await edit("default.jsonl", (lines) => lines.toSpliced(index, 1));
    expect(await problemsOf()).toEqual([{ kind: "removed", ...IN_DEFAULT, ...where }]);
  });

  it("names the last one when it was removed", async () => {
    await edit("default.jsonl", (lines) => lines.slice(0, -1));
    expect(await problemsOf()).toEqual([{ kind: "truncated", file: null, line: null, stream: "default", seq: 10 }]);
  });

  it("names a stream whose file is gone", async () => {
    const { problems } = await verify(folder, ["-.jsonl", "~checkpoints.jsonl"]);
    expect(problems).toMatchObject([{ kind: "truncated", stream: "default", seq: 1 }]);
  });

  it("names a line that was moved", async () => {
    await edit("default.jsonl", (lines) => lines.toSpliced(3, 1).toSpliced(6, 0, lines[3] ?? ""));
    expect(await problemsOf()).toEqual([{ kind: "reordered", ...IN_DEFAULT, line: 7, seq: 4 }]);
  });

  it("names a line that is there twice", async () => {
    await edit("default.jsonl", (lines) => [...lines, lines[3] ?? ""]);
    expect(await problemsOf()).toEqual([{ kind: "repeated", ...IN_DEFAULT, line: 11, seq: 4 }]);
  });

  it("names bytes that are no receipt, and half a line", async () => {
    await appendFile(join(folder, "default.jsonl"), 'null\n{"v":1}\n{"v"');
    expect(await problemsOf()).toEqual(
      [11, 12, 13].map((line) => ({ kind: "unreadable", file: "default.jsonl", line, stream: null, seq: null })),
    );
  });

  it("believes no checkpoint whose signature is bad", async () => {
    await edit("~checkpoints.jsonl", (lines) => lines.with(2, forge(lines[2], { heads: {} })));
    expect(await problemsOf()).toEqual([{ kind: "bad_signature", ...IN_CHECKPOINTS, line: 3, seq: 3 }]);
  });

  it("believes no checkpoint of a key that was not given, nor of another with the same id", async () => {
    const files = NAMES.map((name) => join(folder, name));
    const unknown = await verifyReceipts({ files, keys: [{ ...key, kid: "receipts-2" }], anchor: null });
    expect(unknown.problems.map((problem) => problem.kind)).toEqual(["unknown_key", "unknown_key", "unknown_key"]);
    const forged = await verifyReceipts({ files, keys: [stranger], anchor: null });
    expect(forged.problems.map((problem) => problem.kind)).toEqual(["bad_signature", "bad_signature", "bad_signature"]);
    expect(forged.checkpoint).toBeNull();
    expect(forged.streams.map((stream) => stream.signedSeq)).toEqual([0, 0, 0]);
  });

  it("warns of receipts that no checkpoint covers", async () => {
    await edit("~checkpoints.jsonl", (lines) => lines.slice(0, 2));
    const report = await verify(folder, NAMES);
    expect(report.ok).toBe(true);
    expect(report.warnings).toMatchObject([
      { kind: "unsigned_tail", stream: "-", seq: 3 },
      { kind: "unsigned_tail", stream: "default", seq: 9 },
      { kind: "no_anchor" },
    ]);
  });

  it("sees by an anchor that receipts and checkpoints were cut off together", async () => {
    const anchor = (await verify(folder, NAMES)).checkpoint?.hash ?? "";
    expect(await verify(folder, NAMES, anchor)).toMatchObject({ ok: true, warnings: [] });
    await edit("~checkpoints.jsonl", (lines) => lines.slice(0, 2));
    await edit("default.jsonl", (lines) => lines.slice(0, 8));
    await edit("-.jsonl", (lines) => lines.slice(0, 2));
    expect((await verify(folder, NAMES)).ok).toBe(true);
    expect((await verify(folder, NAMES, anchor)).problems).toMatchObject([{ kind: "anchor_missing" }]);
  });

  it("passes what was not touched, whatever the order of the files, and in one file", async () => {
    const streams = [
      { stream: "-", receipts: 3, lastSeq: 3, signedSeq: 3 },
      { stream: "default", receipts: 10, lastSeq: 10, signedSeq: 10 },
      { stream: "~checkpoints", receipts: 3, lastSeq: 3, signedSeq: 2 },
    ];
    const checkpoint = { stream: "~checkpoints", seq: 3, at: "2026-11-21T10:15:00.130Z" };
    expect(await verify(folder, NAMES)).toMatchObject({ ok: true, problems: [], problemsMore: 0, streams, checkpoint });
    expect(await verify(folder, NAMES.toReversed())).toMatchObject({ ok: true, problems: [] });
    const all = await Promise.all(NAMES.map((name) => readFile(join(folder, name), "utf8")));
    await writeFile(join(folder, "stdout.log"), all.join(""));
    expect(await verify(folder, ["stdout.log"])).toMatchObject({ ok: true, problems: [] });
  });

  it("takes a hole that the record explains for a gap, and no other", async () => {
    await edit("default.jsonl", (lines) => lines.toSpliced(3, 2));
    const line = forge(undefined, {
      ...{ v: 1, kind: "gap", stream: "default", seq: 11, sink: "file", first: 4, last: 4, lost: 1, at: "", server: "s" },
      prev: JSON.parse((await readFile(join(folder, "default.jsonl"), "utf8")).trim().split("\n").at(-1) ?? "").hash,
    });
    await appendFile(join(folder, "default.jsonl"), `${line}\n`);
    const report = await verify(folder, NAMES);
    expect(report.problems).toMatchObject([{ kind: "removed", seq: 5 }]);
    expect(report.warnings).toMatchObject([{ kind: "gap", stream: "default", seq: 4 }, { kind: "unsigned_tail" }, { kind: "no_anchor" }]);
  });
});

describe("any single edit", () => {
  const index = fc.nat();
  const change = fc.oneof(
    fc.record({ kind: fc.constant("flip"), at: index, to: fc.integer({ min: 0, max: 255 }) }),
    fc.record({ kind: fc.constant("remove"), at: index }),
    fc.record({ kind: fc.constant("swap"), at: index }),
    fc.record({ kind: fc.constant("move"), at: index, to: index }),
    fc.record({ kind: fc.constant("repeat"), at: index, to: index }),
  ) as fc.Arbitrary<{ kind: "flip" | "remove" | "swap" | "move" | "repeat"; at: number; to: number }>;

  function apply(bytes: Buffer, { kind, at, to }: { kind: string; at: number; to: number }): Buffer {
    if (kind === "flip") {
      const changed = Buffer.from(bytes);
      changed[at % bytes.length] = to;
      return changed;
    }
    const lines = bytes.toString().split("\n").slice(0, -1);
    const i = at % lines.length;
    const line = lines[i] ?? "";
    const rest = lines.toSpliced(i, 1);
    const result =
      kind === "remove"
        ? rest
        : kind === "swap"
          ? rest.toSpliced((i + 1) % lines.length, 0, line)
          : kind === "move"
            ? rest.toSpliced(to % lines.length, 0, line)
            : lines.toSpliced(to % lines.length, 0, line);
    return Buffer.from(result.map((text) => `${text}\n`).join(""));
  }

  it("is found, and named with its file, line or number", async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...NAMES), change, async (name, edited) => {
        const before = await readFile(join(original, name));
        const after = apply(before, edited);
        fc.pre(!after.equals(before));
        await writeFile(join(folder, name), after);
        const report = await verify(folder, NAMES);
        await writeFile(join(folder, name), before);
        const named = report.problems.filter((problem) => problem.line !== null || problem.seq !== null);
        // The newest checkpoint is the one line whose removal only an anchor can show; its receipts are unsigned then.
        const isNewestCheckpoint = name === "~checkpoints.jsonl" && edited.kind === "remove" && edited.at % 3 === 2;
        expect(named.length === 0).toBe(isNewestCheckpoint);
        expect(report.warnings.some((warning) => warning.kind === "unsigned_tail") || !isNewestCheckpoint).toBe(true);
        expect(report.problems.length).toBe(named.length);
      }),
      { numRuns: 300 },
    );
  });
});
