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
    if (target.hostname !== target.host) found = join(found, byPattern.get(target.hostname));
    // A suffix covers the names under it, on whatever port: reading more than a rule asks can only refuse more.
    for (let at = target.hostname.indexOf("."); at >= 0; at = target.hostname.indexOf(".", at + 1)) {
      found = join(found, byPattern.get(target.hostname.slice(at)));
    }
    return found ?? NOTHING;
  };
}

function join(a: Reads | undefined, b: Reads): Reads;
function join(a: Reads | undefined, b: Reads | undefined): Reads | undefined;
function join(a: Reads | undefined, b: Reads | undefined): Reads | undefined {
  if (a === undefined || b === undefined || a === b) return a ?? b;
  return { body: a.body || b.body, detectors: [...new Set([...a.detectors, ...b.detectors])] };
}
