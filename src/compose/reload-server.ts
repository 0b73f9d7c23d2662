import type { Tenants } from "../authorize/tenants.ts";
import { compareSettings } from "../config/compare-settings.ts";
import { listDangers } from "../config/dangers.ts";
import type { LoadedSettings } from "../config/load-settings.ts";
import { describeProblem } from "../config/problem.ts";
import type { Settings } from "../config/settings.ts";
import type { Person } from "../core/person.ts";
import type { ReceiptDraft } from "../core/receipt.ts";
import type { GrpcServer } from "../edge/grpc/server.ts";
import { createOperatorAuthentication } from "../edge/http/authenticate-operator.ts";
import type { HttpServer } from "../edge/http/create-http-server.ts";
import type { Identifier } from "../identity/create-identifier.ts";
import type { Telemetry } from "../telemetry/create-telemetry.ts";
import type { ComposeOptions } from "./compose-options.ts";
import { openIdentifier } from "./open-identifier.ts";
import type { ServerKeys } from "./open-keys.ts";
import { readOperators, readProxies } from "./open-listeners.ts";
import type { OpenDesk } from "./policies/open-policy-desk.ts";

/** What of a running server takes up other settings. */
export type Reloadable = {
  readonly settings: Settings;
  readonly options: ComposeOptions;
  readonly keys: ServerKeys;
  readonly adminToken: string;
  readonly tenants: Tenants;
  readonly policies: OpenDesk;
  readonly people: Person[];
  readonly setIdentifier: (identifier: Identifier) => void;
  readonly grpc: Pick<GrpcServer, "configure">;
  readonly http: Pick<HttpServer, "setOperators">;
  readonly telemetry: Pick<Telemetry, "observer" | "setLogLevel">;
  readonly record: (draft: ReceiptDraft) => void;
};

/** What became of a reload: by the keys of the file, or why nothing of it was taken up. */
export type Reloaded =
  | { readonly kind: "reloaded"; readonly changed: readonly string[] }
  | { readonly kind: "refused"; readonly code: "invalid" | "needs_restart" | "unreadable"; readonly problems: readonly string[] };

const PROBLEMS_TOLD_MAX = 20;

/** Takes up other settings whole or not at all, one reload after another. */
export function createReload(server: Reloadable): (loaded: LoadedSettings) => Promise<Reloaded> {
  let current = server.settings;
  let last: Promise<unknown> = Promise.resolve();

  async function reload(loaded: LoadedSettings): Promise<Reloaded> {
    const result = await takeUp(server, current, loaded);
    if (result.kind === "reloaded" && loaded.kind === "settings") current = loaded.settings;
    tell(server, result);
    return result;
  }

  return function reloadInTurn(loaded) {
    const run = last.then(() => reload(loaded));
    last = run.catch(() => {});
    return run;
  };
}

async function takeUp(server: Reloadable, before: Settings, loaded: LoadedSettings): Promise<Reloaded> {
  if (loaded.kind === "invalid") return { kind: "refused", code: "invalid", problems: loaded.problems.map(describeProblem) };
  const { settings } = loaded;
  const { live, restart } = compareSettings(before, settings);
  if (restart.length > 0) return { kind: "refused", code: "needs_restart", problems: restart };
  let commit: () => Promise<void>;
  try {
    commit = prepare(server, before, settings);
  } catch (error) {
    return { kind: "refused", code: "unreadable", problems: [error instanceof Error ? error.message : "unknown"] };
  }
  await commit();
  return { kind: "reloaded", changed: live };
}

/** Reads everything that the settings name; what it gives can fail for a single tenant's source alone, which that tells itself. */
function prepare(server: Reloadable, before: Settings, settings: Settings): () => Promise<void> {
  const { options, keys, adminToken, tenants, policies, people, grpc, http, telemetry } = server;
  const { observer } = telemetry;
  const plans = policies.plan(settings);
  const proxies = readProxies(settings, options);
  const operators = readOperators(settings, adminToken, options);
  // Throws where they could not be told apart.
  createOperatorAuthentication(operators);
  const onProblem = ({ tenant, message }: { readonly tenant: string; readonly message: string }) => {
    throw new Error(`tenants.${tenant}.identity.issuers: ${message}`);
  };
  const identifier = openIdentifier(settings, { options, keys, observer, onProblem });
  return async function commit() {
    http.setOperators(operators);
    const known = new Set(listDangers(before));
    for (const danger of listDangers(settings)) if (!known.has(danger)) observer.log("warn", danger, { protection: "off" });
    telemetry.setLogLevel(settings.telemetry.logLevel);
    people.splice(0, people.length, ...settings.people);
    for (const [name, { mode }] of settings.tenants) tenants.put({ name, mode });
    server.setIdentifier(identifier);
    grpc.configure({ proxies, deadlineMs: settings.deadlineMs });
    // Only now: until here a token could still have named a tenant that goes.
    for (const name of before.tenants.keys()) if (!settings.tenants.has(name)) tenants.remove(name);
    await policies.follow(plans);
  };
}

function tell({ telemetry, record }: Reloadable, result: Reloaded): void {
  const { observer } = telemetry;
  if (result.kind === "reloaded") {
    observer.log("info", "configuration reloaded", { changed: result.changed.join(" ") });
    record({ kind: "config", tenant: null, event: "reloaded", detail: { changed: [...result.changed] } });
    return;
  }
  const problems = result.problems.slice(0, PROBLEMS_TOLD_MAX);
  for (const problem of problems) observer.log("error", "configuration not reloaded, nothing has changed", { code: result.code, problem });
  observer.faulted("config", "reload_refused", result.code);
  record({ kind: "config", tenant: null, event: "reload_refused", detail: { code: result.code, problems } });
}
