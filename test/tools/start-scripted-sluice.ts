import { Server, ServerCredentials, type ServerUnaryCall, type sendUnaryData } from "@grpc/grpc-js";
import { HealthImplementation } from "grpc-health-check";
import type { Call } from "../../src/core/call.ts";
import type { Decision } from "../../src/core/decision.ts";
import { UNAUTHENTICATED } from "../../src/core/proxy.ts";
import { decodeCall } from "../../src/edge/grpc/decode-call.ts";
import { encodeDecision } from "../../src/edge/grpc/encode-decision.ts";

type Asked = { readonly call: Call; readonly secret: string | null };

export type ScriptedSluice = {
  readonly address: string;
  /** Every call that was asked about, in order. */
  readonly asked: Asked[];
  readonly stop: () => void;
};

const SERVICE = "envoy.service.auth.v3.Authorization";

/** Answers an Envoy as a test decides, over Sluice's own wire. For what is about Envoy and its files, not about deciding. */
export async function startScriptedSluice(decide: (call: Call) => Decision, at = "127.0.0.1:0"): Promise<ScriptedSluice> {
  const asked: Asked[] = [];
  const server = new Server();
  const check = (request: ServerUnaryCall<Buffer, Buffer>, answer: sendUnaryData<Buffer>): void => {
    const decoded = decodeCall(request.request, { proxy: UNAUTHENTICATED, traceparent: null });
    if (decoded.kind === "unreadable") {
      answer(new Error(decoded.reason));
      return;
    }
    const secret = request.metadata.get("x-sluice-proxy")[0];
    asked.push({ call: decoded.call, secret: secret === undefined ? null : String(secret) });
    answer(null, Buffer.from(encodeDecision(decide(decoded.call), { method: decoded.call.method, grpc: false })));
  };
  const same = (bytes: Buffer): Buffer => bytes;
  const method = { requestStream: false, responseStream: false, requestSerialize: same, responseSerialize: same } as const;
  const path = `/${SERVICE}/Check`;
  server.addService({ Check: { ...method, path, requestDeserialize: same, responseDeserialize: same } }, { Check: check });
  new HealthImplementation({ "": "SERVING", [SERVICE]: "SERVING" }).addToServer(server);
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync(at, ServerCredentials.createInsecure(), (error, bound) => (error === null ? resolve(bound) : reject(error)));
  });
  return { address: `127.0.0.1:${port}`, asked, stop: () => server.forceShutdown() };
}
