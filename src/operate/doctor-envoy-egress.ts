import ipaddr from "ipaddr.js";
import type { EnvoyChecks } from "./doctor-envoy-check.ts";
import { authzConfigs, clusterByName, type EnvoyFile } from "./doctor-envoy-file.ts";
import { child, findAll, isOfType, items, type Spot, valueAt } from "./doctor-envoy-spot.ts";

/** threats.md 2: one address of each range that no call may reach by a name of the agent's choice. */
const PRIVATE_SAMPLES = [
  "0.0.0.0",
  "10.255.0.1",
  "100.64.0.1",
  "127.0.0.1",
  "169.254.169.254",
  "172.31.255.1",
  "192.168.255.1",
  "198.18.0.1",
  "224.0.0.1",
  "255.255.255.255",
  "::",
  "::1",
  "::ffff:7f00:1",
  "64:ff9b::7f00:1",
  "2002:7f00:1::",
  "fd00::1",
  "fe80::1",
  "ff02::1",
];
const HTTP_OPTIONS = "envoy.extensions.upstreams.http.v3.HttpProtocolOptions";

/** Clusters: what a call may reach, and how Sluice itself is reached. */
export const EGRESS_CHECKS = {
  address_filter_missing: {
    severity: "danger",
    why: "any name may lead to loopback, private and metadata addresses, Envoy's own ports among them",
    fix: "set resolved_address_filter.ranges in dns_cache_config as envoy/sidecar.yaml does",
    find: (file) => dnsCaches(file).filter((cache) => child(cache, "resolved_address_filter") === null),
  },
  address_filter_inverted: {
    severity: "danger",
    why: "invert_match keeps what the ranges name and removes all else",
    fix: "remove invert_match and name the ranges that must not be reached",
    find: (file) => dnsCaches(file).filter((cache) => valueAt(cache, "resolved_address_filter", "invert_match") === true),
  },
  address_filter_holes: {
    severity: "danger",
    why: "the address filter leaves non-public ranges open: v4, v6, mapped, NAT64, 6to4, link-local, multicast must all be in it",
    fix: "take the ranges of envoy/sidecar.yaml",
    find: (file) =>
      dnsCaches(file).filter((cache) => {
        const filter = child(cache, "resolved_address_filter");
        return filter !== null && !PRIVATE_SAMPLES.every((address) => isCovered(address, items(child(filter, "ranges"))));
      }),
  },
  address_filter_bypassed: {
    severity: "danger",
    why: "sub-clusters resolve names by themselves, without the address filter",
    fix: "use dns_cache_config with resolved_address_filter",
    find: (file) => findAll(file.root, (spot) => isForwardProxy(spot) && child(spot, "sub_clusters_config") !== null),
  },
  address_chosen_by_agent: {
    severity: "danger",
    why: "an ORIGINAL_DST cluster connects to the address the agent dialled, whatever the judged Host says",
    fix: "use a dynamic_forward_proxy cluster by Host",
    find: (file) => file.clusters.filter((cluster) => valueAt(cluster, "type") === "ORIGINAL_DST"),
  },
  upstream_unverified: {
    severity: "danger",
    why: "the upstream's certificate is not verified: any host may take the call",
    fix: "set common_tls_context.validation_context.trusted_ca, and auto_san_validation: true",
    find: (file) =>
      file.clusters
        .flatMap((cluster) => findAll(cluster, (spot) => isOfType(spot, "UpstreamTlsContext")))
        .filter((tls) => findAll(tls, (spot) => isTrustAnchor(spot)).length === 0),
  },
  insecure_cluster_allowed: {
    severity: "danger",
    why: "the forward proxy's cluster may speak TLS without checking the name in the certificate",
    fix: "remove allow_insecure_cluster_options and set auto_sni and auto_san_validation",
    find: (file) => findAll(file.root, (spot) => isForwardProxy(spot) && valueAt(spot, "allow_insecure_cluster_options") === true),
  },
  connections_coalesced: {
    severity: "weak",
    why: "a call to one host may travel over the connection of another",
    fix: "remove allow_coalesced_connections",
    find: (file) => findAll(file.root, (spot) => isForwardProxy(spot) && valueAt(spot, "allow_coalesced_connections") === true),
  },
  check_cluster_missing: {
    severity: "unseen",
    why: "the cluster that ext_authz asks is not in this file",
    fix: "run the doctor on the file that has it",
    find: (file) =>
      authzConfigs(file).filter(
        (config) => child(config, "grpc_service", "envoy_grpc") !== null && clusterByName(file, clusterName(config)) === null,
      ),
  },
  check_cluster_not_http2: {
    severity: "danger",
    why: "gRPC needs HTTP/2; without it every check fails",
    fix: "set explicit_http_config: { http2_protocol_options: {} } on the cluster",
    find: (file) => checkClusters(file).filter((cluster) => !speaksHttp2(cluster)),
  },
  check_cluster_without_health: {
    severity: "weak",
    why: "an unreachable or draining Sluice is noticed only by calls that fail",
    fix: "add health_checks with grpc_health_check: { service_name: envoy.service.auth.v3.Authorization }",
    find: (file) => checkClusters(file).filter((cluster) => items(child(cluster, "health_checks")).length === 0),
  },
  check_in_clear: {
    severity: "danger",
    why: "checks, tokens and the proxy's secret cross the network in clear",
    fix: "reach Sluice on loopback, on a Unix socket, or with a TLS transport_socket",
    find: (file) =>
      checkClusters(file)
        .filter((cluster) => child(cluster, "transport_socket") === null)
        .filter((cluster) =>
          findAll(cluster, (spot) => spot.path.at(-1) === "socket_address").some((at) => !isLoopback(String(valueAt(at, "address")))),
        ),
  },
} as const satisfies EnvoyChecks;

