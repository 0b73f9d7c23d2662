import type { Observer } from "../core/observer.ts";
import type { AuditSink } from "./audit-sink.ts";
import type { Backlog } from "./backlog.ts";
import { isCheckpointStream } from "./stream-name.ts";

const LINES_PER_WRITE_MAX = 1_000;

/**
 * Writes what waits now, every stream though another fails, checkpoints last and between two syncs: what a stored
 * checkpoint covers is stored. Gives the first failure, or null.
 */
export async function writeLines(backlog: Backlog, sink: AuditSink, observer: Observer): Promise<{ readonly failure: unknown } | null> {
  const streams = backlog.streams();
  const checkpoints = streams.filter(isCheckpointStream);
  let failed: { readonly failure: unknown } | null = null;
  const attempt = async (act: () => Promise<void>) => {
    await act().catch((failure: unknown) => {
      failed ??= { failure };
    });
  };
  for (const stream of streams) if (!isCheckpointStream(stream)) await attempt(() => writeStream(stream, backlog, { sink, observer }));
  if (checkpoints.length > 0) await attempt(sink.sync);
  for (const stream of checkpoints) await attempt(() => writeStream(stream, backlog, { sink, observer }));
  if (checkpoints.length > 0) await attempt(sink.sync);
  return failed;
}

async function writeStream(
  stream: string,
  backlog: Backlog,
  { sink, observer }: { readonly sink: AuditSink; readonly observer: Observer },
): Promise<void> {
  for (let lines = backlog.first(stream, LINES_PER_WRITE_MAX); lines.length > 0; lines = backlog.first(stream, LINES_PER_WRITE_MAX)) {
    const text = lines.map((line) => line.text).join("");
    await sink.append(stream, text);
    backlog.remove(stream, lines);
    observer.count("sluice_receipts_total", { sink: sink.name }, lines.length);
    observer.count("sluice_receipt_bytes_total", { sink: sink.name }, Buffer.byteLength(text));
  }
}
