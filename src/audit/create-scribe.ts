import type { SigningKey } from "../core/keys.ts";
import type { Observer } from "../core/observer.ts";
import type { DecisionReceipt } from "../core/receipt.ts";
import type { AuditSink } from "./audit-sink.ts";
import type { Hole } from "./backlog.ts";
import type { Chain } from "./chain.ts";
import { checkpointText } from "./checkpoint.ts";
import { decisionText, type OtherDraft, recordText } from "./receipt-text.ts";
import { createSinkQueue, type SinkQueue } from "./sink-queue.ts";
import { checkpointStreamOf, streamOf } from "./stream-name.ts";

/** Puts drafts into the chain and on the way to every sink, and signs the heads now and then. */
export type Scribe = {
  /** @param count of identical denials that the draft stands for; null for a decision of its own. */
  readonly writeDecision: (draft: DecisionReceipt, count: number | null) => void;
  readonly writeOther: (draft: OtherDraft) => void;
  /** Signs what is not signed yet. */
  readonly sign: () => void;
  readonly queues: readonly SinkQueue[];
};

export type ScribeOptions = {
  readonly sinks: readonly AuditSink[];
  readonly chain: Chain;
  readonly writer: string | null;
  readonly signingKey: SigningKey;
  readonly observer: Observer;
  readonly checkpointEvery: number;
  readonly queueCharsMax: number;
};

export function createScribe({ chain, writer, signingKey, observer, checkpointEvery, queueCharsMax, sinks }: ScribeOptions): Scribe {
  const queues = sinks.map((sink) => {
    const onRecovered = (holes: readonly Hole[]) => writeHoles(sink.name, holes);
    return createSinkQueue({ sink, observer, charsMax: queueCharsMax, onRecovered });
  });
  let unsigned = 0;

  function write(stream: string, textOf: Parameters<Chain["link"]>[1]): void {
    const line = chain.link(stream, textOf);
    for (const queue of queues) queue.push(line);
    unsigned++;
    if (unsigned >= checkpointEvery) sign();
  }

  function sign(): void {
    if (unsigned === 0) return;
    const line = chain.link(checkpointStreamOf(writer), (place) => checkpointText(chain.heads(), signingKey, place));
    for (const queue of queues) queue.push(line);
    unsigned = 0;
  }

  function writeHoles(sink: string, holes: readonly Hole[]): void {
    for (const { stream, first, last } of holes) {
      const gap = { kind: "gap", sink, first, last, lost: last - first + 1 };
      write(stream, (place) => recordText(gap, place));
    }
    sign();
  }

  return {
    writeDecision: (draft, count) => write(streamOf(draft.tenant, writer), (place) => decisionText(draft, place, count)),
    writeOther: (draft) => write(streamOf(draft.tenant, writer), (place) => recordText(draft, place)),
    sign,
    queues,
  };
}
