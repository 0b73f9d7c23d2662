import { type CheckOptions, createCheckAnswerer } from "./answer-check.ts";
import { createHealth } from "./health.ts";
import { createIdentifyProxy, type DeclaredProxy } from "./identify-proxy.ts";
import { listenOn, parseListenAddress } from "./listen-on.ts";
import { loadService } from "./load-service.ts";
import type { Methods } from "./rpc.ts";
import { createRpcServer, type RpcServer, type ServerTls } from "./rpc-server.ts";

export type GrpcServerOptions = Omit<CheckOptions, "identifyProxy" | "deadlineMs"> & {
  readonly proxies: readonly DeclaredProxy[];
  readonly deadlineMs: number;
  readonly tls?: ServerTls | null;
};

export type GrpcServer = {
  /** @param address `host:port` (0 for any free port) or `unix:PATH`. Once. */
  readonly listen: (address: string) => Promise<{ readonly address: string; readonly port: number | null }>;
  /** What health says; not serving until it is told otherwise. */
  readonly setServing: (serving: boolean) => void;
  /** What calls from now on are taken by. */
  readonly configure: (settings: Pick<GrpcServerOptions, "proxies" | "deadlineMs">) => void;
  /** Checks that wait for something. */
  readonly inFlight: () => number;
  /** Lets calls under way end for as long as graceMs. */
  readonly close: (graceMs: number) => Promise<void>;
};

const AUTHORIZATION = "envoy.service.auth.v3.Authorization";

/** What Envoy asks: external authorization and health on one port. */
export function createGrpcServer(options: GrpcServerOptions): GrpcServer {
  let identifyProxy = createIdentifyProxy(options.proxies);
  let { deadlineMs } = options;
  const check = createCheckAnswerer({
    ...options,
    identifyProxy: (connection, secret) => identifyProxy(connection, secret),
    deadlineMs: () => deadlineMs,
  });
  const health = createHealth([AUTHORIZATION]);
  const checkPath = loadService("envoy/service/auth/v3/external_auth.proto", AUTHORIZATION)("Check").path;
  const methods: Methods = new Map([...health.methods, [checkPath, check.answer]]);
  let rpc: RpcServer | null = null;

  return {
    listen: (text) => {
      if (rpc !== null) throw new Error("the server listens already");
      const address = parseListenAddress(text);
      rpc = createRpcServer(methods, { unix: address.kind === "unix", tls: options.tls ?? null });
      return listenOn(rpc.http2, address);
    },
    setServing: health.setServing,
    configure: (settings) => {
      identifyProxy = createIdentifyProxy(settings.proxies);
      deadlineMs = settings.deadlineMs;
    },
    inFlight: check.inFlight,
    close: async (graceMs) => {
      health.close();
      await rpc?.close(graceMs);
    },
  };
}
