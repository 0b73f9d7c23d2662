import type { EnvoyChecks } from "./doctor-envoy-check.ts";
import { durationMs, type EnvoyFile, type Manager } from "./doctor-envoy-file.ts";
import { child, findAll, isOfType, items, type Spot, valueAt } from "./doctor-envoy-spot.ts";

/** threats.md 1: headers by which a caller could have Envoy multiply, rename or re-time an approved call. */
const STEERING_HEADERS = [
  "x-envoy-retry-on",
  "x-envoy-retry-grpc-on",
  "x-envoy-max-retries",
  "x-envoy-retriable-status-codes",
  "x-envoy-retriable-header-names",
  "x-envoy-hedge-on-per-try-timeout",
  "x-envoy-upstream-rq-timeout-ms",
  "x-envoy-upstream-rq-per-try-timeout-ms",
  "x-envoy-upstream-rq-timeout-alt-response",
  "x-envoy-original-path",
  "x-envoy-original-host",
  "x-envoy-force-trace",
  "x-envoy-decorator-operation",
  "x-envoy-downstream-service-cluster",
  "x-envoy-downstream-service-node",
];

/** The connection manager around the filter: what it believes of the agent, and in which form it hands the call on. */
export const MANAGER_CHECKS = {
  steering_headers_kept: {
    severity: "danger",
    why: "the agent's own x-envoy-* headers reach the router: retries, hedges, timeouts of an approved call",
    fix: "before ext_authz add header_mutation with request_mutations: [ { remove_on_match: { key_matcher: { prefix: x-envoy- } } } ]",
    find: (file) =>
      file.managers.filter((manager) => manager.authz.length > 0 && !removesSteeringHeaders(manager)).map((manager) => manager.spot),
  },
  internal_addresses: {
    severity: "danger",
    why: "callers from these addresses are believed in their x-envoy-* headers; one Check became 201 upstream calls",
    fix: "remove internal_address_config",
    find: (file) => present(file, ["internal_address_config"]),
  },
  remote_address_unused: {
    severity: "weak",
    why: "the agent's x-forwarded-proto becomes the scheme that is judged, its x-forwarded-for the address that is logged",
    fix: "set use_remote_address: true (and skip_xff_append: true, to tell upstreams nothing)",
    find: (file) => managersWhere(file, (manager) => valueAt(manager, "use_remote_address") !== true),
  },
  path_not_normalized: {
    severity: "weak",
    why: "dot segments and escaped letters reach Sluice and the upstream as sent; Sluice refuses many of them as ambiguous",
    fix: "set normalize_path: true and merge_slashes: true",
    find: (file) =>
      managersWhere(file, (manager) => valueAt(manager, "normalize_path") !== true || valueAt(manager, "merge_slashes") !== true),
  },
  escaped_slashes_kept: {
    severity: "weak",
    why: "%2F and %5C pass as they are, and upstreams differ in how they read them",
    fix: "set path_with_escaped_slashes_action: REJECT_REQUEST",
    find: (file) => managersWhere(file, (manager) => valueAt(manager, "path_with_escaped_slashes_action") !== "REJECT_REQUEST"),
  },
  underscores_allowed: {
    severity: "weak",
    why: "x_sluice_token and x-sluice-token both pass, and some upstreams take one for the other",
    fix: "set common_http_protocol_options: { headers_with_underscores_action: REJECT_REQUEST }",
    find: (file) =>
      managersWhere(
        file,
        (manager) => valueAt(manager, "common_http_protocol_options", "headers_with_underscores_action") !== "REJECT_REQUEST",
      ),
  },
  continue_proxied: {
    severity: "danger",
    why: "proxy_100_continue together with body buffering: no check is made and both sides wait for ever",
    fix: "remove proxy_100_continue",
    find: (file) => present(file, ["proxy_100_continue"]).filter((spot) => spot.value === true),
  },
  streams_without_end: {
    severity: "weak",
    why: "a revoked agent keeps a tunnel, websocket or event stream for as long as it likes",
    fix: "set common_http_protocol_options: { max_stream_duration: 900s }",
    find: (file) => managersWhere(file, (manager) => !isPositive(valueAt(manager, "common_http_protocol_options", "max_stream_duration"))),
  },
  lookup_before_check: {
    severity: "weak",
    why: "names are resolved, and waited for, before anyone judged the call",
    fix: "put dynamic_forward_proxy after ext_authz",
    find: (file) =>
      file.managers.flatMap((manager) =>
        filtersBeforeAuthz(manager).filter((filter) => hasConfigOf(filter, "FilterConfig", "dynamic_forward_proxy")),
      ),
  },
  filter_answers_first: {
    severity: "weak",
    why: "a filter of this kind before ext_authz may answer or change the call without a check",
    fix: "put it after ext_authz",
    find: (file) =>
      file.managers.flatMap((manager) =>
        filtersBeforeAuthz(manager).filter((filter) => ["Lua", "Wasm", "Router", "Cache"].some((name) => hasConfigOf(filter, name, ""))),
      ),
  },
  denial_rewritten: {
    severity: "weak",
    why: "Envoy replaces the body of Sluice's denials, and with it what the agent needs to go on",
    fix: "keep local replies whose details are ext_authz_denied as they are",
    find: (file) =>
      file.managers.flatMap(({ spot }) => {
        const whole = child(spot, "local_reply_config", "body_format");
        const mappers = items(child(spot, "local_reply_config", "mappers")).filter(
          (mapper) => child(mapper, "filter", "extension_filter") === null,
        );
        return whole === null ? mappers : [whole, ...mappers];
      }),
  },
  early_data_accepted: {
    severity: "danger",
    why: "bytes sent before a tunnel stands reach the upstream unjudged (CVE-2025-64763)",
    fix: "set reject_connect_request_early_data: true on the router",
    find: (file) =>
      file.managers
        .filter((manager) => manager.routes.some((route) => child(route.spot, "match", "connect_matcher") !== null))
        .flatMap((manager) => findAll(manager.spot, (spot) => isOfType(spot, "Router")))
        .filter((router) => valueAt(router, "reject_connect_request_early_data") !== true),
  },
} as const satisfies EnvoyChecks;

