import { isDeepStrictEqual } from "node:util";
import type { Settings } from "./settings.ts";

/** By the names that the file has for them. */
export type ChangedSettings = {
  /** What a running server can take up. */
  readonly live: readonly string[];
  /** What only a start takes up. */
  readonly restart: readonly string[];
};

type Row = { readonly key: string; readonly live?: true };
type Rows<S> = { readonly [Key in keyof S]: Row };
type Group<S> = { readonly rows: Rows<S> };

/** Every setting, and whether a running server can change it. */
const TABLE = {
  listen: {
    rows: { grpc: { key: "listen.grpc" }, http: { key: "listen.http" }, hosts: { key: "listen.hosts" }, tls: { key: "listen.tls" } },
  },
  proxies: { key: "proxies", live: true },
  allowUnauthenticatedProxies: { key: "allow_unauthenticated_proxies" },
  workers: { key: "workers" },
  deadlineMs: { key: "deadline", live: true },
  onFault: { key: "on_fault" },
  keys: { rows: { grants: { key: "keys.grants" }, receipts: { key: "keys.receipts" }, agents: { key: "keys.agents" } } },
  operators: { key: "operators", live: true },
  people: { key: "people", live: true },
  tenants: { key: "tenants", live: true },
  guardrailsFolder: { key: "guardrails", live: true },
  identity: {
    rows: {
      headers: { key: "identity.headers" },
      tokenMaxLifetimeMs: { key: "identity.token_max_lifetime" },
      clockSkewMs: { key: "identity.clock_skew" },
    },
  },
  state: { rows: { folder: { key: "state.folder" }, unsharedAccepted: { key: "state.unshared" } } },
  shutdown: { rows: { delayMs: { key: "shutdown.delay" }, graceMs: { key: "shutdown.grace" } } },
  approvals: { key: "approvals" },
  limits: { key: "limits" },
  audit: { rows: { sinks: { key: "audit.sinks" } } },
  telemetry: {
    rows: { otlp: { key: "telemetry.otlp" }, sample: { key: "telemetry.sample" }, logLevel: { key: "telemetry.log_level", live: true } },
  },
} as const satisfies { readonly [Key in keyof Settings]: Row | Group<Settings[Key]> };

/** What differs between the settings that a server runs on and those that it would start with now. */
export function compareSettings(before: Settings, after: Settings): ChangedSettings {
  const changed = [...listChanged(TABLE, before, after), ...listIssuerChange(before, after)];
  const keysOf = (isLive: boolean) => changed.filter(({ live }) => (live === true) === isLive).map(({ key }) => key);
  return { live: keysOf(true), restart: keysOf(false) };
}

type Table = { readonly [key: string]: Row | { readonly rows: Table } };

function listChanged(table: Table, before: object, after: object): readonly Row[] {
  const was = new Map(Object.entries(before));
  const is = new Map(Object.entries(after));
  return Object.entries(table).flatMap(([name, row]) => {
    if (isDeepStrictEqual(was.get(name), is.get(name))) return [];
    return "rows" in row ? listChanged(row.rows, was.get(name) ?? {}, is.get(name) ?? {}) : [row];
  });
}

/** With no issuer at all a key of our own is made and trusted, which is done at a start. */
function listIssuerChange(before: Settings, after: Settings): readonly Row[] {
  const hasIssuer = ({ tenants }: Settings) => [...tenants.values()].some(({ identity }) => identity.issuers.length > 0);
  return hasIssuer(before) === hasIssuer(after) ? [] : [{ key: "identity.issuers (none, or some)" }];
}
