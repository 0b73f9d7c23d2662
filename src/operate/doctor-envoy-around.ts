import type { EnvoyChecks } from "./doctor-envoy-check.ts";
import type { EnvoyFile } from "./doctor-envoy-file.ts";
import { child, findAll, items, type Spot, valueAt } from "./doctor-envoy-spot.ts";

const OWNER_ONLY = 0o600;
const SECRET_HEADERS = /%REQ\((?:[^)]*\?)?(?:authorization|proxy-authorization|x-sluice-token|cookie|x-api-key)[?)]/i;
const WHOLE_PATHS = /%(?:REQ\([^)]*(?::path|x-envoy-original-path)[^)]*\)|PATH\(WQ|PATH\(ORIG)/i;

/** What stands around the calls: admin, logs, traces. */
export const AROUND_CHECKS = {
  admin_on_port: {
    severity: "danger",
    why: "the agent shares this machine and can stop Envoy, read its configuration, and change its log level",
    fix: "admin: { address: { pipe: { path: ./envoy-admin.sock, mode: 384 } } }, or no admin",
    find: (file) => optional(child(file.root, "admin", "address", "socket_address")),
  },
  admin_pipe_open: {
    severity: "danger",
    why: "other users of this machine may open Envoy's admin",
    fix: "set mode: 384 (0600) on the pipe",
    find: (file) => optional(child(file.root, "admin", "address", "pipe")).filter((pipe) => valueAt(pipe, "mode") !== OWNER_ONLY),
  },
  secret_logged: {
    severity: "danger",
    why: "a credential goes into the access log",
    fix: "remove the header from the format",
    find: (file) => logTexts(file).filter((spot) => SECRET_HEADERS.test(String(spot.value))),
  },
  query_logged: {
    severity: "weak",
    why: "queries carry secrets and personal data, and this format logs them",
    fix: 'log "%PATH(NQ:PATH)%": the path as it was sent on, without its query',
    find: (file) => [...logTexts(file).filter((spot) => WHOLE_PATHS.test(String(spot.value))), ...logsWithoutFormat(file)],
  },
  query_traced: {
    severity: "weak",
    why: "Envoy's spans carry the url with its query",
    fix: 'set tracing: { max_path_tag_length: 0, custom_tags: [ { tag: url.path, value: "%PATH(NQ:PATH)%" } ] }',
    find: (file) =>
      file.managers
        .flatMap((manager) => optional(child(manager.spot, "tracing")))
        .filter((tracing) => valueAt(tracing, "max_path_tag_length") !== 0),
  },
  decision_not_logged: {
    severity: "weak",
    why: "the access log cannot be joined with Sluice's receipts",
    fix: "log %DYNAMIC_METADATA(envoy.filters.http.ext_authz:sluice:decision_id)%",
    find: (file) =>
      file.managers
        .map((manager) => manager.spot)
        .filter(
          (spot) =>
            !findAll(spot, (at) => typeof at.value === "string").some((at) => String(at.value).includes("ext_authz:sluice:decision")),
        ),
  },
} as const satisfies EnvoyChecks;

/** Every text under an access log's format. */
function logTexts(file: EnvoyFile): readonly Spot[] {
  return accessLogs(file).flatMap((log) => findAll(log, (spot) => typeof spot.value === "string" && spot.value.includes("%")));
}

/** Envoy's default format has the whole path. */
function logsWithoutFormat(file: EnvoyFile): readonly Spot[] {
  return accessLogs(file).filter((log) => {
    const config = child(log, "typed_config");
    return (
      config !== null &&
      String(valueAt(config, "@type")).includes("access_loggers.") &&
      findAll(config, (spot) => typeof spot.value === "string" && spot.value.includes("%")).length === 0
    );
  });
}

function accessLogs(file: EnvoyFile): readonly Spot[] {
  return file.managers.flatMap((manager) => items(child(manager.spot, "access_log")));
}

function optional(spot: Spot | null): readonly Spot[] {
  return spot === null ? [] : [spot];
}
