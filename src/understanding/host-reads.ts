import type { HostReads } from "../core/catalogue.ts";
import type { Target } from "../core/intent.ts";

export type Reads = { readonly body: boolean; readonly detectors: readonly string[] };

const NOTHING: Reads = { body: false, detectors: [] };

/** What policy and catalogue read of calls to a host, by look-ups that do not grow with the number of patterns. */
export function createHostReads(patterns: readonly HostReads[]): (target: Pick<Target, "host" | "hostname">) => Reads {
  const byPattern = new Map<string, Reads>();
  for (const { host, body, detectors } of patterns) byPattern.set(host, join(byPattern.get(host), { body, detectors }));

  return function readsOf(target) {
    let found = byPattern.get("*");
    found = join(found, byPattern.get(target.host));
    for (const suffix of dotted(target.host)) found = join(found, byPattern.get(suffix));
    if (target.hostname === target.host) return found ?? NOTHING;
    // Patterns without a port are read on every port: reading more than a rule asks can only refuse more.
    found = join(found, byPattern.get(target.hostname));
    for (const suffix of dotted(target.hostname)) found = join(found, byPattern.get(suffix));
    return found ?? NOTHING;
  };
}

/** `.b.c` and `.c` of `a.b.c`. */
function dotted(host: string): readonly string[] {
  const suffixes: string[] = [];
  for (let at = host.indexOf("."); at >= 0; at = host.indexOf(".", at + 1)) suffixes.push(host.slice(at));
  return suffixes;
}

function join(a: Reads | undefined, b: Reads): Reads;
function join(a: Reads | undefined, b: Reads | undefined): Reads | undefined;
function join(a: Reads | undefined, b: Reads | undefined): Reads | undefined {
  if (a === undefined || b === undefined || a === b) return a ?? b;
  return { body: a.body || b.body, detectors: [...new Set([...a.detectors, ...b.detectors])].sort() };
}
