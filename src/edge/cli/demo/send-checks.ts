import { join } from "node:path";
import { Client, credentials, Metadata } from "@grpc/grpc-js";
import { loadSync, type MethodDefinition } from "@grpc/proto-loader";
import { z } from "zod";
import type { DemoRequest, Seen, Sender } from "./demo-parts.ts";
import { readDenial } from "./read-denial.ts";

const PROTOS = join(import.meta.dirname, "..", "..", "..", "..", "proto");
const SERVICE = "envoy.service.auth.v3.Authorization";
const DEADLINE_MS = 10_000;

const HEADERS = z.array(z.object({ header: z.object({ key: z.string(), value: z.string() }) })).default([]);
const ANSWER = z.object({
  status: z.object({ code: z.number().default(0) }).nullish(),
  ok_response: z.object({ response_headers_to_add: HEADERS }).nullish(),
  denied_response: z.object({ status: z.object({ code: z.number() }), headers: HEADERS, body: z.string().default("") }).nullish(),
});

/** Without an Envoy: asks Sluice what it would answer one. Nothing is forwarded. */
export function sendChecks(server: { readonly grpcAddress: string; readonly proxySecret: string }): Sender {
  const check = readCheckMethod();
  const client = new Client(server.grpcAddress, credentials.createInsecure(), { "grpc.enable_retries": 0 });
  const metadata = new Metadata();
  metadata.set("x-sluice-proxy", server.proxySecret);
  let sent = 0;
  return {
    send: (call) => {
      sent += 1;
      return new Promise((resolve, reject) => {
        const request = checkRequest(call, `demo-${sent}`);
        const options = { deadline: Date.now() + DEADLINE_MS };
        client.makeUnaryRequest(
          check.path,
          check.requestSerialize,
          check.responseDeserialize,
          request,
          metadata,
          options,
          (error, answer) => {
            if (error !== null) reject(error);
            else resolve(see(answer));
          },
        );
      });
    },
    close: async () => client.close(),
  };
}

function readCheckMethod(): MethodDefinition<object, object> {
  const file = "envoy/service/auth/v3/external_auth.proto";
  const definition = loadSync(file, { includeDirs: [PROTOS], keepCase: true, oneofs: true })[SERVICE];
  const method = definition !== undefined && !("format" in definition) ? definition["Check"] : undefined;
  if (method === undefined) throw new Error(`${file} has no ${SERVICE}`);
  return method;
}

function checkRequest(call: DemoRequest, id: string): object {
  const headers = { ...call.headers, ":method": call.method, ":path": call.path, ":authority": call.host, ":scheme": "http" };
  const body = call.body === null ? {} : { raw_body: Buffer.from(call.body), size: Buffer.byteLength(call.body) };
  const length = call.body === null ? {} : { "content-length": String(Buffer.byteLength(call.body)), "x-envoy-auth-partial-body": "false" };
  const pairs = Object.entries({ ...headers, ...length }).map(([key, value]) => ({ key, raw_value: Buffer.from(value) }));
  const { method, path, host } = call;
  const http = { id, method, path, host, scheme: "http", protocol: "HTTP/1.1", header_map: { headers: pairs }, ...body };
  return { attributes: { request: { http, time: { seconds: Math.floor(Date.now() / 1000) } } } };
}

function see(answer: unknown): Seen {
  const { status, ok_response: ok, denied_response: denied } = ANSWER.parse(answer);
  const isAllowed = (status?.code ?? 0) === 0;
  const pairs = isAllowed ? (ok?.response_headers_to_add ?? []) : (denied?.headers ?? []);
  const headers = new Map(pairs.map(({ header }) => [header.key.toLowerCase(), header.value]));
  return {
    ...readDenial(denied?.body ?? ""),
    status: isAllowed ? 200 : (denied?.status.code ?? 403),
    decision: headers.get("x-sluice-decision") ?? "none",
    decisionId: headers.get("x-sluice-decision-id") ?? null,
    retryAfter: headers.get("retry-after") ?? null,
    upstream: { kind: "not_forwarded" },
  };
}
