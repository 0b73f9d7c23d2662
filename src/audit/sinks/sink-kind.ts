import type { Writable } from "node:stream";
import type { Observer } from "../../core/observer.ts";
import type { AuditSink } from "../audit-sink.ts";

export type SinkSettings = {
  /** `<state.folder>/receipts`. */
  readonly folder: string;
  /** The process's standard output. */
  readonly out: Writable;
  readonly observer: Observer;
};

/** A sink: a function from settings to an opener. Opening rejects where records could not be kept. */
export type SinkKind = (settings: SinkSettings) => () => Promise<AuditSink>;
