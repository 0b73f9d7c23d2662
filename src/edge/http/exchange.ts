import { z } from "zod";
import { escapeText } from "./escape-text.ts";

/** What commands get of a running server. `refused`: the answer is no. `failed`: there was no answer; the message says what to do. */
export type ClientResult<T> =
  | { readonly kind: "ok"; readonly value: T }
  | { readonly kind: "refused"; readonly code: string; readonly message: string }
  | { readonly kind: "failed"; readonly code: "server_invalid" | "unreachable" | "token_refused" | "unreadable"; readonly message: string };

export type ServerAccess = { readonly server: string; readonly token: string };

export type Exchange<T> = {
  readonly path: string;
  readonly method?: "GET" | "POST" | "PUT";
  /** Bytes go as a bundle, anything else as JSON. */
  readonly body?: object | Uint8Array | null;
  readonly timeoutMs?: number;
  /** Undefined where the answer is not what this version expects. */
  readonly parse: (answer: Uint8Array) => T | undefined;
};

const ERROR = z.object({ error: z.object({ code: z.string(), message: z.string() }) });
const SENDABLE = /^[!-~]+$/;
const TIMEOUT_MS = 10_000;
const MESSAGE_LENGTH_MAX = 500;
const ANSWER_BYTES_MAX = 32 * 1024 * 1024;

/** Asks the operators' API at `host:port` or an http(s) URL. */
export function createExchange({ server, token }: ServerAccess): <T>(exchange: Exchange<T>) => Promise<ClientResult<T>> {
  const base = parseServer(server);

  return async function exchange<T>(asked: Exchange<T>): Promise<ClientResult<T>> {
    if (base === null) return failed("server_invalid", `${escapeText(server)} is not host:port or an http(s) URL`);
    if (!SENDABLE.test(token)) return failed("token_refused", "the operator's token is empty or has characters that no token has");
    let response: Answer;
    try {
      response = await send(new URL(asked.path, base), token, asked);
    } catch {
      return failed("unreachable", `no server answers at ${base.origin}: start it with \`sluice serve\`, or name another with --server`);
    }
    return readAnswer(response, asked.parse, base.origin);
  };
}

/** Parses JSON answers of this shape. */
export function jsonOf<T>(schema: z.ZodType<T>): (answer: Uint8Array) => T | undefined {
  return (answer) => schema.safeParse(parseJson(answer)).data;
}

type Answer = { readonly status: number; readonly bytes: Uint8Array };

// A redirect would carry the token elsewhere.
async function send(url: URL, token: string, { method, body = null, timeoutMs = TIMEOUT_MS }: Exchange<unknown>): Promise<Answer> {
  const response = await fetch(url, {
    method: method ?? "GET",
    headers: { authorization: `Bearer ${token}`, ...(body === null ? {} : { "content-type": typeOf(body) }) },
    body: body === null ? null : body instanceof Uint8Array ? new Uint8Array(body) : JSON.stringify(body),
    redirect: "error",
    signal: AbortSignal.timeout(timeoutMs),
  });
  return { status: response.status, bytes: await readBounded(response) };
}

function typeOf(body: object): string {
  return body instanceof Uint8Array ? "application/gzip" : "application/json";
}

async function readBounded({ body }: Response): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body ?? []) {
    bytes += chunk.length;
    if (bytes > ANSWER_BYTES_MAX) throw new Error("the answer is too large");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function readAnswer<T>({ status, bytes }: Answer, parse: Exchange<T>["parse"], origin: string): ClientResult<T> {
  if (status === 401) {
    return failed(
      "token_refused",
      `the server at ${origin} does not accept this token: name the file with the operator's with --token-file`,
    );
  }
  if (status >= 200 && status < 300) {
    const value = parse(bytes);
    if (value !== undefined) return { kind: "ok", value };
  }
  const refusal = ERROR.safeParse(parseJson(bytes));
  if (!refusal.success) return failed("unreadable", `what answers at ${origin} is not the operators' API of this version`);
  const { code, message } = refusal.data.error;
  return { kind: "refused", code: bound(code), message: bound(message) };
}

function parseServer(server: string): URL | null {
  const url = URL.parse(server.includes("://") ? server : `http://${server}`);
  if (url?.protocol !== "http:" && url?.protocol !== "https:") return null;
  return url.hostname !== "" && url.username === "" && url.password === "" ? url : null;
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return undefined;
  }
}

function bound(text: string): string {
  return escapeText(text.slice(0, MESSAGE_LENGTH_MAX));
}

function failed<T>(code: Extract<ClientResult<T>, { kind: "failed" }>["code"], message: string): ClientResult<T> {
  return { kind: "failed", code, message };
}
