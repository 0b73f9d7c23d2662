import type { Writable } from "node:stream";
import type { Observer } from "../../core/observer.ts";
import type { AuditSink } from "../audit-sink.ts";
import { createFileSink } from "./file.ts";
import { createStdoutSink } from "./stdout.ts";

export type SinkSettings = {
  /** `<state.folder>/receipts`. */
  readonly folder: string;
  /** The process's standard output. */
  readonly out: Writable;
  readonly observer: Observer;
};

/** A sink: a function from settings to an opener. Opening rejects where records could not be kept. */
export type SinkKind = (settings: SinkSettings) => () => Promise<AuditSink>;

/** Every sink there is; the configuration's `audit.sinks` are these names. */
export const SINKS = {
  file: createFileSink,
  stdout: createStdoutSink,
} as const satisfies Record<string, SinkKind>;

export type SinkName = keyof typeof SINKS;
