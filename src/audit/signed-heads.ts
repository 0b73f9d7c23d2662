import type { VerifyingKey } from "../core/keys.ts";
import { isSignedBy, readHeads } from "./checkpoint.ts";
import type { ParsedReceipt } from "./parse-receipt.ts";
import type { Findings, VerifyReport, Where } from "./verify-report.ts";

/** What the checkpoints with good signatures say. */
export type SignedHeads = {
  /** Hashes that checkpoints signed at this place: one, unless history was rewritten. */
  readonly hashesAt: (stream: string, seq: number) => readonly string[];
  /** The last signed number of a stream, 0 for none. */
  readonly lastSeq: (stream: string) => number;
  readonly streams: () => Iterable<string>;
  readonly newest: () => VerifyReport["checkpoint"];
  readonly has: (checkpointHash: string) => boolean;
};

const NONE: readonly string[] = [];

export function createSignedHeads(
  keys: readonly VerifyingKey[],
  findings: Findings,
): SignedHeads & {
  readonly learn: (checkpoint: ParsedReceipt, where: Where) => void;
} {
  const streams = new Map<string, { lastSeq: number; hashes: Map<number, readonly string[]> }>();
  const seen = new Set<string>();
  let newest: VerifyReport["checkpoint"] = null;

  function learn(checkpoint: ParsedReceipt, where: Where): void {
    const { stream, seq, fields } = checkpoint;
    const key = keys.find((candidate) => candidate.kid === fields["kid"]);
    const about = { ...where, stream, seq };
    if (key === undefined) {
      findings.problem({ ...about, kind: "unknown_key", message: "the checkpoint is signed by a key that was not given" });
      return;
    }
    if (!isSignedBy(key, fields)) {
      findings.problem({ ...about, kind: "bad_signature", message: "the checkpoint's signature is not its key's" });
      return;
    }
    seen.add(checkpoint.hash);
    const at = String(fields["at"]);
    if (newest === null || at >= newest.at) newest = { stream, seq, hash: checkpoint.hash, at };
    for (const [name, head] of readHeads(fields)) addHead(name, head.seq, head.hash);
  }

  function addHead(stream: string, seq: number, hash: string): void {
    const row = streams.get(stream) ?? { lastSeq: 0, hashes: new Map<number, readonly string[]>() };
    streams.set(stream, row);
    const known = row.hashes.get(seq) ?? NONE;
    if (!known.includes(hash)) row.hashes.set(seq, [...known, hash]);
    row.lastSeq = Math.max(row.lastSeq, seq);
  }

  return {
    learn,
    hashesAt: (stream, seq) => streams.get(stream)?.hashes.get(seq) ?? NONE,
    lastSeq: (stream) => streams.get(stream)?.lastSeq ?? 0,
    streams: () => streams.keys(),
    newest: () => newest,
    has: (checkpointHash) => seen.has(checkpointHash),
  };
}
