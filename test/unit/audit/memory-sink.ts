import type { AuditSink } from "../../../src/audit/audit-sink.ts";

export type MemorySink = AuditSink & {
  /** Lines by stream, in the order they were stored. */
  readonly lines: (stream: string) => readonly Record<string, unknown>[];
  readonly log: readonly string[];
  /** While true, every write is refused. */
  failing: boolean;
  /** Streams that are refused for themselves. */
  readonly refused: Set<string>;
};

/** A sink of this process's memory that can be made to fail. */
export function createMemorySink(name = "memory"): MemorySink {
  const streams = new Map<string, string>();
  const log: string[] = [];
  const sink: MemorySink = {
    name,
    heads: new Map(),
    failing: false,
    refused: new Set(),
    log,
    lines: (stream) =>
      (streams.get(stream) ?? "")
        .split("\n")
        .filter(Boolean)
        .map((line) => JSON.parse(line)),
    append: async (stream, text) => {
      if (sink.failing || sink.refused.has(stream)) throw Object.assign(new Error("full"), { code: "ENOSPC" });
      streams.set(stream, (streams.get(stream) ?? "") + text);
      log.push(`append ${stream}`);
    },
    sync: async () => {
      log.push("sync");
    },
    close: async () => {
      log.push("close");
    },
  };
  return sink;
}
