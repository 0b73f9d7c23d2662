import { type ClientRequest, type IncomingMessage, type RequestOptions, request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import { BUNDLE_CAPS } from "../bundle/bundle-files.ts";
import type { RefusalCode } from "../bundle/refusals.ts";
import { createDeadline, type Deadline } from "./create-deadline.ts";
import { nameFailure } from "./name-failure.ts";
import { readBody } from "./read-body.ts";
import type { BundleServer } from "./source-deps.ts";

export type BundleAsk = {
  /** Of the version that we have; null: whatever there is. */
  readonly etag: string | null;
  /** How long the server may hold its answer back until there is news. */
  readonly waitMs: number;
  readonly signal: AbortSignal;
};

export type FetchedBundle =
  /** `holds` says that the server holds answers back until there is news, if asked to. */
  | { readonly kind: "bundle"; readonly packed: Uint8Array; readonly etag: string | null; readonly holds: boolean }
  | { readonly kind: "unchanged"; readonly holds: boolean }
  | FailedFetch
  /** The signal was aborted. */
  | { readonly kind: "given_up" };

export type FailedFetch = { readonly kind: "failed"; readonly code: RefusalCode; readonly reason: string };

const REDIRECTS_MAX = 3;
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);
/** A server of OPA's bundle API says by this type that it holds answers back. */
const HOLDS = "application/vnd.openpolicyagent.bundles";

/** One ask of OPA's bundle API. Never rejects: whatever the server does has a name. */
export async function fetchBundle(server: BundleServer, ask: BundleAsk): Promise<FetchedBundle> {
  const prepared = await prepare(server, ask);
  if (prepared.kind === "failed") return prepared;
  const deadline = createDeadline(ask.signal, ask.waitMs + server.timeoutMs);
  try {
    return await follow(new URL(server.url), prepared.options, { ask, deadline, bodyMs: server.timeoutMs });
  } catch (error) {
    if (ask.signal.aborted) return { kind: "given_up" };
    return deadline.hasPassed() ? failed("timed_out", "the server did not begin to answer in time") : nameFailure(error);
  } finally {
    deadline.clear();
  }
}

type Prepared = { readonly kind: "prepared"; readonly options: RequestOptions } | FailedFetch;

async function prepare({ readToken, readTls }: BundleServer, { etag, waitMs }: BundleAsk): Promise<Prepared> {
  try {
    const token = await readToken?.();
    const tls = await readTls?.();
    const wait = waitMs > 0 ? `;wait=${Math.ceil(waitMs / 1000)}` : "";
    const headers = {
      "user-agent": "sluice",
      prefer: `modes=snapshot${wait}`,
      ...(etag === null ? {} : { "if-none-match": etag }),
      ...(token === undefined ? {} : { authorization: `Bearer ${token.trim()}` }),
    };
    const own = { ...(tls?.cert ? { cert: tls.cert } : {}), ...(tls?.key ? { key: tls.key } : {}), ...(tls?.ca ? { ca: tls.ca } : {}) };
    // A connection of its own each time: the next may need another certificate.
    return { kind: "prepared", options: { headers, agent: false, ...own } };
  } catch (error) {
    const why = error instanceof Error && "code" in error ? `: ${String(error.code)}` : "";
    return failed("unreachable", `the token or a certificate to ask with cannot be read${why}`);
  }
}

type Following = { readonly ask: BundleAsk; readonly deadline: Deadline; readonly bodyMs: number };

/** Redirects are followed on the same origin alone: elsewhere nobody would have said that a policy may come from. */
async function follow(first: URL, options: RequestOptions, following: Following): Promise<FetchedBundle> {
  let url = first;
  for (let redirects = 0; redirects <= REDIRECTS_MAX; redirects += 1) {
    const response = await send(url, { ...options, signal: following.deadline.signal });
    const { statusCode = 0, headers } = response;
    if (!REDIRECTS.has(statusCode)) return readAnswer(response, following);
    response.destroy();
    const next = URL.parse(headers.location ?? "", url.href);
    if (headers.location === undefined || next === null) return failed("redirect_refused", "the server redirected to nowhere");
    if (next.origin !== first.origin) return failed("redirect_refused", "the server redirected to another origin");
    url = next;
  }
  return failed("redirect_refused", `the server redirected more than ${REDIRECTS_MAX} times`);
}

function send(url: URL, options: RequestOptions): Promise<IncomingMessage> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const { hostname, port, pathname, search, protocol } = url;
  // Not the URL itself: credentials in it would be sent along.
  const target = { ...options, hostname: hostname.replace(/^\[(.*)\]$/, "$1"), port, path: pathname + search };
  const sent: ClientRequest = protocol === "https:" ? requestHttps(target, resolve) : requestHttp(target, resolve);
  sent.on("error", reject);
  sent.end();
  return promise;
}

async function readAnswer(response: IncomingMessage, { ask, deadline, bodyMs }: Following): Promise<FetchedBundle> {
  const { statusCode = 0, headers } = response;
  const holds = headers["content-type"]?.startsWith(HOLDS) ?? false;
  if (statusCode !== 200) {
    response.destroy();
    if (statusCode === 304 && ask.etag !== null) return { kind: "unchanged", holds };
    return failed("status_unexpected", `the server answered ${statusCode}`);
  }
  deadline.restart(bodyMs);
  const body = await readBody(response, { bytesMax: BUNDLE_CAPS.packedBytes });
  if (body.kind === "read") return { kind: "bundle", packed: body.bytes, etag: headers.etag ?? null, holds };
  if (ask.signal.aborted) return { kind: "given_up" };
  return deadline.hasPassed() ? failed("timed_out", "the server did not end its answer in time") : body;
}

function failed(code: RefusalCode, reason: string): FailedFetch {
  return { kind: "failed", code, reason };
}
