import { readFile } from "node:fs/promises";
import type { FileApprovals } from "../approvals/approvals.file.ts";
import type { Authorize } from "../authorize/authorize.ts";
import type { Explanations } from "../authorize/explanations.ts";
import type { Settings } from "../config/settings.ts";
import type { Person } from "../core/person.ts";
import type { Address, SecretRef } from "../core/setting.ts";
import type { DeclaredProxy } from "../edge/grpc/identify-proxy.ts";
import { createGrpcServer, type GrpcServer } from "../edge/grpc/server.ts";
import type { OperatorCredential } from "../edge/http/authenticate-operator.ts";
import { createHttpServer, type HttpServer, type Readiness } from "../edge/http/create-http-server.ts";
import { ensureOperatorToken } from "../edge/http/operator-token.ts";
import type { PolicyDesk } from "../operate/policy-desk.ts";
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
  readonly policies: PolicyDesk;
  /** One list, whose content a reload replaces. */
  readonly people: readonly Person[];
  readonly telemetry: Telemetry;
};

/** Where Envoy asks. */
export async function listenGrpc({
  settings,
  options,
  authorize,
  telemetry,
}: ListenerParts): Promise<GrpcServer & { readonly address: string }> {
  const { listen, deadlineMs } = settings;
  const server = createGrpcServer({
    authorize,
    proxies: readProxies(settings, options),
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

export function readProxies({ proxies }: Settings, { env }: ComposeOptions): readonly DeclaredProxy[] {
  return proxies.map(({ auth, ...proxy }) => ({
    ...proxy,
    trusts: new Set(proxy.trusts),
    auth: auth.kind === "secret" ? { kind: "secret", secret: readProxySecret(proxy.name, auth.secret, env) } : auth,
  }));
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
  const { settings, options, approvals, explanations, policies, telemetry } = parts;
  const { http, hosts } = settings.listen;
  if (http.kind !== "tcp") throw new Error("listen.http: a Unix socket is not built yet; give host:port");
  const { token, created } = await ensureOperatorToken(settings.state.folder);
  if (created) telemetry.observer.log("info", "an operator's token was made", { file: `${settings.state.folder}/operator.token` });
  const server = createHttpServer({
    operators: readOperators(settings, token, options),
    hosts,
    approvals: { desk: approvals, people: parts.people, clock: SYSTEM_CLOCK },
    explanations,
    policies,
    readiness: () => readinessOf(policies, parts.isServing()),
    metrics: telemetry.metricsText,
    observer: telemetry.observer,
  });
  return { ...server, port: await server.listen(http), operatorToken: token };
}

export function readOperators({ operators }: Settings, adminToken: string, { env }: ComposeOptions): readonly OperatorCredential[] {
  return [
    { name: "admin", token: adminToken, roles: ["admin"], tenants: "all" },
    ...operators.map((operator) => ({ ...operator, token: readOrThrow(operator.token, env) })),
  ];
}

/** Ready as long as any tenant can decide: one that cannot load is told and does not take the others down. */
function readinessOf(policies: PolicyDesk, serving: boolean): Readiness {
  const rows = policies.describe().map(({ tenant, state, lastError }) => ({
    name: tenant,
    state,
    reason: state === "ready" ? null : (lastError?.reason ?? "the version is not good any longer"),
    refused: lastError?.code ?? null,
  }));
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
