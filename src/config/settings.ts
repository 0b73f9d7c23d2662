import { z } from "zod";
import { approvals, people } from "../approvals/settings.ts";
import { audit } from "../audit/settings.ts";
import { duration, later, name, path, secret } from "../core/setting.ts";
import { allowUnauthenticatedProxies, deadline, grpcAddress, grpcTls, onFault, onFaultRoutes, proxies } from "../edge/grpc/settings.ts";
import { httpAddress, httpHosts, operators } from "../edge/http/settings.ts";
import { identityShape, tenantIdentityShape } from "../identity/settings.ts";
import { limits } from "../limits/settings.ts";
import { guardrails, tenantPolicyShape } from "../policy/settings.ts";
import { telemetry } from "../telemetry/settings.ts";

export const TENANT_DEFAULT = "default";

// The top level has the tenant's keys without their defaults, so that a written one can be told from none.
const AS_IN_TENANT = "The same inside `tenants.NAME`; here when there is one tenant.";

const tenant = z
  .strictObject({
    ...tenantPolicyShape,
    identity: z.strictObject(tenantIdentityShape).prefault({}).describe("Who may call for this tenant."),
  })
  .transform((tenant) => ({
    mode: tenant.mode,
    policiesFolder: tenant.policies,
    guardrailsFolder: tenant.guardrails,
    bundle: tenant.bundle,
    bundleKeys: tenant.bundle_keys,
    unsignedBundlesAllowed: tenant.allow_unsigned_bundles,
    bundleFetch: tenant.bundle_fetch,
    identity: tenant.identity,
  }));

const listen = z
  .strictObject({
    grpc: grpcAddress,
    http: httpAddress,
    hosts: httpHosts,
    agents: later("agents").describe("What agents may call. Not built yet."),
    callbacks: later("callbacks").describe("What Slack, Teams and webhooks call. Not built yet."),
    metrics: later("metrics").describe("An own listener for health and metrics. Not built yet."),
    tls: grpcTls,
  })
  .transform((listen) => ({ grpc: listen.grpc, http: listen.http, hosts: listen.hosts, tls: listen.tls }))
  .prefault({})
  .describe("Where the server listens.");

const key = secret().nullable().prefault(null);
const keys = z
  .strictObject({
    grants: key.describe("Hashes strings in receipts and digests; null: made in `<state.folder>/keys/grants.jwk`."),
    receipts: key.describe("Signs checkpoints; null: made in `<state.folder>/keys/receipts.jwk`."),
    agents: key.describe("Signs tokens where no issuer is configured; null: made in `<state.folder>/keys/agents.jwk`."),
  })
  .prefault({})
  .describe("Our own private keys, as JWK. A key has one use.");

const identity = z
  .strictObject({
    ...identityShape,
    required: tenantIdentityShape.required.unwrap().optional().describe(AS_IN_TENANT),
    issuers: tenantIdentityShape.issuers.unwrap().optional().describe(AS_IN_TENANT),
  })
  .transform((identity) => ({
    headers: identity.headers,
    tokenMaxLifetimeMs: identity.token_max_lifetime,
    clockSkewMs: identity.clock_skew,
  }))
  .prefault({})
  .describe("How agents prove who they are.");

const state = z
  .strictObject({
    folder: path().prefault("./.sluice").describe("Keys, receipts, approvals, revocations, the operator's first token."),
    redis: later("redis").describe("Shared state. Not built yet."),
    postgres: later("postgres").describe("Shared receipts. Not built yet."),
    unshared: z
      .literal("accepted")
      .nullable()
      .prefault(null)
      .describe("`accepted`: several processes may run on state that is not shared. Switches protection off."),
  })
  .transform((state) => ({ folder: state.folder, unsharedAccepted: state.unshared === "accepted" }))
  .prefault({})
  .describe("Where state is kept.");

const shutdown = z
  .strictObject({
    delay: duration("0s", "10m").prefault("5s").describe("How long calls are still served after SIGTERM."),
    grace: duration("0s", "10m").prefault("10s").describe("How long calls under way may take to end."),
  })
  .transform((shutdown) => ({ delayMs: shutdown.delay, graceMs: shutdown.grace }))
  .prefault({})
  .describe("What SIGTERM does.");

const workers = z
  .int()
  .min(1)
  .refine((count) => count === 1, { error: "workers above 1 are not built yet" })
  .prefault(1)
  .describe("Processes that decide. More than one is not built yet.");

const tenants = z
  .record(name(), tenant)
  .optional()
  .describe("Each tenant by its name. With one tenant its keys may stand at the top level.");

/** The whole configuration file. Everything else about it (reference page, JSON Schema, allowed keys, environment names) is made of this. */
export const settingsSchema = z
  .strictObject({
    listen,
    proxies,
    allow_unauthenticated_proxies: allowUnauthenticatedProxies,
    workers,
    deadline,
    on_fault: onFault,
    on_fault_routes: onFaultRoutes,
    public_url: later("public_url").describe("Base of the links in denials and messages. Not built yet."),
    keys,
    operators,
    people,
    tenants,
    mode: tenantPolicyShape.mode.unwrap().optional().describe(AS_IN_TENANT),
    policies: tenantPolicyShape.policies.unwrap().optional().describe(AS_IN_TENANT),
    guardrails,
    bundle: tenantPolicyShape.bundle.unwrap().optional().describe(AS_IN_TENANT),
    bundle_keys: tenantPolicyShape.bundle_keys.unwrap().optional().describe(AS_IN_TENANT),
    allow_unsigned_bundles: tenantPolicyShape.allow_unsigned_bundles.unwrap().optional().describe(AS_IN_TENANT),
    bundle_fetch: tenantPolicyShape.bundle_fetch.unwrap().optional().describe(AS_IN_TENANT),
    identity,
    state,
    shutdown,
    approvals,
    limits,
    audit,
    telemetry,
    opa: later("opa").describe("Drop-in Rego. Not built yet."),
  })
  .transform((given) => ({
    listen: given.listen,
    proxies: given.proxies,
    allowUnauthenticatedProxies: given.allow_unauthenticated_proxies,
    workers: given.workers,
    deadlineMs: given.deadline,
    onFault: given.on_fault,
    keys: given.keys,
    operators: given.operators,
    people: given.people,
    tenants: new Map(Object.entries(given.tenants ?? {})),
    guardrailsFolder: given.guardrails,
    identity: given.identity,
    state: given.state,
    shutdown: given.shutdown,
    approvals: given.approvals,
    limits: given.limits,
    audit: given.audit,
    telemetry: given.telemetry,
  }));

/** What the server runs on: complete, with absolute paths and milliseconds. */
export type Settings = DeepReadonly<z.output<typeof settingsSchema>>;
export type TenantSettings = DeepReadonly<z.output<typeof tenant>>;

type DeepReadonly<T> =
  T extends Map<infer K, infer V>
    ? ReadonlyMap<K, DeepReadonly<V>>
    : T extends readonly (infer V)[]
      ? readonly DeepReadonly<V>[]
      : T extends object
        ? { readonly [K in keyof T]: DeepReadonly<T[K]> }
        : T;
