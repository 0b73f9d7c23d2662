import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { Operator } from "../../core/person.ts";
import { BUNDLE_CAPS } from "../../policy/bundle/bundle-files.ts";
import { API_ERRORS, type ApiErrorCode, describeError } from "./api-errors.ts";
import { escapeText } from "./escape-text.ts";
import type { ApiReply, Route } from "./route.ts";

export type RouteParts = {
  readonly operatorOf: (request: FastifyRequest) => Operator | undefined;
  /** Ends with the answer, or with the connection. Bounded by the connections there may be. */
  readonly onRunning: (ended: Promise<void>) => void;
};

export const SECURITY_HEADERS = {
  "cache-control": "no-store",
  "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
  "cross-origin-resource-policy": "same-origin",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
} as const;

/** Bundles that are received at once: each is held whole in memory. */
const PUSHES_MAX = 4;
const MESSAGE_CHARS_MAX = 500;
const UNPROCESSABLE = 422;

export function addRoute(server: FastifyInstance, route: Route, { operatorOf, onRunning }: RouteParts): void {
  const isPush = route.body === "bundle";
  let pushes = 0;
  server.route({
    method: route.method,
    url: formatUrl(route.path),
    ...(isPush ? { bodyLimit: BUNDLE_CAPS.packedBytes } : {}),
    // Before a body is read: who may not send it cannot make the server hold it either.
    onRequest: async (request, reply) => {
      const operator = operatorOf(request);
      if (operator === undefined) return sendError(reply, "credential_missing");
      if (!route.roles.some((role) => operator.roles.has(role))) return sendError(reply, "role_missing");
      if (isPush && pushes >= PUSHES_MAX) return sendError(reply, "too_many_pushes");
      if (!isPush) return;
      pushes += 1;
      reply.raw.once("close", () => {
        pushes -= 1;
      });
    },
    handler: async (request, reply) => {
      const operator = operatorOf(request);
      if (operator === undefined) return sendError(reply, "credential_missing");
      const { params, query, headers, body } = request;
      return send(reply, await route.handle({ operator, params, query, headers, body, signal: untilGone(reply, onRunning) }));
    },
  });
}

/** `/v1/approvals/{id}:approve` in fastify's words: a colon that is none of its own is doubled. An id has none, so a verb can follow it; a tenant may. */
export function formatUrl(path: Route["path"]): string {
  return path
    .replaceAll(":", "::")
    .replaceAll("{id}", ":id([^:]+)")
    .replaceAll(/\{(\w+)\}/g, ":$1");
}

export function sendError(reply: FastifyReply, code: ApiErrorCode): FastifyReply {
  return reply.headers(SECURITY_HEADERS).code(API_ERRORS[code].status).send(describeError(code));
}

function send(reply: FastifyReply, answer: ApiReply): FastifyReply {
  switch (answer.kind) {
    case "ok":
      return reply.send(answer.body);
    case "bytes":
      return reply.headers(answer.headers).send(answer.bytes);
    case "not_modified":
      return reply.headers(answer.headers).code(304).send();
    case "error":
      return sendError(reply, answer.code);
    case "refused":
      return reply
        .code(UNPROCESSABLE)
        .send({ error: { code: answer.code, message: escapeText(answer.message.slice(0, MESSAGE_CHARS_MAX)) } });
  }
}

function untilGone(reply: FastifyReply, onRunning: RouteParts["onRunning"]): AbortSignal {
  const gone = new AbortController();
  const { promise, resolve } = Promise.withResolvers<void>();
  reply.raw.once("close", () => {
    gone.abort();
    resolve();
  });
  onRunning(promise);
  return gone.signal;
}
