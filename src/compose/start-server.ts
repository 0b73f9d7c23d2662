import { hostname } from "node:os";
import { join } from "node:path";
import { type FileApprovals, openFileApprovals, REWRITE_AT_BYTES } from "../approvals/approvals.file.ts";
import { APPROVAL_LIMITS } from "../approvals/approvals.ts";
import { createRecorder, type Recorder } from "../audit/create-recorder.ts";
import { SINKS } from "../audit/sinks/index.ts";
import { createAuthorize } from "../authorize/authorize.ts";
import { createExplanations, type Explanations } from "../authorize/explanations.ts";
import { openOffLoopReader } from "../authorize/read-off-loop/open-off-loop-reader.ts";
import { createTenants, type Tenants } from "../authorize/tenants.ts";
import { listDangers } from "../config/dangers.ts";
import type { LoadedSettings } from "../config/load-settings.ts";
import type { Settings } from "../config/settings.ts";
import { createUlid } from "../core/id.ts";
import type { Observer } from "../core/observer.ts";
import type { Person } from "../core/person.ts";
import { inspect } from "../detectors/inspect.ts";
import type { Identifier } from "../identity/create-identifier.ts";
import { LOCAL_ISSUER } from "../identity/issuer.ts";
import { openRevocations } from "../identity/revocations.ts";
import { createMemoryLedger } from "../limits/ledger.memory.ts";
import { lockFolder } from "../platform/lock-folder.ts";
import { createPseudonyms } from "../platform/pseudonyms.ts";
import { SYSTEM_CLOCK } from "../platform/system-clock.ts";
import { createTelemetry, type Telemetry } from "../telemetry/create-telemetry.ts";
import type { ComposeOptions } from "./compose-options.ts";
import { type IssuerProblem, openIdentifier } from "./open-identifier.ts";
import { openKeys, type ServerKeys } from "./open-keys.ts";
import { listenGrpc, listenHttp } from "./open-listeners.ts";
import { type OpenDesk, openPolicyDesk } from "./policies/open-policy-desk.ts";
import { registerPolicyGauges } from "./policies/register-gauges.ts";
import { createReload, type Reloaded } from "./reload-server.ts";

/** A server that runs. */
export type Server = {
  readonly grpcAddress: string;
  readonly httpPort: number;
  /** Of the operator `admin`. */
  readonly operatorToken: string;
  readonly keys: ServerKeys;
  readonly recorder: Pick<Recorder, "flush">;
  /** Takes up other settings whole or not at all; what becomes of it is in log and record too. */
  readonly reload: (loaded: LoadedSettings) => Promise<Reloaded>;
  readonly stop: (how: { readonly atOnce: boolean }) => Promise<void>;
};

/** Settings → a running server. Throws, with nothing left open, where a part cannot start: never with less protection. */
export async function startServer(settings: Settings, options: ComposeOptions): Promise<Server> {
  const opened: (() => Promise<void>)[] = [];
  const closeAll = async () => {
    for (const close of opened.reverse()) await close();
  };
  try {
    return await startParts(settings, options, { onStop: (close) => opened.push(close), closeAll });
  } catch (error) {
    await closeAll();
    throw error;
  }
}

type Lifetime = { readonly onStop: (close: () => Promise<void>) => void; readonly closeAll: () => Promise<void> };

async function startParts(settings: Settings, options: ComposeOptions, { onStop, closeAll }: Lifetime): Promise<Server> {
  const { folder } = settings.state;
  if (!settings.state.unsharedAccepted) onStop(await lockFolder(folder));
  const telemetry = createTelemetry({ ...settings.telemetry, serviceName: "sluice" });
  onStop(telemetry.close);
  const { observer } = telemetry;
  for (const danger of listDangers(settings)) observer.log("warn", danger, { protection: "off" });
  const keys = await openKeys(settings, options);
  const recorder = await openRecorder(settings, keys, telemetry);
  onStop(recorder.close);
  const people = [...settings.people];
  const approvals = await openApprovals(settings, people, recorder);
  onStop(approvals.close);
  registerApprovalGauge(telemetry, approvals);
  const revocations = await openRevocations({ file: join(folder, "revocations.jsonl"), watch: true, observer });
  onStop(revocations.close);
  const longBodies = openOffLoopReader({ clock: SYSTEM_CLOCK, observer });
  onStop(longBodies.close);
  const tenants = createTenants([...settings.tenants].map(([name, { mode }]) => ({ name, mode })));
  const { env } = options;
  const { record } = recorder;
  const desk = { settings, env, tenants, clock: SYSTEM_CLOCK, observer, record, onReadsBodies: longBodies.warm };
  const policies = await openPolicyDesk(desk);
  onStop(policies.close);
  registerPolicyGauges(telemetry, policies);
  let identifier = openIdentifier(settings, { options, keys, observer, onProblem: (problem) => tellIssuer(problem, observer) });
  if (keys.agents !== null) observer.log("info", "no issuer is configured: the local key is trusted", { ...LOCAL_ISSUER });
  const explanations = createExplanations();
  const authorize = createAuthorize({
    clock: SYSTEM_CLOCK,
    observer,
    pseudonyms: createPseudonyms(keys.grants),
    identifier: { identify: (call, nowMs) => identifier.identify(call, nowMs) },
    revocations,
    findTenant: tenants.find,
    soleTenant: tenants.sole,
    inspect,
    longBodies,
    approvals,
    ledger: createMemoryLedger(),
    recorder,
    explanations,
    identityHeaders: settings.identity.headers,
  });
  return listen({
    ...{ settings, options, authorize, approvals, explanations, tenants, policies, people },
    setIdentifier: (next) => {
      identifier = next;
    },
    ...{ telemetry, keys, recorder, onStop, closeAll },
  });
}

