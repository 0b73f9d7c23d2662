import { request } from "node:http";

export type AgentCall = {
  readonly method?: string;
  readonly host: string;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string | string[]>>;
  readonly token?: string;
  /** Sent with its content-length; an object goes as a form. */
  readonly body?: string | Readonly<Record<string, string>>;
};

export type AgentAnswer = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** `x-sluice-decision`; empty where Envoy answered by itself. */
  readonly decision: string;
  /** `x-sluice-decision-id`; empty likewise. */
  readonly id: string;
  /** The body's `error` object; null where there is none. */
  readonly error: Readonly<Record<string, unknown>> | null;
};

const FORM = "application/x-www-form-urlencoded";

/** One call of an agent through the Envoy on this loopback port, on a connection of its own; the path goes as it is written. */
export function callEnvoy(port: number, call: AgentCall): Promise<AgentAnswer> {
  const form = typeof call.body === "object";
  const body = typeof call.body === "object" ? new URLSearchParams(call.body).toString() : (call.body ?? "");
  const headers: Record<string, string | string[]> = {
    host: call.host,
    ...(form ? { "content-type": FORM } : {}),
    ...(body === "" ? {} : { "content-length": String(Buffer.byteLength(body)) }),
    ...(call.token === undefined ? {} : { "x-sluice-token": call.token }),
    ...call.headers,
  };
  const { method = "GET", path = "/" } = call;
  return new Promise((resolve, reject) => {
    const outgoing = request({ host: "127.0.0.1", port, method, path, headers, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("error", reject);
      response.on("end", () => resolve(answerOf(response.statusCode ?? 0, response.rawHeaders, Buffer.concat(chunks).toString())));
    });
    outgoing.on("error", reject);
    outgoing.end(body);
  });
}

function answerOf(status: number, rawHeaders: readonly string[], body: string): AgentAnswer {
  const headers: Record<string, string> = {};
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const name = (rawHeaders[at] ?? "").toLowerCase();
    const value = rawHeaders[at + 1] ?? "";
    headers[name] = headers[name] === undefined ? value : `${headers[name]},${value}`;
  }
  return {
    status,
    headers,
    body,
    decision: headers["x-sluice-decision"] ?? "",
    id: headers["x-sluice-decision-id"] ?? "",
    error: errorOf(body),
  };
}

function errorOf(body: string): AgentAnswer["error"] {
  try {
    const error: unknown = JSON.parse(body).error;
    return typeof error === "object" && error !== null ? { ...error } : null;
  } catch {
    return null;
  }
}
