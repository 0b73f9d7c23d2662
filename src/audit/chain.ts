import { hash } from "node:crypto";
import type { Head } from "./audit-sink.ts";
import type { ChainPlace, ReceiptHalves } from "./receipt-text.ts";

/** What stands before the first receipt of a stream. */
export const GENESIS = "0".repeat(64);

/** A receipt in its place; `text` is the stored line with its line feed. */
export type Line = { readonly stream: string; readonly seq: number; readonly hash: string; readonly text: string };

export type Chain = {
  readonly link: (stream: string, textOf: (place: ChainPlace) => ReceiptHalves) => Line;
  readonly heads: () => ReadonlyMap<string, Head>;
};

export function createChain(options: {
  readonly server: string;
  readonly nowMs: () => number;
  readonly heads: ReadonlyMap<string, Head>;
}): Chain {
  const heads = new Map<string, { seq: number; hash: string }>();
  for (const [stream, head] of options.heads) heads.set(stream, { seq: head.seq, hash: head.hash });
  const timeText = createTimeText(options.nowMs);
  return {
    link: function linkReceipt(stream, textOf) {
      let head = heads.get(stream);
      if (head === undefined) {
        head = { seq: 0, hash: GENESIS };
        heads.set(stream, head);
      }
      const line = seal(textOf, { stream, seq: head.seq + 1, prev: head.hash, at: timeText(), server: options.server });
      head.seq = line.seq;
      head.hash = line.hash;
      return line;
    },
    heads: () => heads,
  };
}

function seal(textOf: (place: ChainPlace) => ReceiptHalves, place: ChainPlace): Line {
  const { before, after } = textOf(place);
  const digest = hash("sha256", `${before},${after}`, "hex");
  return { stream: place.stream, seq: place.seq, hash: digest, text: `${before},"hash":"${digest}",${after}\n` };
}

function createTimeText(nowMs: () => number): () => string {
  let atMs = Number.NaN;
  let text = "";
  return function timeText() {
    const now = nowMs();
    if (now !== atMs) {
      atMs = now;
      text = new Date(now).toISOString();
    }
    return text;
  };
}
