import { z } from "zod";
import type { ApprovalState } from "../../core/approval.ts";
import { APPROVAL_PAGE, APPROVAL_VIEW, type ApprovalPageView, type ApprovalView } from "./approval-view.ts";
import { escapeText } from "./escape-text.ts";
import { EXPLANATION_VIEW, type ExplanationView } from "./explanation-view.ts";

/** What commands get of a running server. `refused`: the answer is no. `failed`: there was no answer; the message says what to do. */
export type ClientResult<T> =
  | { readonly kind: "ok"; readonly value: T }
  | { readonly kind: "refused"; readonly code: string; readonly message: string }
  | { readonly kind: "failed"; readonly code: "server_invalid" | "unreachable" | "token_refused" | "unreadable"; readonly message: string };

export type OperatorClient = {
  readonly list: (filter: {
    readonly status: ApprovalState | null;
    readonly tenant: string | null;
  }) => Promise<ClientResult<ApprovalPageView>>;
  readonly show: (id: string) => Promise<ClientResult<ApprovalView>>;
  readonly approve: (id: string, reason: string | null) => Promise<ClientResult<ApprovalView>>;
  readonly reject: (id: string, reason: string | null) => Promise<ClientResult<ApprovalView>>;
  /** Why a call was decided so, where the server was asked to keep that. */
  readonly explanation: (decisionId: string) => Promise<ClientResult<ExplanationView>>;
};

type Request<T> = { readonly path: string; readonly body: object | null; readonly schema: z.ZodType<T> };

const ERROR = z.object({ error: z.object({ code: z.string(), message: z.string() }) });
const SENDABLE = /^[!-~]+$/;
const TIMEOUT_MS = 10_000;
const MESSAGE_LENGTH_MAX = 500;

/** Speaks to the operators' API at `host:port` or an http(s) URL. */
export function createOperatorClient({ server, token }: { readonly server: string; readonly token: string }): OperatorClient {
  const base = parseServer(server);

  async function send<T>({ path, body, schema }: Request<T>): Promise<ClientResult<T>> {
    if (base === null) return failed("server_invalid", `${escapeText(server)} is not host:port or an http(s) URL`);
    if (!SENDABLE.test(token)) return failed("token_refused", "the operator's token is empty or has characters that no token has");
    let response: { readonly status: number; readonly json: unknown };
    try {
      response = await exchange(new URL(path, base), token, body);
    } catch {
      return failed("unreachable", `no server answers at ${base.origin}: start it with \`sluice serve\`, or name another with --server`);
    }
    return readResponse(response, schema, base.origin);
  }

  const address = (id: string, verb: string) => `/v1/approvals/${encodeURIComponent(id)}${verb}`;
  const answer = (id: string, verb: string, reason: string | null) =>
    send({ path: address(id, verb), body: { reason }, schema: APPROVAL_VIEW });

  return {
    list: ({ status, tenant }) => {
      const query = new URLSearchParams({ ...(status === null ? {} : { status }), ...(tenant === null ? {} : { tenant }) });
      return send({ path: `/v1/approvals?${query}`, body: null, schema: APPROVAL_PAGE });
    },
    show: (id) => send({ path: address(id, ""), body: null, schema: APPROVAL_VIEW }),
    approve: (id, reason) => answer(id, ":approve", reason),
    reject: (id, reason) => answer(id, ":reject", reason),
    explanation: (id) => send({ path: `/v1/decisions/${encodeURIComponent(id)}/explanation`, body: null, schema: EXPLANATION_VIEW }),
  };
}

// A redirect would carry the token elsewhere.
async function exchange(url: URL, token: string, body: object | null): Promise<{ readonly status: number; readonly json: unknown }> {
  const response = await fetch(url, {
    method: body === null ? "GET" : "POST",
    headers: { authorization: `Bearer ${token}`, ...(body === null ? {} : { "content-type": "application/json" }) },
    body: body === null ? null : JSON.stringify(body),
    redirect: "error",
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  return { status: response.status, json: parseJson(await response.text()) };
}

function readResponse<T>(
  { status, json }: { readonly status: number; readonly json: unknown },
  schema: z.ZodType<T>,
  origin: string,
): ClientResult<T> {
  if (status === 401) {
    return failed(
      "token_refused",
      `the server at ${origin} does not accept this token: name the file with the operator's with --token-file`,
    );
  }
  if (status >= 200 && status < 300) {
    const parsed = schema.safeParse(json);
    if (parsed.success) return { kind: "ok", value: parsed.data };
  }
  const refusal = ERROR.safeParse(json);
  if (!refusal.success) return failed("unreadable", `what answers at ${origin} is not the operators' API of this version`);
  const { code, message } = refusal.data.error;
  return { kind: "refused", code: bound(code), message: bound(message) };
}

function parseServer(server: string): URL | null {
  const url = URL.parse(server.includes("://") ? server : `http://${server}`);
  if (url?.protocol !== "http:" && url?.protocol !== "https:") return null;
  return url.hostname !== "" && url.username === "" && url.password === "" ? url : null;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
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
