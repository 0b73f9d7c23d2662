import type { Json } from "../core/intent.ts";
import type { AuditSink, StoredHead } from "./audit-sink.ts";
import { readHeads } from "./checkpoint.ts";
import { isCheckpointStream } from "./stream-name.ts";

/** Where each stream goes on: the newest receipt that any sink holds. */
export function findHeads(sinks: readonly AuditSink[]): ReadonlyMap<string, StoredHead> {
  const newest = new Map<string, StoredHead>();
  for (const sink of sinks) {
    for (const [stream, head] of sink.heads) {
      if (head.seq > (newest.get(stream)?.seq ?? 0)) newest.set(stream, head);
    }
  }
  return newest;
}

/** Streams that went on after the last checkpoint: a crash left them so, or someone did while the server was down. */
export function findUnsigned(heads: ReadonlyMap<string, StoredHead>, checkpointStream: string): readonly Json[] {
  const last = heads.get(checkpointStream);
  const signed = last === undefined ? new Map() : readHeads(last.receipt);
  const unsigned: Json[] = [];
  for (const [stream, head] of heads) {
    if (isCheckpointStream(stream)) continue;
    const signedSeq = signed.get(stream)?.seq ?? 0;
    if (head.seq > signedSeq) unsigned.push({ stream, signed: signedSeq, found: head.seq });
  }
  return unsigned;
}