function removesSteeringHeaders(manager: Manager): boolean {
  const mutations = filtersBeforeAuthz(manager)
    .filter((filter) => valueAt(filter, "disabled") !== true)
    .flatMap((filter) => items(child(filter, "typed_config", "mutations", "request_mutations")));
  const removed = new Set(mutations.map((mutation) => String(valueAt(mutation, "remove")).toLowerCase()));
  const prefixes = mutations.flatMap((mutation) => {
    const prefix = valueAt(mutation, "remove_on_match", "key_matcher", "prefix");
    return typeof prefix === "string" ? [prefix.toLowerCase()] : [];
  });
  return STEERING_HEADERS.every((name) => removed.has(name) || prefixes.some((prefix) => name.startsWith(prefix)));
}

function filtersBeforeAuthz(manager: Manager): readonly Spot[] {
  const first = manager.authz[0];
  return first === undefined ? [] : manager.filters.slice(0, first.at);
}

function hasConfigOf(filter: Spot, name: string, within: string): boolean {
  const config = child(filter, "typed_config");
  return config !== null && isOfType(config, name) && String(valueAt(config, "@type")).includes(within);
}

function managersWhere(file: EnvoyFile, wanted: (manager: Spot) => boolean): readonly Spot[] {
  return file.managers.map((manager) => manager.spot).filter(wanted);
}

function present(file: EnvoyFile, keys: readonly string[]): readonly Spot[] {
  return file.managers.flatMap((manager) => {
    const spot = child(manager.spot, ...keys);
    return spot === null ? [] : [spot];
  });
}

function isPositive(duration: unknown): boolean {
  return (durationMs(duration) ?? 0) > 0;
}
