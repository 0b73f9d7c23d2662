import type { EnvoyCheck, EnvoyChecks } from "./doctor-envoy-check.ts";
import { authzConfigs, durationMs, type EnvoyFile } from "./doctor-envoy-file.ts";
import { child, findAll, isOfType, items, type Spot, valueAt } from "./doctor-envoy-spot.ts";

/** Envoy's own limit for a Check where the file names none. */
const DEFAULT_TIMEOUT_MS = 200;

/** The ext_authz filter itself. */
export const AUTHZ_CHECKS = {
  authz_missing: {
    severity: "danger",
    why: "calls of this listener are never checked",
    fix: "add the envoy.filters.http.ext_authz filter before the router",
    find: (file) => file.managers.filter((manager) => !hasAuthzAnywhere(manager.spot)).map((manager) => manager.spot),
  },
  listener_unjudged: {
    severity: "danger",
    why: "what this filter chain takes does not go through an HTTP connection manager, so nobody is asked",
    fix: "remove the listener, or give it an HTTP connection manager with ext_authz",
    find: (file) =>
      items(child(file.root, "static_resources", "listeners"))
        .flatMap((listener) => [...items(child(listener, "filter_chains")), ...optional(child(listener, "default_filter_chain"))])
        .filter((chain) => findAll(chain, (spot) => isOfType(spot, "HttpConnectionManager")).length === 0),
  },
  authz_conditional: {
    severity: "danger",
    why: "the check stands inside another filter, which may skip it",
    fix: "put ext_authz into http_filters itself",
    find: (file) =>
      file.managers
        .filter((manager) => manager.authz.length === 0)
        .flatMap((manager) => findAll(manager.spot, (spot) => isOfType(spot, "ExtAuthz"))),
  },
  authz_disabled: {
    severity: "danger",
    why: "the filter is switched off unless a route switches it on",
    fix: "remove `disabled` from the filter's entry",
    find: (file) =>
      file.managers.flatMap((manager) =>
        manager.authz.filter((filter) => valueAt(filter.entry, "disabled") === true).map((filter) => filter.entry),
      ),
  },
  failure_mode_allow: whenTrue("danger", ["failure_mode_allow"], "calls pass unjudged whenever Sluice does not answer", {
    fix: "set failure_mode_allow: false",
  }),
  shadow_mode: whenTrue("danger", ["shadow_mode"], "Envoy asks and then lets every call pass", {
    fix: "remove shadow_mode; Sluice's own `mode: shadow` records what would have been and still removes credentials",
  }),
  filter_enabled: whenPresent("danger", ["filter_enabled"], "a runtime value decides which share of the calls is checked", {
    fix: "remove filter_enabled",
  }),
  filter_enabled_metadata: whenPresent("danger", ["filter_enabled_metadata"], "calls without this metadata are not checked", {
    fix: "remove filter_enabled_metadata",
  }),
  metadata_ingestion_off: {
    severity: "danger",
    why: "Envoy drops the decision's metadata: the access log loses the decision, and later filters the plan they act on",
    fix: "remove enable_dynamic_metadata_ingestion: false",
    find: (file) => configsWhere(file, (config) => valueAt(config, "enable_dynamic_metadata_ingestion") === false),
  },
  validate_mutations_off: unlessTrue("danger", ["validate_mutations"], "a mutation with CR or LF splits a response or drops a redaction", {
    fix: "set validate_mutations: true",
  }),
  mutation_rules_unvalidated: {
    severity: "danger",
    why: "with mutation rules alone a refused redaction is dropped and the original value goes upstream",
    fix: "set validate_mutations: true beside decoder_header_mutation_rules, or remove the rules",
    find: (file) =>
      configsWhere(
        file,
        (config) => child(config, "decoder_header_mutation_rules") !== null && valueAt(config, "validate_mutations") !== true,
      ),
  },
  status_on_error_missing: {
    severity: "weak",
    why: "a check that failed answers 403, as a denial would; an outage of Sluice then looks like policy",
    fix: "set status_on_error: { code: ServiceUnavailable }",
    find: (file) => configsWhere(file, (config) => child(config, "status_on_error", "code") === null),
  },
  headers_not_raw: unlessTrue("weak", ["encode_raw_headers"], "repeated headers arrive joined, and bytes that are not UTF-8 as `!`", {
    fix: "set encode_raw_headers: true",
  }),
  headers_filtered: {
    severity: "weak",
    why: "headers that the upstream gets are hidden from the check, the token among them perhaps",
    fix: "remove allowed_headers and disallowed_headers",
    find: (file) =>
      configsWhere(file, (config) => child(config, "allowed_headers") !== null || child(config, "disallowed_headers") !== null),
  },
  body_not_sent: {
    severity: "weak",
    why: "no body is shown to Sluice: every call whose body policy or catalogue reads is refused as malformed",
    fix: "set with_request_body: { max_request_bytes: 1048576, allow_partial_message: false, pack_as_bytes: true }",
    find: (file) => configsWhere(file, (config) => child(config, "with_request_body") === null),
  },
  body_partial: {
    severity: "danger",
    why: "what is beyond max_request_bytes flows on without being seen",
    fix: "set allow_partial_message: false",
    find: (file) => bodySettings(file).filter((settings) => valueAt(settings, "allow_partial_message") === true),
  },
  body_not_bytes: {
    severity: "weak",
    why: "a body sent as text loses every byte that is not UTF-8, so digests and arguments differ from what is sent",
    fix: "set pack_as_bytes: true",
    find: (file) => bodySettings(file).filter((settings) => valueAt(settings, "pack_as_bytes") !== true),
  },
  timeout_not_above_deadline: {
    severity: "weak",
    why: "Envoy gives up before Sluice's own deadline, and its error takes the place of Sluice's explicit answer",
    fix: "set grpc_service.timeout well above Sluice's `deadline`, for example 1s",
    find: (file) => configsWhere(file, (config) => timeoutMs(config) <= file.deadlineMs),
  },
  http_service: whenPresent("danger", ["http_service"], "Sluice speaks the gRPC form of the check only", {
    fix: "use grpc_service with envoy_grpc",
  }),
  check_retried: {
    severity: "weak",
    why: "a check that Envoy repeats is charged, and may use up a grant, twice",
    fix: "remove retry_policy from the check's grpc_service",
    find: (file) => {
      const places = [
        ["grpc_service", "retry_policy"],
        ["grpc_service", "envoy_grpc", "retry_policy"],
      ];
      return authzConfigs(file).flatMap((config) => places.flatMap((place) => optional(child(config, ...place))));
    },
  },
  secret_from_file_formatter: {
    severity: "danger",
    why: "%FILE_CONTENT()% in initial_metadata ends Envoy 1.40 at its first call",
    fix: "use %ENVIRONMENT(SLUICE_PROXY_SECRET)%",
    find: (file) => proxySecrets(file).filter((value) => String(value.value).includes("%FILE_CONTENT(")),
  },
  secret_in_file: {
    severity: "weak",
    why: "the proxy's secret stands in the configuration, and in Envoy's config_dump",
    fix: "write %ENVIRONMENT(SLUICE_PROXY_SECRET)% and set the variable for Envoy",
    find: (file) => proxySecrets(file).filter((value) => !String(value.value).includes("%")),
  },
} as const satisfies EnvoyChecks;

