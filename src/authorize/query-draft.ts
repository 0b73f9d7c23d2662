import type { QueryPair } from "../core/intent.ts";
import type { Pseudonyms } from "../core/keys.ts";
import type { RedactWith } from "../core/ruling.ts";
import { foldPath, overlaps } from "../understanding/argument-names.ts";
import { withValue } from "../understanding/encode-target.ts";
import { type FindingObligation, redactFound, redactWhole } from "./redact-found.ts";

export type QueryDraft = {
  /** Whether there was such a pair. A key in another case, with `[]` or a part of it, means the same to lenient servers. */
  readonly redactAll: (key: string, how: RedactWith) => boolean;
  /** Whether something of these pairs was still to be taken out. */
  readonly redactFound: (key: string, obligation: FindingObligation) => boolean;
  /** The pairs to send, those that nobody touched with their exact bytes; null where all are so. */
  readonly pairs: () => readonly QueryPair[] | null;
};

/** The query while obligations are carried out on it. */
export function createQueryDraft(query: readonly QueryPair[], pseudonyms: Pseudonyms): QueryDraft {
  // Null: the pair goes.
  const edits = new Map<QueryPair, QueryPair | null>();
  const done = new Set<QueryPair>();

  function redactAll(key: string, how: RedactWith): boolean {
    const names = foldPath(key);
    const found = query.filter((pair) => pair.key === key || overlaps(names, foldPath(pair.key)));
    for (const pair of found) {
      done.add(pair);
      edits.set(pair, how === "remove" ? null : withValue(pair, redactWhole(pair.value, how, pseudonyms)));
    }
    return found.length > 0;
  }

  function redactFoundIn(key: string, obligation: FindingObligation): boolean {
    const found = query.filter((pair) => pair.key === key && !done.has(pair));
    const texts = found.map((pair) => ({ pair, text: edits.get(pair)?.value ?? pair.value }));
    const redacted = texts.map(({ pair, text }) => ({ pair, text: redactFound(text, { kind: "query", key }, obligation, pseudonyms) }));
    const seen = redacted.some(({ text }) => text !== null);
    // A finding that cannot be seen again takes the whole of each value with it.
    const edited = seen
      ? redacted
      : texts.map(({ pair, text }) => ({ pair, text: redactWhole(text, obligation.with, pseudonyms, obligation.finding) }));
    for (const { pair, text } of edited) if (text !== null) edits.set(pair, withValue(pair, text));
    return found.length > 0;
  }

  function pairs(): readonly QueryPair[] | null {
    if (edits.size === 0) return null;
    return query.map((pair) => (edits.has(pair) ? edits.get(pair) : pair)).filter((pair) => pair !== null && pair !== undefined);
  }

  return { redactAll, redactFound: redactFoundIn, pairs };
}
