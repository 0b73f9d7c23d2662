import { createFileSink } from "./file.ts";
import type { SinkKind } from "./sink-kind.ts";
import { createStdoutSink } from "./stdout.ts";

/** Every sink there is; the configuration's `audit.sinks` are these names. */
export const SINKS = {
  file: createFileSink,
  stdout: createStdoutSink,
} as const satisfies Record<string, SinkKind>;

export type SinkName = keyof typeof SINKS;
