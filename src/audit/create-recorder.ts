import type { Clock } from "../core/clock.ts";
import type { SigningKey } from "../core/keys.ts";
import type { Observer } from "../core/observer.ts";
import type { DecisionReceipt, ReceiptDraft } from "../core/receipt.ts";
import type { AuditSink } from "./audit-sink.ts";
import { createChain } from "./chain.ts";
import { createScribe } from "./create-scribe.ts";
import { createDenialFold, type FoldedDenials } from "./fold-denials.ts";
import { findHeads, findUnsigned } from "./heads.ts";
import { checkpointStreamOf } from "./stream-name.ts";
import { within } from "./within.ts";

/** Gives every draft its place in its stream's chain and hands it to the sinks. */
export type Recorder = {
  /** Never waits and never throws; a sink that fails shows in log and metrics. */
  readonly record: (draft: ReceiptDraft) => void;
  /** Resolves when everything recorded so far is stored; rejects when a sink refuses. */
  readonly flush: () => Promise<void>;
  /** Signs the heads of all streams, flushes and ends the sinks. */
  readonly close: () => Promise<void>;
};

export type RecorderOptions = {
  /** Open ones; the recorder closes them. */
  readonly sinks: readonly AuditSink[];
  readonly server: string;
  readonly clock: Clock;
  /** The `receipts` key. */
  readonly signingKey: SigningKey;
  readonly observer: Observer;
  readonly checkpointEvery?: number;
  /** One of several writers of the same tenants; null for the only one. */
  readonly writer?: string | null;
  /** Per sink, of lines it has not taken yet. */
  readonly queueCharsMax?: number;
  readonly identicalDenialsPerSecondMax?: number;
  /** A sink that never answers is given up on after this. */
  readonly closeWithinMs?: number;
};

const CHECKPOINT_EVERY = 1_000;
const QUEUE_CHARS_MAX = 16 * 1024 * 1024;
const IDENTICAL_DENIALS_PER_SECOND_MAX = 100;
const CLOSE_WITHIN_MS = 5_000;
const FOLD_SETTLES_AFTER_MS = 1_000;

export function createRecorder(options: RecorderOptions): Recorder {
  const { sinks, clock, observer, signingKey, writer = null, closeWithinMs = CLOSE_WITHIN_MS } = options;
  const { checkpointEvery = CHECKPOINT_EVERY, queueCharsMax = QUEUE_CHARS_MAX } = options;
  const stored = findHeads(sinks);
  const chain = createChain({ server: options.server, nowMs: clock.nowMs, heads: stored });
  const scribe = createScribe({ sinks, chain, writer, signingKey, observer, checkpointEvery, queueCharsMax });
  const fold = createDenialFold(options.identicalDenialsPerSecondMax ?? IDENTICAL_DENIALS_PER_SECOND_MAX);
  let foldTimer: NodeJS.Timeout | null = null;
  let closing: Promise<void> | null = null;

  function record(draft: ReceiptDraft): void {
    if (draft.kind !== "decision") scribe.writeOther(draft);
    else if (draft.tenant === null && draft.decision === "deny") recordUnidentified(draft);
    else scribe.writeDecision(draft, null);
  }

  function recordUnidentified(draft: DecisionReceipt): void {
    const nowMs = clock.nowMs();
    writeFolded(fold.take(nowMs, false));
    if (fold.admits(draft, nowMs)) scribe.writeDecision(draft, null);
    else foldTimer ??= setTimeout(settleFold, FOLD_SETTLES_AFTER_MS).unref();
  }

  function settleFold(): void {
    if (foldTimer !== null) clearTimeout(foldTimer);
    foldTimer = null;
    writeFolded(fold.take(clock.nowMs(), true));
  }

  function writeFolded(folded: readonly FoldedDenials[]): void {
    for (const { draft, count } of folded) scribe.writeDecision(draft, count);
  }

  async function flush(): Promise<void> {
    settleFold();
    await Promise.all(scribe.queues.map((queue) => queue.flush()));
  }

  async function end(): Promise<void> {
    settleFold();
    scribe.sign();
    // What a sink refuses now is counted as lost when its queue closes.
    await within(closeWithinMs, Promise.allSettled(scribe.queues.map((queue) => queue.flush())));
    await Promise.all(scribe.queues.map((queue) => queue.close(closeWithinMs)));
  }

  const adopted = findUnsigned(stored, checkpointStreamOf(writer));
  if (adopted.length > 0) {
    observer.log("warn", "receipts that no checkpoint covers were found and are continued", { streams: adopted.length });
    scribe.writeOther({ kind: "config", tenant: null, event: "unsigned_receipts_continued", detail: { streams: adopted } });
  }
  return { record, flush, close: () => (closing ??= end()) };
}
