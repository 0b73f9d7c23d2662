import type { EnvoyChecks } from "./doctor-envoy-check.ts";
import { type EnvoyFile, isConnectRoute, type Manager, perRouteConfigs } from "./doctor-envoy-file.ts";
import { child, findAll, isOfType, items, members, type Spot, valueAt } from "./doctor-envoy-spot.ts";

/** Where calls go: routes that pass the check by, or that make more than one call of one check. */
export const ROUTE_CHECKS = {
  catch_all_missing: {
    severity: "danger",
    why: "a call that no route matches is not checked; a filter that picks the route anew would then let it through unjudged",
    fix: 'end a virtual host of domains ["*"] with a route of match: { prefix: "/" }',
    find: (file) =>
      file.managers
        .filter((manager) => child(manager.spot, "route_config") !== null && !hasCatchAll(manager))
        .map((manager) => manager.spot),
  },
  route_unchecked: {
    severity: "danger",
    why: "calls of this route, virtual host or cluster are not checked",
    fix: "remove `disabled: true`; only a route that answers by itself (direct_response) may have it",
    find: (file) =>
      file.managers.flatMap((manager) =>
        perRouteConfigs(manager)
          .filter(({ config, owner }) => switchesCheckOff(config, manager) && child(owner, "direct_response") === null)
          .map(({ config }) => config),
      ),
  },
  connect_body_buffered: {
    severity: "danger",
    why: "Envoy waits for the end of a tunnel's body before it asks: the tunnel hangs and no check is made",
    fix: "set check_settings: { disable_request_body_buffering: true } for ext_authz on the connect_matcher route",
    find: (file) =>
      file.managers
        .filter((manager) => manager.authz.some((filter) => child(filter.config, "with_request_body") !== null))
        .flatMap((manager) => manager.routes.filter((route) => isConnectRoute(route.spot) && !isBufferingOff(route.spot)))
        .map((route) => route.spot),
  },
  retries_multiply: {
    severity: "danger",
    why: "one checked call becomes several upstream calls",
    fix: "retry on connect-failure alone, where nothing has been sent yet",
    find: (file) =>
      routeParts(file, "retry_policy").filter((policy) =>
        String(valueAt(policy, "retry_on") ?? "")
          .split(",")
          .some((reason) => reason.trim() !== "connect-failure"),
      ),
  },
  hedging: {
    severity: "danger",
    why: "hedging sends one checked call several times",
    fix: "remove hedge_policy",
    find: (file) => routeParts(file, "hedge_policy"),
  },
  mirroring: {
    severity: "danger",
    why: "each call is also sent to a second upstream that nobody judged",
    fix: "remove request_mirror_policies",
    find: (file) => routeParts(file, "request_mirror_policies"),
  },
  redirects_followed: {
    severity: "weak",
    why: "Envoy follows an upstream's redirect with the agent's call, headers and all",
    fix: "remove internal_redirect_policy",
    find: (file) => routeParts(file, "internal_redirect_policy"),
  },
  check_service_replaced: {
    severity: "weak",
    why: "calls of this route are checked by another service than the filter's",
    fix: "remove grpc_service and http_service from check_settings",
    find: (file) =>
      file.managers.flatMap((manager) =>
        perRouteConfigs(manager)
          .map(({ config }) => config)
          .filter(
            (config) =>
              child(config, "check_settings", "grpc_service") !== null || child(config, "check_settings", "http_service") !== null,
          ),
      ),
  },
  routes_elsewhere: {
    severity: "unseen",
    why: "the routes, or whole listeners and clusters, come from a control plane and were not looked at",
    fix: "run the doctor on what the control plane sends, as a static file",
    find: (file) =>
      findAll(
        file.root,
        (spot) => spot.path.at(-1) === "rds" || spot.path.at(-1) === "scoped_routes" || spot.path.at(-1) === "dynamic_resources",
      ),
  },
} as const satisfies EnvoyChecks;

function hasCatchAll(manager: Manager): boolean {
  return manager.virtualHosts.some((virtualHost) => {
    const coversAll = items(child(virtualHost, "domains")).some((domain) => domain.value === "*");
    return coversAll && items(child(virtualHost, "routes")).some(takesEverything);
  });
}

function takesEverything(route: Spot): boolean {
  const match = child(route, "match");
  return match !== null && valueAt(match, "prefix") === "/" && members(match).length === 1;
}

function switchesCheckOff(config: Spot, manager: Manager): boolean {
  if (valueAt(config, "disabled") !== true) return false;
  if (isOfType(config, "ExtAuthzPerRoute")) return true;
  const name = config.path.at(-1);
  return manager.authz.some((filter) => valueAt(filter.entry, "name") === name);
}

function isBufferingOff(route: Spot): boolean {
  return members(child(route, "typed_per_filter_config")).some(
    (config) => valueAt(config, "check_settings", "disable_request_body_buffering") === true,
  );
}

/** A part of the route configuration wherever it may stand: route, virtual host, or the configuration's own. */
function routeParts(file: EnvoyFile, key: string): readonly Spot[] {
  return file.managers.flatMap((manager) => {
    const routes = child(manager.spot, "route_config");
    if (routes === null) return [];
    return findAll(routes, (spot) => child(spot, key) !== null).flatMap((spot) => {
      const part = child(spot, key);
      return part === null ? [] : [part];
    });
  });
}
