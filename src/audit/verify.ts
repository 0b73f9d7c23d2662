import type { VerifyingKey } from "../core/keys.ts";
import { type ParsedReceipt, parseReceipt } from "./parse-receipt.ts";
import { type FileLine, readLines } from "./read-lines.ts";
import { createSignedHeads, type SignedHeads } from "./signed-heads.ts";
import { isCheckpointStream } from "./stream-name.ts";
import { createFindings, type Findings, type VerifyReport, type Where } from "./verify-report.ts";
import { createStreamCheck, type StreamCheck } from "./verify-stream.ts";

export type { VerifyReport } from "./verify-report.ts";

export type VerifyOptions = {
  /** All files of all streams; those of one stream in their order. */
  readonly files: readonly string[];
  /** Pinned public keys of `receipts`: from whoever verifies, never from beside the files. */
  readonly keys: readonly VerifyingKey[];
  /** The `hash` of a checkpoint that was kept elsewhere; null for none. */
  readonly anchor: string | null;
};

/** Reads every file twice: the checkpoints first, then every line against its chain and against what was signed. */
export async function verifyReceipts({ files, keys, anchor }: VerifyOptions): Promise<VerifyReport> {
  const findings = createFindings();
  const signed = createSignedHeads(keys, findings);
  for (const file of files) await readCheckpoints(file, signed.learn);
  const checks = new Map<string, StreamCheck>();
  for (const file of files) await checkFile(file, checks, { signed, findings });
  for (const stream of signed.streams()) useCheck(stream, checks, { signed, findings });
  const streams = [...checks.values()].map((check) => check.end());
  checkAnchor(anchor, signed, findings);
  return {
    ok: findings.problems.length === 0,
    streams,
    checkpoint: signed.newest(),
    problems: findings.problems,
    problemsMore: findings.more(),
    warnings: findings.warnings,
  };
}

async function readCheckpoints(file: string, learn: (checkpoint: ParsedReceipt, where: Where) => void): Promise<void> {
  for await (const line of readLines(file)) {
    if (line.text === null || !line.text.includes('"kind":"checkpoint"')) continue;
    const receipt = parseReceipt(line.text);
    // A changed one is reported with the other changed lines; what it names counts for nothing.
    if (receipt?.intact && isCheckpointStream(receipt.stream) && receipt.fields["kind"] === "checkpoint") {
      learn(receipt, { file, line: line.number });
    }
  }
}

type Context = { readonly signed: SignedHeads; readonly findings: Findings };

async function checkFile(file: string, checks: Map<string, StreamCheck>, context: Context): Promise<void> {
  for await (const line of readLines(file)) {
    const where = { file, line: line.number };
    const receipt = readReceipt(line);
    if (receipt === null) {
      const message = line.whole ? "the line is no receipt" : "the file ends in half a line";
      context.findings.problem({ ...where, kind: "unreadable", stream: null, seq: null, message });
    } else if (!receipt.intact && receipt.seq !== 1 && !checks.has(receipt.stream)) {
      // Its stream may be what was changed, so it does not found one.
      const { stream, seq } = receipt;
      context.findings.problem({ ...where, kind: "changed", stream, seq, message: "the line is not what its hash says" });
    } else {
      useCheck(receipt.stream, checks, context).see(receipt, where);
      noticeContinued(receipt, context.findings);
    }
  }
}

function readReceipt(line: FileLine): ParsedReceipt | null {
  return line.text === null || !line.whole ? null : parseReceipt(line.text);
}

function useCheck(stream: string, checks: Map<string, StreamCheck>, { signed, findings }: Context): StreamCheck {
  const check = checks.get(stream) ?? createStreamCheck(stream, signed, findings);
  checks.set(stream, check);
  return check;
}

function noticeContinued(receipt: ParsedReceipt, findings: Findings): void {
  if (receipt.fields["kind"] !== "config" || receipt.fields["event"] !== "unsigned_receipts_continued") return;
  const message =
    "a start went on from receipts that no checkpoint covered yet: after a crash, or after a change while the server was down";
  findings.warn({ kind: "continued", stream: receipt.stream, seq: receipt.seq, message });
}

function checkAnchor(anchor: string | null, signed: SignedHeads, findings: Findings): void {
  if (anchor === null) {
    const message = "newest receipts cut off together with their checkpoints cannot be seen; keep the newest checkpoint's hash elsewhere";
    findings.warn({ kind: "no_anchor", stream: null, seq: null, message });
  } else if (!signed.has(anchor)) {
    const place = { file: null, line: null, stream: null, seq: null };
    findings.problem({
      ...place,
      kind: "anchor_missing",
      message: "the checkpoint kept elsewhere is not among these, or its signature is bad",
    });
  }
}
