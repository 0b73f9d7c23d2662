import { isLoopback } from "./contradictions.ts";
import type { Settings } from "./settings.ts";

/** Every setting that switches protection off, for the log at start and for `doctor`. */
export function listDangers(settings: Settings): readonly string[] {
  const { listen, state } = settings;
  const dangers: string[] = [];
  for (const [name, tenant] of settings.tenants) {
    if (tenant.mode === "shadow") dangers.push(`tenants.${name}.mode: shadow: nothing is enforced, every identified call is allowed`);
    if (!tenant.identity.required) dangers.push(`tenants.${name}.identity.required: false: calls without a token go on as anonymous`);
    if (tenant.policiesFolder === null) dangers.push(`tenants.${name}.policies: none given, the embedded examples decide`);
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
