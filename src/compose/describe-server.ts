import { listDangers } from "../config/dangers.ts";
import { readEnvironment } from "../config/environment.ts";
import type { Settings, TenantSettings } from "../config/settings.ts";
import type { ServerFacts, TenantFacts } from "../operate/doctor.ts";
import { findTool } from "../platform/find-tool.ts";
import { addressText } from "./open-listeners.ts";
import { openPolicyOf } from "./open-policies.ts";

/** What the doctor is told of a server that would run on these settings. */
export async function describeServer(settings: Settings): Promise<ServerFacts> {
  const { listen, proxies, telemetry, audit, tenants, deadlineMs } = settings;
  const usesLocalIssuer = [...tenants.values()].every(({ identity }) => identity.issuers.length === 0);
  return {
    grpc: addressText(listen.grpc),
    deadlineMs,
    proxies: proxies.map(({ name, auth }) => ({ name, auth: auth.kind })),
    switchedOff: listDangers(settings),
    problems: [],
    tenants: await Promise.all([...tenants].map(([name, tenant]) => describeTenant(name, tenant, usesLocalIssuer))),
    receiptSinks: audit.sinks,
    otlp: telemetry.otlp?.endpoint ?? null,
    tools: await Promise.all((["envoy", "opa"] as const).map(describeTool)),
  };
}

async function describeTenant(name: string, tenant: TenantSettings, usesLocalIssuer: boolean): Promise<TenantFacts> {
  const issuers = tenant.identity.issuers.length + (usesLocalIssuer ? 1 : 0);
  return { name, issuers, policy: await describePolicy(tenant) };
}

async function describePolicy({ policiesFolder }: TenantSettings): Promise<TenantFacts["policy"]> {
  try {
    const { policy, program } = await openPolicyOf(policiesFolder);
    const shadowRules = program.rules.filter(({ shadow }) => shadow).length;
    return { kind: "loaded", revision: policy.revision, rules: program.rules.length, shadowRules };
  } catch (error) {
    return { kind: "failed", reason: error instanceof Error ? error.message : "unknown" };
  }
}

async function describeTool(name: "envoy" | "opa") {
  const path = readEnvironment()["PATH"] ?? "";
  const found = await findTool(name, { path, cacheFolder: ".cache", install: false, say: () => {} });
  return { name, path: found.kind === "found" ? found.path : null };
}