function proxySecrets(file: EnvoyFile): readonly Spot[] {
  return authzConfigs(file).flatMap((config) =>
    items(child(config, "grpc_service", "initial_metadata"))
      .filter((entry) => String(valueAt(entry, "key")).toLowerCase() === "x-sluice-proxy")
      .flatMap((entry) => optional(child(entry, "value"))),
  );
}

function hasAuthzAnywhere(manager: Spot): boolean {
  return findAll(manager, (spot) => isOfType(spot, "ExtAuthz")).length > 0;
}

/** The filter's own settings and those of routes that replace them. */
function bodySettings(file: EnvoyFile): readonly Spot[] {
  return file.managers.flatMap((manager) => {
    const holders = findAll(manager.spot, (spot) => isOfType(spot, "ExtAuthz") || isOfType(spot, "ExtAuthzPerRoute"));
    return holders.flatMap((holder) => [
      ...optional(child(holder, "with_request_body")),
      ...optional(child(holder, "check_settings", "with_request_body")),
    ]);
  });
}

function timeoutMs(config: Spot): number {
  return durationMs(valueAt(config, "grpc_service", "timeout")) ?? DEFAULT_TIMEOUT_MS;
}

function configsWhere(file: EnvoyFile, wanted: (config: Spot) => boolean): readonly Spot[] {
  return authzConfigs(file).filter(wanted);
}

function optional(spot: Spot | null): readonly Spot[] {
  return spot === null ? [] : [spot];
}

type Keys = readonly string[];
type Fix = { readonly fix: string };

function whenTrue(severity: EnvoyCheck["severity"], keys: Keys, why: string, { fix }: Fix): EnvoyCheck {
  return {
    severity,
    why,
    fix,
    find: (file) => authzConfigs(file).flatMap((c) => optional(child(c, ...keys)).filter((s) => s.value === true)),
  };
}

function unlessTrue(severity: EnvoyCheck["severity"], keys: Keys, why: string, { fix }: Fix): EnvoyCheck {
  return { severity, why, fix, find: (file) => configsWhere(file, (config) => valueAt(config, ...keys) !== true) };
}

function whenPresent(severity: EnvoyCheck["severity"], keys: Keys, why: string, { fix }: Fix): EnvoyCheck {
  return { severity, why, fix, find: (file) => authzConfigs(file).flatMap((config) => optional(child(config, ...keys))) };
}
