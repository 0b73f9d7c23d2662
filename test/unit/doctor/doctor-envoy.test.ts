import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { doctorEnvoy, ENVOY_CHECKS } from "../../../src/operate/doctor-envoy.ts";

const FILES = join(import.meta.dirname, "..", "..", "..", "envoy");
const SIDECAR = readFileSync(join(FILES, "sidecar.yaml"), "utf8");
const PROXY = readFileSync(join(FILES, "forward-proxy.yaml"), "utf8");

type Break = {
  readonly code: keyof typeof ENVOY_CHECKS;
  readonly file: string;
  readonly from: string | RegExp;
  readonly to: string;
  /** What the same change causes besides. */
  readonly also?: readonly string[];
};

const AUTHZ = "              failure_mode_allow: false\n";
const HCM = "          use_remote_address: true\n";
const BODY = "with_request_body: { max_request_bytes: 1048576, allow_partial_message: false, pack_as_bytes: true }";
const ROUTE = "route: { cluster: egress, timeout: 0s, retry_policy: { retry_on: connect-failure, num_retries: 1 } }";
const EXT_AUTHZ_TYPE = '"@type": type.googleapis.com/envoy.extensions.filters.http.ext_authz.v3.ExtAuthz\n';
const FILTER_NAME = "          - name: envoy.filters.http.ext_authz\n";
const PER_ROUTE = '"@type": type.googleapis.com/envoy.extensions.filters.http.ext_authz.v3.ExtAuthzPerRoute';

const authz = (line: string) => ({ file: SIDECAR, from: AUTHZ, to: `${AUTHZ}              ${line}\n` });
const manager = (line: string) => ({ file: SIDECAR, from: HCM, to: `${HCM}          ${line}\n` });
const onRoute = (settings: string) => ({ file: SIDECAR, from: ROUTE, to: `${ROUTE}\n                ${settings}` });
const inRoute = (field: string) => ({ file: SIDECAR, from: ROUTE, to: ROUTE.replace("timeout: 0s,", `timeout: 0s, ${field},`) });

