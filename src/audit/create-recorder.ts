import type { Clock } from "../core/clock.ts";
import type { SigningKey } from "../core/keys.ts";
import type { Observer } from "../core/observer.ts";
import type { DecisionReceipt, ReceiptDraft } from "../core/receipt.ts";
import type { AuditSink } from "./audit-sink.ts";
import type { Hole } from "./backlog.ts";
import { createChain } from "./chain.ts";
import { checkpointText } from "./checkpoint.ts";
import { createDenialFold, type FoldedDenials } from "./fold-denials.ts";
import { findHeads, findUnsigned } from "./heads.ts";
import { decisionText, type OtherDraft, recordText } from "./receipt-text.ts";
import { createSinkQueue } from "./sink-queue.ts";
import { checkpointStreamOf, streamOf } from "./stream-name.ts";
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
};

const CHECKPOINT_EVERY = 1_000;
const QUEUE_CHARS_MAX = 16 * 1024 * 1024;
const IDENTICAL_DENIALS_PER_SECOND_MAX = 100;
const CLOSE_WITHIN_MS = 5_000;
const FOLD_SETTLES_AFTER_MS = 1_000;

export function createRecorder(options: RecorderOptions): Recorder {
  const { sinks, clock, observer, checkpointEvery = CHECKPOINT_EVERY, writer = null } = options;
  const stored = findHeads(sinks);
  const chain = createChain({ server: options.server, nowMs: clock.nowMs, heads: stored });
  const fold = createDenialFold(options.identicalDenialsPerSecondMax ?? IDENTICAL_DENIALS_PER_SECOND_MAX);
  const charsMax = options.queueCharsMax ?? QUEUE_CHARS_MAX;
  const queues = sinks.map((sink) => {
    const onRecovered = (holes: readonly Hole[]) => recordHoles(sink.name, holes);
    return createSinkQueue({ sink, observer, charsMax, onRecovered });
  });
  let unsigned = 0;
  let foldTimer: NodeJS.Timeout | null = null;
  let closing: Promise<void> | null = null;

  function put(stream: string, textOf: Parameters<typeof chain.link>[1]): void {
    const line = chain.link(stream, textOf);
    for (const queue of queues) queue.push(line);
  }

  function record(draft: ReceiptDraft): void {
    if (draft.kind !== "decision") recordOther(draft);
    else if (draft.tenant === null && draft.decision === "deny") recordUnidentified(draft);
    else recordDecision(draft, null);
  }

  function recordUnidentified(draft: DecisionReceipt): void {
    const nowMs = clock.nowMs();
    for (const folded of fold.take(nowMs, false)) recordFolded(folded);
    if (fold.admits(draft, nowMs)) recordDecision(draft, null);
    else foldTimer ??= setTimeout(settleFold, FOLD_SETTLES_AFTER_MS).unref();
  }

  function recordDecision(draft: DecisionReceipt, count: number | null): void {
    put(streamOf(draft.tenant, writer), (place) => decisionText(draft, place, count));
    countOne();
  }

  function recordFolded(folded: FoldedDenials): void {
    recordDecision(folded.draft, folded.count);
  }

  function settleFold(): void {
    if (foldTimer !== null) clearTimeout(foldTimer);
    foldTimer = null;
    for (const folded of fold.take(clock.nowMs(), true)) recordFolded(folded);
  }

  function recordOther(draft: OtherDraft): void {
    put(streamOf(draft.tenant, writer), (place) => recordText(draft, place));
    countOne();
  }

  function countOne(): void {
    unsigned++;
    if (unsigned >= checkpointEvery) signHeads();
  }

  function signHeads(): void {
    unsigned = 0;
    put(checkpointStreamOf(writer), (place) => checkpointText(chain.heads(), options.signingKey, place));
  }

  function recordHoles(sink: string, holes: readonly Hole[]): void {
    for (const { stream, first, last } of holes) {
      const gap = { kind: "gap", sink, first, last, lost: last - first + 1 };
      put(stream, (place) => recordText(gap, place));
    }
    signHeads();
  }

  async function flush(): Promise<void> {
    settleFold();
    await Promise.all(queues.map((queue) => queue.flush()));
  }

  async function end(): Promise<void> {
    settleFold();
    if (unsigned > 0) signHeads();
    // What a sink refuses now is counted as lost when its queue closes.
    const flushed = Promise.allSettled(queues.map((queue) => queue.flush()));
    await within(CLOSE_WITHIN_MS, flushed);
    await Promise.all(queues.map((queue) => queue.close(CLOSE_WITHIN_MS)));
  }

  const adopted = findUnsigned(stored, checkpointStreamOf(writer));
  if (adopted.length > 0) {
    observer.log("warn", "receipts that no checkpoint covers were found and are continued", { streams: adopted.length });
    recordOther({ kind: "config", tenant: null, event: "unsigned_receipts_continued", detail: { streams: adopted } });
  }
  return { record, flush, close: () => (closing ??= end()) };
}
