import type { Writable } from "node:stream";
import type { AuditSink } from "../audit-sink.ts";
import type { SinkSettings } from "./sink-kind.ts";

/**
 * Receipts on the process's output, all streams mixed. It cannot be read back: a start that has no other sink begins
 * new chains, so give such a recorder a `writer` of its own.
 */
export function createStdoutSink({ out }: SinkSettings): () => Promise<AuditSink> {
  return async function openStdoutSink() {
    out.on("error", ignore);
    return {
      name: "stdout",
      heads: new Map(),
      append: (_stream, lines) => write(out, lines),
      sync: async () => {},
      close: async () => {},
    };
  };
}

function write(out: Writable, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    out.write(text, (error) => (error ? reject(error) : resolve()));
  });
}

/** Each write learns of its own failure; without a listener, also a late one would end the process. */
function ignore(): void {}