const BREAKS: readonly Break[] = [
  { code: "authz_missing", file: SIDECAR, from: EXT_AUTHZ_TYPE, to: '"@type": type.googleapis.com/envoy.x.v3.Other\n' },
  {
    code: "listener_unjudged",
    file: SIDECAR,
    from: "  listeners:\n",
    to: "  listeners:\n  - name: tcp\n    filter_chains: [ { filters: [ { name: envoy.filters.network.tcp_proxy } ] } ]\n",
  },
  {
    code: "authz_conditional",
    file: SIDECAR,
    from: /typed_config:\n {14}"@type": (\S+ext_authz\.v3\.ExtAuthz)\n/,
    to: 'typed_config:\n              "@type": x.ExtensionWithMatcher\n              extension_config: { typed_config: { "@type": $1 } }\n',
  },
  { code: "authz_disabled", file: SIDECAR, from: FILTER_NAME, to: `${FILTER_NAME}            disabled: true\n` },
  { code: "failure_mode_allow", file: SIDECAR, from: AUTHZ, to: "              failure_mode_allow: true\n" },
  { code: "failure_mode_allow", file: SIDECAR, from: AUTHZ, to: "              failureModeAllow: true\n" },
  { code: "failure_mode_allow", file: SIDECAR, from: AUTHZ, to: "              failure_mode_allow: yes\n" },
  { code: "shadow_mode", ...authz("shadow_mode: true") },
  { code: "filter_enabled", ...authz("filter_enabled: { runtime_key: k, default_value: { numerator: 100 } }") },
  {
    code: "filter_enabled_metadata",
    ...authz("filter_enabled_metadata: { filter: f, path: [ { key: k } ], value: { present_match: true } }"),
  },
  { code: "metadata_ingestion_off", ...authz("enable_dynamic_metadata_ingestion: false") },
  { code: "validate_mutations_off", file: SIDECAR, from: "validate_mutations: true", to: "validate_mutations: false" },
  {
    code: "mutation_rules_unvalidated",
    file: SIDECAR,
    from: "validate_mutations: true",
    to: "decoder_header_mutation_rules: {}",
    also: ["validate_mutations_off"],
  },
  { code: "status_on_error_missing", file: SIDECAR, from: "              status_on_error: { code: ServiceUnavailable }\n", to: "" },
  { code: "headers_not_raw", file: SIDECAR, from: "encode_raw_headers: true", to: "encode_raw_headers: false" },
  { code: "headers_filtered", ...authz("disallowed_headers: { patterns: [ { exact: x-sluice-token } ] }") },
  { code: "body_not_sent", file: SIDECAR, from: `              ${BODY}\n`, to: "" },
  { code: "body_partial", file: SIDECAR, from: "allow_partial_message: false", to: "allow_partial_message: true" },
  {
    code: "body_partial",
    ...onRoute(
      `typed_per_filter_config: { envoy.filters.http.ext_authz: { ${PER_ROUTE}, check_settings: { ${BODY.replace("false", "true")} } } }`,
    ),
  },
  { code: "body_not_bytes", file: SIDECAR, from: ", pack_as_bytes: true", to: "" },
  { code: "timeout_not_above_deadline", file: SIDECAR, from: "timeout: 1s\n", to: "timeout: 0.150s\n" },
  { code: "http_service", ...authz("http_service: { server_uri: { uri: http://127.0.0.1, cluster: sluice, timeout: 1s } }") },
  {
    code: "check_retried",
    file: SIDECAR,
    from: "timeout: 1s\n",
    to: "timeout: 1s\n                retry_policy: { num_retries: 1 }\n",
  },
  { code: "secret_from_file_formatter", file: SIDECAR, from: "%ENVIRONMENT(SLUICE_PROXY_SECRET)%", to: "%FILE_CONTENT(./secret)%" },
  { code: "secret_in_file", file: SIDECAR, from: "%ENVIRONMENT(SLUICE_PROXY_SECRET)%", to: "hunter2" },
  { code: "steering_headers_kept", file: SIDECAR, from: "key_matcher: { prefix: x-envoy- }", to: "key_matcher: { prefix: x-envoy-retr }" },
  {
    code: "steering_headers_kept",
    file: SIDECAR,
    from: "- remove_on_match: { key_matcher: { prefix: x-envoy- } }",
    to: "- remove: x-envoy-max-retries",
  },
  { code: "internal_addresses", ...manager("internal_address_config: { cidr_ranges: [ { address_prefix: 127.0.0.0, prefix_len: 8 } ] }") },
  { code: "remote_address_unused", file: SIDECAR, from: HCM, to: "" },
  { code: "path_not_normalized", file: SIDECAR, from: "normalize_path: true", to: "normalize_path: false" },
  { code: "path_not_normalized", file: SIDECAR, from: "          merge_slashes: true\n", to: "" },
  { code: "escaped_slashes_kept", file: SIDECAR, from: "REJECT_REQUEST", to: "UNESCAPE_AND_FORWARD" },
  { code: "underscores_allowed", file: SIDECAR, from: "headers_with_underscores_action: REJECT_REQUEST", to: "idle_timeout: 60s" },
  { code: "continue_proxied", ...manager("proxy_100_continue: true") },
  { code: "streams_without_end", file: SIDECAR, from: "max_stream_duration: 900s", to: "max_stream_duration: 0s" },
  {
    code: "lookup_before_check",
    file: SIDECAR,
    from: FILTER_NAME,
    to: `          - name: early\n            typed_config: { "@type": type.googleapis.com/envoy.extensions.filters.http.dynamic_forward_proxy.v3.FilterConfig }\n${FILTER_NAME}`,
  },
  {
    code: "filter_answers_first",
    file: SIDECAR,
    from: FILTER_NAME,
    to: `          - name: early\n            typed_config: { "@type": type.googleapis.com/envoy.extensions.filters.http.lua.v3.Lua }\n${FILTER_NAME}`,
  },
  { code: "denial_rewritten", ...manager("local_reply_config: { body_format: { text_format_source: { inline_string: no } } }") },
  {
    code: "denial_rewritten",
    ...manager("local_reply_config: { mappers: [ { filter: { status_code_filter: {} }, status_code: 200 } ] }"),
  },
  { code: "early_data_accepted", file: PROXY, from: "reject_connect_request_early_data: true", to: "dynamic_stats: true" },
  { code: "catch_all_missing", file: SIDECAR, from: 'domains: ["*"]', to: 'domains: ["*.example.com"]' },
  {
    code: "catch_all_missing",
    file: SIDECAR,
    from: '- match: { prefix: "/" }\n                # Only',
    to: '- match: { prefix: "/v1/" }\n                # Only',
  },
  { code: "route_unchecked", ...onRoute(`typed_per_filter_config: { envoy.filters.http.ext_authz: { ${PER_ROUTE}, disabled: true } }`) },
  {
    code: "route_unchecked",
    ...onRoute(
      'typed_per_filter_config: { envoy.filters.http.ext_authz: { "@type": type.googleapis.com/envoy.config.route.v3.FilterConfig, disabled: true } }',
    ),
  },
  {
    code: "route_unchecked",
    file: SIDECAR,
    from: '              domains: ["*"]\n',
    to: `              domains: ["*"]\n              typed_per_filter_config: { any-name: { ${PER_ROUTE}, disabled: true } }\n`,
  },
  { code: "connect_body_buffered", file: PROXY, from: "disable_request_body_buffering: true", to: "disable_request_body_buffering: false" },
  { code: "retries_multiply", file: SIDECAR, from: /connect-failure, num_retries: 1 } }\n {10}http/, to: "5xx } }\n          http" },
  { code: "hedging", ...inRoute("hedge_policy: { hedge_on_per_try_timeout: true }") },
  { code: "mirroring", ...inRoute("request_mirror_policies: [ { cluster: internal_tools } ]") },
  { code: "redirects_followed", ...inRoute("internal_redirect_policy: {}") },
  {
    code: "check_service_replaced",
    ...onRoute(
      `typed_per_filter_config: { envoy.filters.http.ext_authz: { ${PER_ROUTE}, check_settings: { grpc_service: { envoy_grpc: { cluster_name: otlp } } } } }`,
    ),
  },
  { code: "routes_elsewhere", file: SIDECAR, from: "admin:\n", to: "dynamic_resources: { cds_config: { ads: {} } }\nadmin:\n" },
  { code: "address_filter_missing", file: SIDECAR, from: "resolved_address_filter:", to: "typed_dns_resolver_config:" },
  {
    code: "address_filter_inverted",
    file: SIDECAR,
    from: "resolved_address_filter:\n",
    to: "resolved_address_filter:\n                  invert_match: true\n",
  },
  { code: "address_filter_holes", file: SIDECAR, from: /.*169\.254\.0\.0.*\n/, to: "" },
  { code: "address_filter_holes", file: SIDECAR, from: 'address_prefix: "::", prefix_len: 3', to: 'address_prefix: "::", prefix_len: 64' },
  { code: "address_filter_holes", file: PROXY, from: /.*"2002::".*\n/, to: "" },
  {
    code: "address_filter_bypassed",
    file: SIDECAR,
    from: "        dns_cache_config: *dns\n",
    to: "        sub_clusters_config: { max_sub_clusters: 10 }\n",
  },
  { code: "address_chosen_by_agent", file: SIDECAR, from: "type: STRICT_DNS", to: "type: ORIGINAL_DST" },
  { code: "upstream_unverified", file: SIDECAR, from: /trusted_ca: \{[^}]*\}/, to: "trust_chain_verification: VERIFY_TRUST_CHAIN" },
  {
    code: "insecure_cluster_allowed",
    file: SIDECAR,
    from: "        dns_cache_config: *dns\n",
    to: "        dns_cache_config: *dns\n        allow_insecure_cluster_options: true\n",
  },
  {
    code: "connections_coalesced",
    file: SIDECAR,
    from: "        dns_cache_config: *dns\n",
    to: "        dns_cache_config: *dns\n        allow_coalesced_connections: true\n",
  },
  { code: "check_cluster_missing", file: SIDECAR, from: "cluster_name: sluice, skip", to: "cluster_name: guard, skip" },
  {
    code: "check_cluster_not_http2",
    file: SIDECAR,
    from: "http2_protocol_options: { connection_keepalive",
    to: "http_protocol_options: { x",
  },
  { code: "check_cluster_without_health", file: SIDECAR, from: "    health_checks:", to: "    other:" },
  { code: "check_in_clear", file: SIDECAR, from: "address: 127.0.0.1, port_value: 9191", to: "address: 10.1.2.3, port_value: 9191" },
  {
    code: "admin_on_port",
    file: SIDECAR,
    from: "address: { pipe: { path: ./envoy-admin.sock, mode: 384 } }",
    to: "address: { socket_address: { address: 127.0.0.1, port_value: 9901 } }",
  },
  { code: "admin_pipe_open", file: SIDECAR, from: "mode: 384", to: "mode: 438" },
  { code: "admin_pipe_open", file: SIDECAR, from: ", mode: 384", to: "" },
  { code: "secret_logged", file: SIDECAR, from: "%REQ(X-REQUEST-ID)%", to: "%REQ(X-SLUICE-TOKEN)%" },
  { code: "secret_logged", file: SIDECAR, from: "%REQ(X-REQUEST-ID)%", to: "%REQ(X-NONE?AUTHORIZATION):8%" },
  { code: "query_logged", file: SIDECAR, from: 'path: "%PATH(NQ:PATH)%"', to: 'path: "%REQ(X-ENVOY-ORIGINAL-PATH?:PATH)%"' },
  { code: "query_logged", file: SIDECAR, from: / {14}log_format:\n(?: {16}.*\n)+/, to: "", also: ["decision_not_logged"] },
  { code: "query_traced", file: SIDECAR, from: "max_path_tag_length: 0", to: "max_path_tag_length: 256" },
  { code: "decision_not_logged", file: SIDECAR, from: /.*ext_authz:sluice:decision.*\n/g, to: "" },
];

