import type { IncomingMessage } from "node:http";
import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import type { FailedFetch } from "./fetch-bundle.ts";

const unzip = promisify(gunzip);

export type ReadBody = { readonly kind: "read"; readonly bytes: Uint8Array } | FailedFetch;

/** The whole body of an answer without its content encoding, inside a cap. A `.tar.gz` is gzip by itself, whatever it was sent in. */
export async function readBody(response: IncomingMessage, { bytesMax }: { readonly bytesMax: number }): Promise<ReadBody> {
  const encoding = (response.headers["content-encoding"] ?? "identity").trim().toLowerCase();
  if (encoding !== "identity" && encoding !== "gzip" && encoding !== "x-gzip") {
    response.destroy();
    return broken("the answer has a content encoding that was not asked for");
  }
  const chunks: Uint8Array[] = [];
  let length = 0;
  try {
    for await (const chunk of response) {
      if (!(chunk instanceof Uint8Array)) continue;
      length += chunk.length;
      // Leaving the loop destroys the response, and with it the connection.
      if (length > bytesMax) return { kind: "failed", code: "too_large", reason: `the answer is larger than ${bytesMax} bytes` };
      chunks.push(chunk);
    }
  } catch {
    return broken("the answer ended before it was whole");
  }
  const bytes = Buffer.concat(chunks);
  return encoding === "identity" ? { kind: "read", bytes } : undoGzip(bytes, bytesMax);
}

async function undoGzip(bytes: Uint8Array, bytesMax: number): Promise<ReadBody> {
  try {
    const inner = await unzip(bytes, { maxOutputLength: bytesMax });
    // A server that serves the file's own gzip as an encoding has encoded nothing: the tar inside is no bundle by itself.
    return { kind: "read", bytes: isGzip(inner) ? inner : bytes };
  } catch (error) {
    // What unpacks to more than a packed bundle may have can only be the bundle itself, whose unpacking has its own cap.
    if (error instanceof Error && "code" in error && error.code === "ERR_BUFFER_TOO_LARGE") return { kind: "read", bytes };
    return broken("the answer's content encoding cannot be undone");
  }
}

function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

function broken(reason: string): FailedFetch {
  return { kind: "failed", code: "body_broken", reason };
}
