import type { PolicyFile } from "../schemas/policy-file.ts";
import type { Spot } from "../spot.ts";
import type { LintContext } from "./lint-kind.ts";

export type HostAt = { readonly text: string; readonly spot: Spot };

/** Hosts as they are written where calls to them are permitted, alone or with an approval. */
export function openedHosts({ own }: LintContext): readonly HostAt[] {
  return own.policies.flatMap(({ source, spot }) => [
    ...(opensSome(source) ? hostsAt(source.match?.hosts, spot.in("match", "hosts")) : []),
    ...(source.rules ?? []).flatMap((rule, at) => (opens(rule) ? hostsAt(rule.match?.hosts, spot.in("rules", at, "match", "hosts")) : [])),
    ...hostsAt(source.allowed_domains, spot.in("allowed_domains")),
  ]);
}

type Rule = NonNullable<PolicyFile["rules"]>[number];

/** A rule with hosts of its own narrows the policy's; the others open those as they stand. */
function opensSome({ rules = [] }: PolicyFile): boolean {
  return rules.some((rule) => opens(rule) && rule.match?.hosts === undefined);
}

function opens({ then }: Rule): boolean {
  return then === "allow" || then === "sanitize" || then === "approval_needed";
}

function hostsAt(hosts: readonly string[] | undefined, spot: Spot): readonly HostAt[] {
  return (hosts ?? []).map((text, at) => ({ text, spot: spot.in(at) }));
}
