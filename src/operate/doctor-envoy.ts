import { AROUND_CHECKS } from "./doctor-envoy-around.ts";
import { AUTHZ_CHECKS } from "./doctor-envoy-authz.ts";
import type { EnvoyChecks, Severity } from "./doctor-envoy-check.ts";
import { EGRESS_CHECKS } from "./doctor-envoy-egress.ts";
import { describeEnvoyFile } from "./doctor-envoy-file.ts";
import { MANAGER_CHECKS } from "./doctor-envoy-manager.ts";
import { ROUTE_CHECKS } from "./doctor-envoy-routes.ts";
import { pathText, type ReadFile, readEnvoyFile } from "./doctor-envoy-spot.ts";

/** Every mistake the doctor knows; `EnvoyFinding.code` is a name of this table. */
export const ENVOY_CHECKS = {
  ...AUTHZ_CHECKS,
  ...MANAGER_CHECKS,
  ...ROUTE_CHECKS,
  ...EGRESS_CHECKS,
  ...AROUND_CHECKS,
} as const satisfies EnvoyChecks;

export type EnvoyFinding = {
  readonly code: keyof typeof ENVOY_CHECKS | "unreadable" | "nothing_to_check";
  readonly severity: Severity;
  /** For example `static_resources.listeners[0].…`. */
  readonly place: string;
  readonly line: number | null;
  readonly why: string;
  readonly fix: string;
};

const RANK = { danger: 0, weak: 1, unseen: 2 } as const satisfies Record<Severity, number>;

/** What in an Envoy configuration lets calls pass unjudged or weakens the judgement, worst first. Nothing found is an empty list. */
export function doctorEnvoy(text: string, { deadlineMs }: { readonly deadlineMs: number }): readonly EnvoyFinding[] {
  const file = readEnvoyFile(text);
  switch (file.kind) {
    case "unreadable":
      return [whole("unreadable", `the file cannot be read: ${file.reason}`, "give one Envoy bootstrap in YAML or JSON")];
    case "read":
      return check(file, deadlineMs);
  }
}

function check(read: ReadFile & { readonly kind: "read" }, deadlineMs: number): readonly EnvoyFinding[] {
  const file = describeEnvoyFile(read.root, deadlineMs);
  if (file.managers.length === 0) {
    return [
      whole("nothing_to_check", "there is no HTTP connection manager in it, so there was nothing to check", "give the whole bootstrap"),
    ];
  }
  const findings = codes().flatMap((code) => {
    const { severity, why, fix, find } = ENVOY_CHECKS[code];
    const seen = new Set<unknown>();
    // An anchor's value stands in several places; it is one mistake.
    const spots = find(file).filter((spot) => typeof spot.value !== "object" || (!seen.has(spot.value) && seen.add(spot.value)));
    return spots.map((spot) => ({ code, severity, place: pathText(spot), line: read.lineOf(spot), why, fix }));
  });
  return findings.toSorted((a, b) => RANK[a.severity] - RANK[b.severity] || (a.line ?? 0) - (b.line ?? 0));
}

function codes(): readonly (keyof typeof ENVOY_CHECKS)[] {
  // Object.keys gives plain strings; these are the table's own names.
  return Object.keys(ENVOY_CHECKS) as (keyof typeof ENVOY_CHECKS)[];
}

function whole(code: "unreadable" | "nothing_to_check", why: string, fix: string): EnvoyFinding {
  return { code, severity: "unseen", place: "", line: null, why, fix };
}