/** Each cache once: an alias in the file makes the same place stand in the filter and in the cluster. */
function dnsCaches(file: EnvoyFile): readonly Spot[] {
  return findAll(file.root, (spot) => spot.path.at(-1) === "dns_cache_config");
}

function isForwardProxy(spot: Spot): boolean {
  return String(valueAt(spot, "@type")).includes("dynamic_forward_proxy");
}

function isTrustAnchor(spot: Spot): boolean {
  const key = spot.path.at(-1);
  return ["trusted_ca", "system_root_certs", "validation_context_sds_secret_config"].some((name) => key === name);
}

function checkClusters(file: EnvoyFile): readonly Spot[] {
  const names = new Set(authzConfigs(file).map(clusterName));
  return file.clusters.filter((cluster) => names.has(valueAt(cluster, "name")));
}

function clusterName(config: Spot): unknown {
  return valueAt(config, "grpc_service", "envoy_grpc", "cluster_name");
}

function speaksHttp2(cluster: Spot): boolean {
  const options = child(cluster, "typed_extension_protocol_options", HTTP_OPTIONS);
  const explicit = options !== null && child(options, "explicit_http_config", "http2_protocol_options") !== null;
  return explicit || child(cluster, "http2_protocol_options") !== null;
}

function isLoopback(address: string): boolean {
  return address === "::1" || address.startsWith("127.");
}

function isCovered(sample: string, ranges: readonly Spot[]): boolean {
  const address = ipaddr.parse(sample);
  return ranges.some((range) => {
    const prefix = valueAt(range, "address_prefix");
    const length = valueAt(range, "prefix_len") ?? 0;
    if (typeof prefix !== "string" || !ipaddr.isValid(prefix)) return false;
    const base = ipaddr.parse(prefix);
    const bits = Number(typeof length === "object" ? valueAt({ value: length, path: [] }, "value") : length);
    return address.kind() === base.kind() && Number.isInteger(bits) && address.match(base, bits);
  });
}
