import { child, findAll, isOfType, items, members, type Spot, valueAt } from "./doctor-envoy-spot.ts";

/** The parts of an Envoy configuration that the checks look at. */
export type EnvoyFile = {
  readonly root: Spot;
  readonly managers: readonly Manager[];
  readonly clusters: readonly Spot[];
  /** Sluice's own limit for an answer, which Envoy's must be above. */
  readonly deadlineMs: number;
};

/** One HTTP connection manager: what a listener's calls run through. */
export type Manager = {
  readonly spot: Spot;
  /** Filters in order, each as its list entry. */
  readonly filters: readonly Spot[];
  /** The ext_authz filters that stand in the list themselves, with their place in it. */
  readonly authz: readonly { readonly entry: Spot; readonly config: Spot; readonly at: number }[];
  readonly virtualHosts: readonly Spot[];
  readonly routes: readonly Route[];
};

type Route = { readonly spot: Spot; readonly virtualHost: Spot };

export function describeEnvoyFile(root: Spot, deadlineMs: number): EnvoyFile {
  return {
    root,
    managers: findAll(root, (spot) => isOfType(spot, "HttpConnectionManager")).map(describeManager),
    clusters: items(child(root, "static_resources", "clusters")),
    deadlineMs,
  };
}

export function authzConfigs(file: EnvoyFile): readonly Spot[] {
  return file.managers.flatMap((manager) => manager.authz.map((filter) => filter.config));
}

/** Whatever may carry settings per route: the route configuration, its virtual hosts, routes and weighted clusters. */
export function perRouteConfigs(manager: Manager): readonly { readonly config: Spot; readonly owner: Spot }[] {
  const routes = child(manager.spot, "route_config");
  const owners = routes === null ? [] : findAll(routes, (spot) => child(spot, "typed_per_filter_config") !== null);
  return owners.flatMap((owner) => members(child(owner, "typed_per_filter_config")).map((config) => ({ config, owner })));
}

export function isConnectRoute(route: Spot): boolean {
  return child(route, "match", "connect_matcher") !== null;
}

/** Seconds as protobuf's JSON writes them, in milliseconds; null for what is no duration. */
export function durationMs(value: unknown): number | null {
  if (typeof value !== "string" || !/^[0-9]+(\.[0-9]+)?s$/.test(value)) return null;
  return Number(value.slice(0, -1)) * 1000;
}

export function clusterByName(file: EnvoyFile, name: unknown): Spot | null {
  return file.clusters.find((cluster) => valueAt(cluster, "name") === name) ?? null;
}

function describeManager(spot: Spot): Manager {
  const filters = items(child(spot, "http_filters"));
  const virtualHosts = items(child(spot, "route_config", "virtual_hosts"));
  return {
    spot,
    filters,
    authz: filters.flatMap((entry, at) => {
      const config = child(entry, "typed_config");
      return config !== null && isOfType(config, "ExtAuthz") ? [{ entry, config, at }] : [];
    }),
    virtualHosts,
    routes: virtualHosts.flatMap((virtualHost) => items(child(virtualHost, "routes")).map((route) => ({ spot: route, virtualHost }))),
  };
}
