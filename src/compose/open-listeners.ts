import { readFile } from "node:fs/promises";
import type { FileApprovals } from "../approvals/approvals.file.ts";
import type { Authorize } from "../authorize/authorize.ts";
import type { Explanations } from "../authorize/explanations.ts";
import type { Tenants } from "../authorize/tenants.ts";
import type { Settings } from "../config/settings.ts";
import type { Address, SecretRef } from "../core/setting.ts";
import { createGrpcServer, type GrpcServer } from "../edge/grpc/server.ts";
import { createHttpServer, type HttpServer, type Readiness } from "../edge/http/create-http-server.ts";
import { ensureOperatorToken } from "../edge/http/operator-token.ts";
import { SYSTEM_CLOCK } from "../platform/system-clock.ts";
import type { Telemetry } from "../telemetry/create-telemetry.ts";
import type { ComposeOptions } from "./compose-options.ts";
import { readOrThrow } from "./open-keys.ts";

/** Calls that may be under way at once; past it the answer is deny fault `overloaded`. */
const IN_FLIGHT_MAX = 10_000;
const PROXY_SECRET_BYTES_MIN = 16;

export type ListenerParts = {
  readonly settings: Settings;
  readonly options: ComposeOptions;
  readonly authorize: Authorize;
  readonly approvals: FileApprovals;
  readonly explanations: Pick<Explanations, "find">;
  readonly tenants: Tenants;
  readonly telemetry: Telemetry;
};

/** Where Envoy asks. */
export async function listenGrpc({
  settings,
  options,
  authorize,
  telemetry,
}: ListenerParts): Promise<GrpcServer & { readonly address: string }> {
  const { listen, proxies, deadlineMs } = settings;
  const server = createGrpcServer({
    authorize,
    proxies: proxies.map(({ auth, ...proxy }) => ({
      ...proxy,
      trusts: new Set(proxy.trusts),
      auth: auth.kind === "secret" ? { kind: "secret", secret: readProxySecret(proxy.name, auth.secret, options.env) } : auth,
    })),
    clock: SYSTEM_CLOCK,
    observer: telemetry.observer,
    maxInFlight: IN_FLIGHT_MAX,
    deadlineMs,
    tls: listen.tls === null ? null : await readTls(listen.tls),
  });
  const { address } = await server.listen(addressText(listen.grpc));
  server.setServing(true);
  return { ...server, address };
}

/** An Envoy whose own variable is not set sends `-`; anything that short could be guessed. */
function readProxySecret(name: string, ref: SecretRef, env: ComposeOptions["env"]): Buffer {
  const secret = Buffer.from(readOrThrow(ref, env));
  if (secret.length < PROXY_SECRET_BYTES_MIN)
    throw new Error(
      `proxies: the secret of ${name} is shorter than ${PROXY_SECRET_BYTES_MIN} bytes: make a longer one, for example with openssl rand -hex 32`,
    );
  return secret;
}

/** Where operators call. */
export async function listenHttp(
  parts: ListenerParts & { readonly isServing: () => boolean },
): Promise<HttpServer & { readonly port: number; readonly operatorToken: string }> {
  const { settings, options, approvals, explanations, telemetry } = parts;
  const { http } = settings.listen;
  if (http.kind !== "tcp") throw new Error("listen.http: a Unix socket is not built yet; give host:port");
  const { token, created } = await ensureOperatorToken(settings.state.folder);
  if (created) telemetry.observer.log("info", "an operator's token was made", { file: `${settings.state.folder}/operator.token` });
  const server = createHttpServer({
    operators: [
      { name: "admin", token, roles: ["admin"], tenants: "all" },
      ...settings.operators.map((operator) => ({ ...operator, token: readOrThrow(operator.token, options.env) })),
    ],
    hosts: [],
    approvals: { desk: approvals, people: settings.people, clock: SYSTEM_CLOCK },
    explanations,
    readiness: () => readinessOf(parts.tenants, parts.isServing()),
    metrics: telemetry.metricsText,
    observer: telemetry.observer,
  });
  return { ...server, port: await server.listen(http), operatorToken: token };
}

/** Ready as long as any tenant can decide: one that cannot load is told and does not take the others down. */
function readinessOf(tenants: Tenants, serving: boolean): Readiness {
  const rows = tenants
    .all()
    .map(({ name, policy }) => ({ name, state: policy.kind, reason: policy.kind === "ready" ? null : policy.reason }));
  return { ready: serving && rows.some(({ state }) => state === "ready"), tenants: rows };
}

export function addressText(address: Address): string {
  if (address.kind === "unix") return `unix:${address.path}`;
  return address.host.includes(":") ? `[${address.host}]:${address.port}` : `${address.host}:${address.port}`;
}

async function readTls(tls: NonNullable<Settings["listen"]["tls"]>) {
  const { certFile, keyFile, clientCaFile } = tls;
  return {
    cert: await readFile(certFile),
    key: await readFile(keyFile),
    clientCa: clientCaFile === null ? null : await readFile(clientCaFile),
  };
}
