import type { Observer } from "../core/observer.ts";
import type { AuditSink } from "./audit-sink.ts";
import { createBacklog, type Hole } from "./backlog.ts";
import type { Line } from "./chain.ts";
import { within } from "./within.ts";
import { writeLines } from "./write-lines.ts";

/** The way to one sink: written in batches, one write under way at a time, kept while the sink fails, bounded. */
export type SinkQueue = {
  readonly push: (line: Line) => void;
  /** Resolves when all that was pushed is stored; rejects when the sink refuses. */
  readonly flush: () => Promise<void>;
  /** Ends the timers and the sink; what is not stored by now is lost and counted. */
  readonly close: (withinMs: number) => Promise<void>;
};

export type SinkQueueOptions = {
  readonly sink: AuditSink;
  readonly observer: Observer;
  readonly charsMax: number;
  /** The sink works again after lines were dropped. */
  readonly onRecovered: (holes: readonly Hole[]) => void;
};

const WRITE_AFTER_MS = 5;
const WRITE_AT_CHARS = 65_536;
const RETRY_FIRST_MS = 50;
const RETRY_MAX_MS = 1_000;

export function createSinkQueue({ sink, observer, charsMax, onRecovered }: SinkQueueOptions): SinkQueue {
  const backlog = createBacklog(charsMax);
  const report = createReport(sink.name, observer);
  let retryMs = 0;
  let timer: NodeJS.Timeout | null = null;
  let writing: Promise<void> | null = null;
  let closed = false;

  function push(line: Line): void {
    if (closed || !backlog.add(line)) report.dropped(line.stream);
    else if (backlog.chars() < WRITE_AT_CHARS) arm(WRITE_AFTER_MS);
    else if (retryMs === 0) start();
  }

  function arm(afterMs: number): void {
    if (timer === null && writing === null && !closed) timer = setTimeout(start, afterMs).unref();
  }

  function start(): void {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    writing ??= write();
  }

  async function write(): Promise<void> {
    const failed = await writeLines(backlog, sink, observer);
    writing = null;
    if (failed !== null) report.failed(failed.failure, retryMs === 0);
    retryMs = failed === null ? 0 : Math.min(RETRY_MAX_MS, Math.max(RETRY_FIRST_MS, retryMs * 2));
    const holes = closed ? [] : backlog.takeHoles();
    if (holes.length > 0) {
      report.recovered();
      onRecovered(holes);
    }
    if (backlog.lines() > 0) arm(failed === null ? WRITE_AFTER_MS : retryMs);
  }

  async function flush(): Promise<void> {
    do {
      await writing;
      if (backlog.lines() === 0) return;
      start();
      await writing;
    } while (retryMs === 0);
    throw new Error(`the receipts sink ${sink.name} does not take records`);
  }

  async function close(withinMs: number): Promise<void> {
    closed = true;
    if (timer !== null) clearTimeout(timer);
    await within(withinMs, writing ?? Promise.resolve());
    report.lost(backlog.lines());
    await within(withinMs, sink.close());
  }

  return { push, flush, close };
}

/** How a failing sink is loud: counters for each receipt, one line in the log for each outage. */
function createReport(sink: string, observer: Observer) {
  let dropping = false;
  return {
    dropped: function reportDropped(stream: string): void {
      observer.count("sluice_receipts_dropped_total", { sink });
      if (!dropping) observer.log("error", "receipts are being dropped", { sink, stream });
      dropping = true;
    },
    failed: function reportFailed(failure: unknown, isFirst: boolean): void {
      const code = failure instanceof Error && "code" in failure && typeof failure.code === "string" ? failure.code : "failed";
      if (isFirst) observer.log("error", "receipts cannot be written", { sink, error: code });
      observer.faulted("receipts", "retry", `${sink} ${code}`);
    },
    recovered: function reportRecovered(): void {
      observer.log("warn", "receipts are written again; what was lost is recorded as gaps", { sink });
      dropping = false;
    },
    lost: function reportLost(receipts: number): void {
      if (receipts === 0) return;
      observer.count("sluice_receipts_dropped_total", { sink }, receipts);
      observer.log("error", "receipts were lost", { sink, receipts });
    },
  };
}