type Parts = Lifetime & {
  readonly settings: Settings;
  readonly options: ComposeOptions;
  readonly authorize: ReturnType<typeof createAuthorize>;
  readonly approvals: FileApprovals;
  readonly explanations: Explanations;
  readonly tenants: Tenants;
  readonly policies: OpenDesk;
  /** One list, whose content a reload replaces. */
  readonly people: Person[];
  readonly setIdentifier: (identifier: Identifier) => void;
  readonly telemetry: Telemetry;
  readonly keys: ServerKeys;
  readonly recorder: Recorder;
};

async function listen(parts: Parts): Promise<Server> {
  const { settings, telemetry, tenants, keys, recorder, closeAll } = parts;
  const grpc = await listenGrpc(parts);
  let serving = true;
  const http = await listenHttp({ ...parts, isServing: () => serving }).catch(async (error: unknown) => {
    await grpc.close(0);
    throw error;
  });
  telemetry.observer.log("info", "listening", { grpc: grpc.address, http: http.port, tenants: tenants.all().length });
  const { delayMs, graceMs } = settings.shutdown;

  async function stop({ atOnce }: { readonly atOnce: boolean }): Promise<void> {
    serving = false;
    grpc.setServing(false);
    if (!atOnce) await new Promise((resolve) => setTimeout(resolve, delayMs));
    await grpc.close(atOnce ? 0 : graceMs);
    await http.close();
    await closeAll();
  }
  const { operatorToken } = http;
  const reload = createReload({ ...parts, adminToken: operatorToken, grpc, http, record: recorder.record });
  return { grpcAddress: grpc.address, httpPort: http.port, operatorToken, keys, recorder, reload, stop };
}

async function openRecorder(settings: Settings, keys: ServerKeys, { observer }: Telemetry): Promise<Recorder> {
  const folder = join(settings.state.folder, "receipts");
  const sinks = await Promise.all(settings.audit.sinks.map((name) => SINKS[name]({ folder, out: process.stdout, observer })()));
  // A stream on standard output cannot be continued after a restart, so each start writes one of its own.
  const writer = settings.audit.sinks.includes("file") ? null : createUlid(SYSTEM_CLOCK.nowMs());
  return createRecorder({ sinks, server: hostname(), clock: SYSTEM_CLOCK, signingKey: keys.receipts, observer, writer });
}

function openApprovals(settings: Settings, people: readonly Person[], recorder: Recorder): Promise<FileApprovals> {
  const { folder } = settings.state;
  return openFileApprovals({
    folder,
    rewriteAtBytes: REWRITE_AT_BYTES,
    people,
    limits: APPROVAL_LIMITS,
    onTransition: recorder.record,
  });
}

function registerApprovalGauge(telemetry: Telemetry, approvals: FileApprovals): void {
  const filter = { state: "pending", tenants: "all", max: APPROVAL_LIMITS.pendingPerTenantMax } as const;
  telemetry.registerGauge(
    "sluice_approvals_pending",
    "Approvals that wait for a person.",
    () => approvals.list(filter, SYSTEM_CLOCK.nowMs()).approvals.length,
  );
}

function tellIssuer({ tenant, issuer, message }: IssuerProblem, observer: Observer): void {
  observer.log("error", "an issuer's keys cannot be used", { tenant, issuer, message });
}
