import type { CanonicalHost } from "./canonical-host.ts";

const PRIVATE_SUFFIXES = [".localhost", ".local", ".internal", ".intranet", ".lan", ".home.arpa", ".svc", ".cluster.local"] as const;

/** Whether the host is an IP literal, a single label or a name under a private suffix: what a public call never needs. */
export function isPrivateHost(host: CanonicalHost): boolean {
  if (host.literal || !host.hostname.includes(".")) return true;
  return PRIVATE_SUFFIXES.some((suffix) => host.hostname.endsWith(suffix) || host.hostname === suffix.slice(1));
}
