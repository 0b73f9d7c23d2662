import type { Address } from "../core/setting.ts";
import type { Complaint, Path } from "./problem.ts";
import type { Settings } from "./settings.ts";

const OPERATOR_BUILT_IN = "admin";

/** What cannot be meant: settings that are fine alone and wrong together. */
export function findContradictions(settings: Settings): readonly Complaint[] {
  return [
    ...findTwice(
      settings.proxies.map((proxy, index) => ({ key: proxy.name, path: ["proxies", index, "name"] })),
      "this proxy's name",
    ),
    ...findTwice(
      settings.operators.map((one, index) => ({ key: one.name, path: ["operators", index, "name"] })),
      "this operator's name",
    ),
    ...findTwice(
      settings.people.map((one, index) => ({ key: one.name, path: ["people", index, "name"] })),
      "this person's name",
    ),
    ...findTwice(
      settings.proxies.map(({ auth }, index) => ({ key: JSON.stringify(auth), path: ["proxies", index, "auth"] })),
      "this proof of a proxy",
    ),
    ...findTwice(listIssuers(settings), "this issuer and audience"),
    ...findTwice(listPersonKeys(settings), "this identity of a person"),
    ...findUnknownTenants(settings),
    ...findUnknownOperators(settings),
    ...findTenantsWithoutIssuer(settings),
    ...findGuardrailsWithoutPolicies(settings),
    ...findBundleContradictions(settings),
    ...findListenerContradictions(settings),
  ];
}

export function isLoopback(address: Address): boolean {
  if (address.kind === "unix") return true;
  return isLoopbackHost(address.host);
}

export function isLoopbackHost(host: string): boolean {
  return host === "localhost" || host === "::1" || /^127(\.[0-9]{1,3}){3}$/.test(host);
}

type Keyed = { readonly key: string; readonly path: Path };

function findTwice(items: readonly Keyed[], what: string): readonly Complaint[] {
  const first = new Map<string, Path>();
  const found: Complaint[] = [];
  for (const { key, path } of items) {
    const other = first.get(key);
    if (other === undefined) first.set(key, path);
    else found.push({ path, message: `${what} is already given`, atKey: false, other });
  }
  return found;
}

function listIssuers(settings: Settings): readonly Keyed[] {
  return [...settings.tenants].flatMap(([tenant, { identity }]) =>
    identity.issuers.map((issuer, index) => ({
      key: JSON.stringify([issuer.issuer, issuer.audience]),
      path: ["tenants", tenant, "identity", "issuers", index],
    })),
  );
}

function listPersonKeys(settings: Settings): readonly Keyed[] {
  return settings.people.flatMap((person, index) => [
    ...(person.operator === null ? [] : [{ key: `operator ${person.operator}`, path: ["people", index, "operator"] }]),
    ...person.subjects.map((subject, position) => ({ key: `subject ${subject}`, path: ["people", index, "subjects", position] })),
  ]);
}

function findUnknownTenants(settings: Settings): readonly Complaint[] {
  const lists = [
    ...settings.proxies.map((proxy, index) => ({ names: proxy.tenants, path: ["proxies", index, "tenants"] })),
    ...settings.operators.map((operator, index) => ({ names: operator.tenants, path: ["operators", index, "tenants"] })),
  ];
  const message = `no such tenant; there are: ${[...settings.tenants.keys()].join(", ")}`;
  return lists.flatMap(({ names, path }) =>
    names.flatMap((name, index) => (settings.tenants.has(name) ? [] : [{ path: [...path, index], message, atKey: false, other: null }])),
  );
}

function findUnknownOperators(settings: Settings): readonly Complaint[] {
  const known = new Set([OPERATOR_BUILT_IN, ...settings.operators.map((operator) => operator.name)]);
  const complaints = settings.people.flatMap((person, index) =>
    person.operator === null || known.has(person.operator)
      ? []
      : [
          {
            path: ["people", index, "operator"],
            message: `no such operator; there are: ${[...known].join(", ")}`,
            atKey: false,
            other: null,
          },
        ],
  );
  const taken = settings.operators.findIndex((operator) => operator.name === OPERATOR_BUILT_IN);
  if (taken === -1) return complaints;
  const message = `${OPERATOR_BUILT_IN} is the operator of <state.folder>/operator.token; choose another name`;
  return [...complaints, { path: ["operators", taken, "name"], message, atKey: false, other: null }];
}

