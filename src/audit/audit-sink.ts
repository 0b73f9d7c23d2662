import type { Json } from "../core/intent.ts";

/** The newest receipt of a stream. */
export type Head = { readonly seq: number; readonly hash: string };

export type StoredHead = Head & { readonly receipt: Readonly<Record<string, Json>> };

/** Where receipts are kept. One recorder writes to it, one call at a time. */
export type AuditSink = {
  readonly name: string;
  /** Where each stream ended when the sink was opened; empty where the sink cannot be read back. */
  readonly heads: ReadonlyMap<string, StoredHead>;
  /** Appends whole lines to one stream, all of them or none; rejects when it could not. */
  readonly append: (stream: string, lines: string) => Promise<void>;
  /** Resolves when everything appended so far would survive a power cut, as far as the medium can tell. */
  readonly sync: () => Promise<void>;
  readonly close: () => Promise<void>;
};