const codesOf = (text: string) => doctorEnvoy(text, { deadlineMs: 150 }).map((finding) => finding.code);

describe("the doctor on an Envoy configuration", () => {
  it("finds nothing in the files of envoy/", () => {
    expect(codesOf(SIDECAR)).toEqual([]);
    expect(codesOf(PROXY)).toEqual([]);
  });

  it.each(BREAKS.map((row, at) => [row.code, at, row] as const))("reports %s (row %i)", (code, _at, { file, from, to, also = [] }) => {
    const broken = file.replace(from, to);
    expect(broken).not.toBe(file);
    expect([...new Set(codesOf(broken))].sort()).toEqual([code, ...also].sort());
  });

  it("has a broken file for every check", () => {
    const tried = new Set(BREAKS.map((row) => row.code));
    expect(Object.keys(ENVOY_CHECKS).filter((code) => !new Set<string>(tried).has(code))).toEqual([]);
  });

  it("names the place, the line, the reason and the cure", () => {
    const broken = SIDECAR.replace(AUTHZ, "              failure_mode_allow: true\n");
    const line = broken.split("\n").findIndex((text) => text.includes("failure_mode_allow: true")) + 1;
    expect(doctorEnvoy(broken, { deadlineMs: 150 })).toEqual([
      {
        code: "failure_mode_allow",
        severity: "danger",
        place: "static_resources.listeners[0].filter_chains[0].filters[0].typed_config.http_filters[1].typed_config.failure_mode_allow",
        line,
        why: ENVOY_CHECKS.failure_mode_allow.why,
        fix: ENVOY_CHECKS.failure_mode_allow.fix,
      },
    ]);
  });

  it("puts what lets calls pass first", () => {
    const broken = SIDECAR.replace("encode_raw_headers: true", "encode_raw_headers: false").replace("mode: 384", "mode: 511");
    expect(doctorEnvoy(broken, { deadlineMs: 150 }).map((finding) => finding.severity)).toEqual(["danger", "weak"]);
  });

  it("measures Envoy's timeout by the server's own deadline", () => {
    expect(doctorEnvoy(SIDECAR, { deadlineMs: 1000 }).map((finding) => finding.code)).toEqual(["timeout_not_above_deadline"]);
  });

  it.each([
    ["not YAML", "a: [", "unreadable"],
    ["an empty file", "", "unreadable"],
    ["a list", "- a", "nothing_to_check"],
    ["another configuration", "listen: { grpc: 127.0.0.1:9191 }", "nothing_to_check"],
  ])("says that %s was not checked", (_name, text, code) => {
    expect(codesOf(text)).toEqual([code]);
  });
});
