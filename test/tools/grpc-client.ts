import { readFileSync } from "node:fs";
import { type ChannelCredentials, Client, credentials, Metadata, type ServiceError, status } from "@grpc/grpc-js";

export type CheckClient = {
  /** Rejects with grpc-js' ServiceError where the server, or the way to it, fails. */
  readonly check: (request: Uint8Array, options?: CheckCallOptions) => Promise<Buffer>;
  readonly health: (service: string) => Promise<string>;
  readonly close: () => void;
};

export type CheckCallOptions = { readonly timeoutMs?: number; readonly traceparent?: string; readonly signal?: AbortSignal };

export type CheckClientOptions = {
  /** Sent as `x-sluice-proxy`, as Envoy's initial_metadata would. */
  readonly secret?: string;
  readonly tls?: { readonly ca: string; readonly cert?: string; readonly key?: string };
};

const CHECK_PATH = "/envoy.service.auth.v3.Authorization/Check";
const TIMEOUT_MS = 10_000;

/** Asks a server as Envoy does, with raw messages. `address` is `host:port` or `unix:PATH`. */
export function connectCheckClient(address: string, options: CheckClientOptions = {}): CheckClient {
  const client = new Client(address, credentialsOf(options), { "grpc.use_local_subchannel_pool": 1, "grpc.enable_retries": 0 });
  const call = (path: string, request: Buffer, metadata: Metadata, { timeoutMs = TIMEOUT_MS, signal }: CheckCallOptions) =>
    new Promise<Buffer>((resolve, reject) => {
      const done = (error: ServiceError | null, answer?: Buffer): void => {
        if (error !== null) reject(error);
        else resolve(answer ?? Buffer.alloc(0));
      };
      const made = client.makeUnaryRequest(path, identity, identity, request, metadata, { deadline: Date.now() + timeoutMs }, done);
      signal?.addEventListener("abort", () => made.cancel());
    });
  return {
    check: (request, callOptions = {}) => {
      const metadata = new Metadata();
      if (options.secret !== undefined) metadata.set("x-sluice-proxy", options.secret);
      if (callOptions.traceparent !== undefined) metadata.set("traceparent", callOptions.traceparent);
      return call(CHECK_PATH, Buffer.from(request), metadata, callOptions);
    },
    health: async (service) => {
      const name = Buffer.from(service);
      const request = name.length === 0 ? name : Buffer.concat([Buffer.from([0x0a, name.length]), name]);
      try {
        const answer = await call("/grpc.health.v1.Health/Check", request, new Metadata(), {});
        return ["UNKNOWN", "SERVING", "NOT_SERVING", "SERVICE_UNKNOWN"][answer[1] ?? 0] ?? "UNKNOWN";
      } catch (error) {
        if (isServiceError(error)) return status[error.code];
        throw error;
      }
    },
    close: () => client.close(),
  };
}

function credentialsOf({ tls }: CheckClientOptions): ChannelCredentials {
  if (tls === undefined) return credentials.createInsecure();
  const read = (file: string | undefined): Buffer | null => (file === undefined ? null : readFileSync(file));
  return credentials.createSsl(read(tls.ca), read(tls.key), read(tls.cert));
}

function isServiceError(error: unknown): error is ServiceError {
  return error instanceof Error && "code" in error && typeof error.code === "number";
}

function identity(bytes: Buffer): Buffer {
  return bytes;
}