// With no issuer at all a key is made for the tenant `default` alone; any other tenant that needs a token would have nobody.
function findTenantsWithoutIssuer(settings: Settings): readonly Complaint[] {
  const tenants = [...settings.tenants];
  const anyIssuer = tenants.some(([, tenant]) => tenant.identity.issuers.length > 0);
  return tenants.flatMap(([name, { identity }]) => {
    if (identity.issuers.length > 0 || !identity.required || (name === "default" && !anyIssuer)) return [];
    const message = "has no issuer, so no agent could be identified; give one in identity.issuers";
    return [{ path: ["tenants", name], message, atKey: true, other: null }];
  });
}

// Guardrails are compiled together with a folder; a bundle is compiled already.
function findGuardrailsWithoutPolicies(settings: Settings): readonly Complaint[] {
  return [...settings.tenants].flatMap(([name, { policiesFolder, bundle, guardrailsFolder }]) => {
    if (policiesFolder !== null || (guardrailsFolder ?? settings.guardrailsFolder) === null) return [];
    const path = guardrailsFolder === null ? ["guardrails"] : ["tenants", name, "guardrails"];
    const runs = bundle === null ? "the embedded examples" : "a bundle, into which guardrails are built (policy build --guardrails)";
    const message = `stands only where every tenant has its \`policies\`, and ${name} runs ${runs}`;
    return [{ path, message, atKey: true, other: null }];
  });
}

function findBundleContradictions(settings: Settings): readonly Complaint[] {
  return [...settings.tenants].flatMap(([name, tenant]) => {
    const path = (...rest: readonly PropertyKey[]): Path => ["tenants", name, ...rest];
    const complain = (key: string, message: string, other: string | null = null): Complaint => ({
      path: path(key),
      message,
      atKey: true,
      other: other === null ? null : path(other),
    });
    const { bundle, bundleKeys, unsignedBundlesAllowed, bundleFetch, policiesFolder } = tenant;
    const found = findTwice(
      bundleKeys.map(({ kid }, index) => ({ key: kid, path: path("bundle_keys", index, "kid") })),
      "this key's id",
    );
    const needless = bundle === null ? "means nothing without `bundle`" : null;
    return [
      ...found,
      ...(bundle !== null && policiesFolder !== null
        ? [complain("bundle", "a tenant runs a folder or a bundle, not both", "policies")]
        : []),
      ...(bundle !== null && bundleKeys.length === 0 && !unsignedBundlesAllowed
        ? [complain("bundle", "needs `bundle_keys`, or allow_unsigned_bundles: true, by which whoever can write it decides")]
        : []),
      ...(needless !== null && bundleKeys.length > 0 ? [complain("bundle_keys", needless)] : []),
      ...(needless !== null && unsignedBundlesAllowed ? [complain("allow_unsigned_bundles", needless)] : []),
      ...(bundle?.kind !== "url" && bundleFetch !== null ? [complain("bundle_fetch", "means nothing unless `bundle` is a URL")] : []),
    ];
  });
}

function findListenerContradictions(settings: Settings): readonly Complaint[] {
  const { grpc, http, tls } = settings.listen;
  const found: Complaint[] = [];
  const complain = (path: Path, message: string, other: Path | null = null) => found.push({ path, message, atKey: false, other });
  if (!isLoopback(grpc) && settings.proxies.length === 0 && !settings.allowUnauthenticatedProxies) {
    complain(
      ["listen", "grpc"],
      "listens off loopback and no proxy can prove itself: give `proxies`, or write allow_unauthenticated_proxies: true",
    );
  }
  if (grpc.kind === "unix" && tls !== null) complain(["listen", "tls"], "a Unix socket has no TLS", ["listen", "grpc"]);
  const isSame = JSON.stringify(grpc) === JSON.stringify(http) && !(grpc.kind === "tcp" && grpc.port === 0);
  if (isSame) complain(["listen", "http"], "is the same address as listen.grpc", ["listen", "grpc"]);
  for (const [index, { auth }] of settings.proxies.entries()) {
    const path: Path = ["proxies", index, "auth"];
    if (auth.kind === "unix" && grpc.kind !== "unix") complain(path, "unix: true needs listen.grpc: unix:PATH", ["listen", "grpc"]);
    if (auth.kind === "client_certificate" && tls?.clientCaFile === undefined)
      complain(path, "client_certificate needs listen.tls.client_ca");
    else if (auth.kind === "client_certificate" && tls?.clientCaFile === null)
      complain(path, "client_certificate needs listen.tls.client_ca", ["listen", "tls"]);
  }
  return found;
}
