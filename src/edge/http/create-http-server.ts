import { setTimeout as sleep } from "node:timers/promises";
import fastify, { type FastifyInstance, type FastifyRequest } from "fastify";
import type { Observer } from "../../core/observer.ts";
import type { Operator } from "../../core/person.ts";
import { addRoute, formatUrl, SECURITY_HEADERS, sendError } from "./add-route.ts";
import { type ApiErrorCode, describeError } from "./api-errors.ts";
import { createOperatorAuthentication, type OperatorCredential } from "./authenticate-operator.ts";
import { createOpenPolls } from "./open-polls.ts";
import { refuseRequest } from "./refuse-request.ts";
import type { BodyKind, Route } from "./route.ts";
import { createRoutes, type Doors } from "./routes.ts";

export type HttpServerOptions = Doors & {
  readonly operators: readonly OperatorCredential[];
  /** Names beside the loopback ones by which operators reach the server, for example `sluice.example:9190`. */
  readonly hosts: readonly string[];
  readonly readiness: () => Readiness;
  /** Prometheus text. */
  readonly metrics: () => Promise<string>;
  readonly observer: Observer;
};

export type Readiness = {
  readonly ready: boolean;
  readonly tenants: readonly {
    readonly name: string;
    readonly state: string;
    readonly reason: string | null;
    readonly refused: string | null;
  }[];
};

export type HttpServer = {
  /** Gives the bound port; port 0 takes a free one. */
  readonly listen: (address: { readonly host: string; readonly port: number }) => Promise<number>;
  /** Who may call from now on. Throws, and changes nothing, on credentials that could not tell operators apart. */
  readonly setOperators: (operators: readonly OperatorCredential[]) => void;
  readonly close: () => Promise<void>;
};

const BODY_BYTES_MAX = 64 * 1024;
const REQUEST_TIMEOUT_MS = 10_000;
const CONNECTIONS_MAX = 512;
/** Less than the connections, so that whoever waits for news never keeps operators out. */
const POLLS_MAX = 256;
const LAST_ANSWERS_MS_MAX = 1_000;
const BUNDLE_TYPES = ["application/gzip", "application/octet-stream", "application/vnd.openpolicyagent.bundles"];
const PUBLIC_PATHS: ReadonlySet<string | undefined> = new Set(["/healthz", "/readyz", "/metrics"]);

/** What fastify refuses by itself, in our words; its own would quote the request. */
const FASTIFY_ERRORS: Readonly<Record<string, ApiErrorCode>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: "body_too_large",
  FST_ERR_CTP_INVALID_MEDIA_TYPE: "media_type_unsupported",
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: "body_invalid",
  FST_ERR_CTP_EMPTY_JSON_BODY: "body_invalid",
};

/** The operators' HTTP: health and metrics for anyone, all else with a personal credential on every address. */
export function createHttpServer(options: HttpServerOptions): HttpServer {
  const server = createFastify(options.observer);
  server.server.maxConnections = CONNECTIONS_MAX;
  const polls = createOpenPolls(POLLS_MAX);
  const routes = createRoutes(options, polls);
  let authenticate = createOperatorAuthentication(options.operators);
  const operatorOf = addGate(server, routes, { hosts: options.hosts, authenticate: (header) => authenticate(header) });
  addPublicPages(server, options);
  const running = new Set<Promise<void>>();
  const onRunning = (ended: Promise<void>) => {
    running.add(ended);
    void ended.then(() => running.delete(ended));
  };
  for (const route of routes) addRoute(server, route, { operatorOf, onRunning });
  // Whoever waits for news is answered that there is none, and not cut off.
  server.addHook("preClose", async () => {
    polls.endAll();
    await Promise.race([Promise.all(running), sleep(LAST_ANSWERS_MS_MAX, undefined, { ref: false })]);
  });
  return {
    listen: async ({ host, port }) => {
      await server.listen({ host, port });
      const bound = server.server.address();
      if (bound === null || typeof bound === "string") throw new Error("the server has no port");
      return bound.port;
    },
    setOperators: (operators) => {
      authenticate = createOperatorAuthentication(operators);
    },
    close: () => server.close(),
  };
}

function createFastify(observer: Observer): FastifyInstance {
  const server = fastify({
    bodyLimit: BODY_BYTES_MAX,
    requestTimeout: REQUEST_TIMEOUT_MS,
    forceCloseConnections: true,
    exposeHeadRoutes: false,
    frameworkErrors: (_error, _request, reply) => {
      sendError(reply, "request_invalid");
    },
    clientErrorHandler: (_error, socket) => {
      const body = JSON.stringify(describeError("request_invalid"));
      const head = "HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Type: application/json";
      if (socket.writable) socket.end(`${head}\r\nContent-Length: ${body.length}\r\n\r\n${body}`);
      else socket.destroy();
    },
  });
  server.removeAllContentTypeParsers();
  server.addContentTypeParser("application/json", { parseAs: "string" }, (_request, body, done) => done(null, parseJson(String(body))));
  server.addContentTypeParser(BUNDLE_TYPES, { parseAs: "buffer" }, (_request, body, done) => done(null, body));
  server.setNotFoundHandler((_request, reply) => sendError(reply, "not_found"));
  server.setErrorHandler((error, _request, reply) => {
    const code = findFastifyError(error);
    if (code === "internal") observer.faulted("http", "internal", error instanceof Error ? error.name : "unknown");
    return sendError(reply, code);
  });
  return server;
}

type Gate = Pick<HttpServerOptions, "hosts"> & { readonly authenticate: ReturnType<typeof createOperatorAuthentication> };

/** Runs before anything of a body is read, also for what is not there: who has no credential learns nothing about that. */
function addGate(server: FastifyInstance, routes: readonly Route[], { hosts, authenticate }: Gate) {
  const bodies = new Map(routes.map(({ method, path, body }): [string, BodyKind] => [`${method} ${formatUrl(path)}`, body ?? "json"]));
  const known = new WeakMap<FastifyRequest, Operator>();
  server.addHook("onRequest", async (request, reply) => {
    reply.headers(SECURITY_HEADERS);
    const anyHost = PUBLIC_PATHS.has(request.routeOptions.url);
    const body = bodies.get(`${request.method} ${request.routeOptions.url}`) ?? "json";
    const refusal = refuseRequest(request.raw, { hosts, anyHost, body });
    if (refusal !== null) return sendError(reply, refusal);
    if (anyHost) return;
    const result = authenticate(request.headers.authorization);
    if (result.kind === "refused") return sendError(reply.header("www-authenticate", "Bearer"), result.code);
    known.set(request, result.operator);
  });
  return (request: FastifyRequest): Operator | undefined => known.get(request);
}

function addPublicPages(server: FastifyInstance, { readiness, metrics }: HttpServerOptions): void {
  server.get("/healthz", async () => ({ live: true }));
  server.get("/readyz", async (_request, reply) => {
    const { ready, tenants } = readiness();
    return reply.code(ready ? 200 : 503).send({ ready, tenants });
  });
  server.get("/metrics", async (_request, reply) => reply.type("text/plain; version=0.0.4; charset=utf-8").send(await metrics()));
}

function findFastifyError(error: unknown): ApiErrorCode {
  const code = error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";
  return Object.hasOwn(FASTIFY_ERRORS, code) ? (FASTIFY_ERRORS[code] ?? "internal") : "internal";
}

/** Undefined where it is no JSON, which no schema takes. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
