import { GENESIS } from "./chain.ts";
import type { ParsedReceipt } from "./parse-receipt.ts";
import { createSeqHoles } from "./seq-holes.ts";
import type { SignedHeads } from "./signed-heads.ts";
import { isCheckpointStream } from "./stream-name.ts";
import type { Findings, Problem, ProblemKind, StreamSummary, Where } from "./verify-report.ts";

/** Follows one stream through its lines, in the order they are stored. */
export type StreamCheck = {
  readonly see: (receipt: ParsedReceipt, where: Where) => void;
  readonly end: () => StreamSummary;
};

export function createStreamCheck(stream: string, signed: SignedHeads, findings: Findings): StreamCheck {
  const holes = createSeqHoles();
  let receipts = 0;
  let lastSeq = 0;
  /** Hashes that the line after `lastSeq` may name. */
  let prevs: readonly (string | null)[] = [GENESIS];

  function report(kind: ProblemKind, seq: number, where: Where | null, message: string): void {
    const problem: Problem = { kind, stream, seq, file: where?.file ?? null, line: where?.line ?? null, message };
    findings.problem(problem);
  }

  function seeChanged(receipt: ParsedReceipt, where: Where): void {
    // Any member may be the changed one: the line keeps its place if either its number or its link fits.
    const inPlace = receipt.seq === lastSeq + 1 || prevs.includes(receipt.prev);
    const seq = inPlace ? lastSeq + 1 : receipt.seq;
    report("changed", seq, where, "the line is not what its hash says");
    if (!inPlace) return;
    lastSeq = seq;
    prevs = [receipt.hash, receipt.computed];
  }

  function seeLater(receipt: ParsedReceipt, where: Where): void {
    if (receipt.seq > lastSeq + 1) holes.add(lastSeq + 1, receipt.seq - 1, where);
    else if (!prevs.includes(receipt.prev)) {
      report("broken_link", receipt.seq, where, `it does not follow the receipt ${receipt.seq - 1} before it: one of the two was replaced`);
    }
    lastSeq = receipt.seq;
    prevs = [receipt.hash];
  }

  function seeEarlier(receipt: ParsedReceipt, where: Where): void {
    if (holes.fill(receipt.seq)) report("reordered", receipt.seq, where, "the line stands after a later receipt");
    else report("repeated", receipt.seq, where, "a receipt with this number was there before");
  }

  function checkSigned(receipt: ParsedReceipt, where: Where): void {
    if (signed.hashesAt(stream, receipt.seq).some((hash) => hash !== receipt.hash)) {
      report("rewritten", receipt.seq, where, "it is not the receipt that a checkpoint signed");
    }
  }

  function see(receipt: ParsedReceipt, where: Where): void {
    receipts++;
    if (receipt.intact) seeIntact(receipt, where);
    else seeChanged(receipt, where);
  }

  function seeIntact(receipt: ParsedReceipt, where: Where): void {
    checkSigned(receipt, where);
    const { kind, first, last } = receipt.fields;
    if (kind === "gap" && typeof first === "number" && typeof last === "number") holes.excuse(first, last);
    if (receipt.seq > lastSeq) seeLater(receipt, where);
    else seeEarlier(receipt, where);
  }

  function end(): StreamSummary {
    for (const hole of holes.unexcused()) {
      report("removed", hole.first, hole.where, `${countText(hole)} before this line ${hole.first === hole.last ? "is" : "are"} missing`);
    }
    for (const hole of holes.excused()) {
      const message = `${countText(hole)} could not be stored; the record says so`;
      findings.warn({ kind: "gap", stream, seq: hole.first, message });
    }
    const signedSeq = signed.lastSeq(stream);
    if (signedSeq > lastSeq) {
      report(
        "truncated",
        lastSeq + 1,
        null,
        `${countText({ first: lastSeq + 1, last: signedSeq })} at the end are missing: a checkpoint signed them`,
      );
    }
    if (signedSeq < lastSeq && !isCheckpointStream(stream)) {
      const message = `${countText({ first: signedSeq + 1, last: lastSeq })} are not covered by a checkpoint`;
      findings.warn({ kind: "unsigned_tail", stream, seq: signedSeq + 1, message });
    }
    return { stream, receipts, lastSeq, signedSeq };
  }

  return { see, end };
}

function countText({ first, last }: { readonly first: number; readonly last: number }): string {
  return first === last ? `receipt ${first}` : `receipts ${first} to ${last}`;
}
