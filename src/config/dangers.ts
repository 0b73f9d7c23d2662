import { isLoopback, isLoopbackHost } from "./contradictions.ts";
import type { Settings } from "./settings.ts";

/** Every setting that switches protection off, for the log at start and for `doctor`. */
export function listDangers(settings: Settings): readonly string[] {
  const { listen, state } = settings;
  const dangers: string[] = [];
  for (const [name, tenant] of settings.tenants) {
    if (tenant.mode === "shadow") dangers.push(`tenants.${name}.mode: shadow: nothing is enforced, every identified call is allowed`);
    if (!tenant.identity.required) dangers.push(`tenants.${name}.identity.required: false: calls without a token go on as anonymous`);
    if (tenant.unsignedBundlesAllowed)
      dangers.push(`tenants.${name}.allow_unsigned_bundles: true: whoever can write the bundle decides what is allowed`);
    if (tenant.bundle?.kind === "url" && isOpenUrl(tenant.bundle.url))
      dangers.push(`tenants.${name}.bundle: http off loopback: who is in between can hold newer bundles back, and reads the token`);
    if (tenant.policiesFolder === null && tenant.bundle === null)
      dangers.push(`tenants.${name}.policies: none given, the embedded examples decide`);
  }
  if (settings.allowUnauthenticatedProxies) {
    dangers.push("allow_unauthenticated_proxies: true: whoever reaches listen.grpc may ask for decisions");
  }
  if (state.unsharedAccepted) dangers.push("state.unshared: accepted: several processes multiply limits and grants");
  if (!isLoopback(listen.grpc) && listen.tls === null)
    dangers.push("listen.grpc is off loopback without listen.tls: tokens travel in clear");
  if (!isLoopback(listen.http))
    dangers.push("listen.http is off loopback: operators' credentials travel in clear unless something adds TLS");
  return dangers;
}

function isOpenUrl(text: string): boolean {
  const { protocol, hostname } = new URL(text);
  return protocol === "http:" && !isLoopbackHost(hostname.replace(/^\[|\]$/g, ""));
}
