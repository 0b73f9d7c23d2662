import type { PolicyDesk } from "../../operate/policy-desk.ts";
import type { Telemetry } from "../../telemetry/create-telemetry.ts";

/** What decides for each tenant, and since when its source last said so. */
export function registerPolicyGauges(telemetry: Telemetry, desk: PolicyDesk): void {
  telemetry.registerGauges({
    name: "sluice_policy_revision_info",
    help: "1 for the version that decides for a tenant.",
    labels: ["tenant", "policy", "revision", "digest", "source"],
    read: () =>
      desk.describe().flatMap(({ tenant, name, revision, digest, source, state }) => {
        if (state !== "ready" || name === null || revision === null || digest === null) return [];
        return [{ labels: [tenant, name, revision, digest, source], value: 1 }];
      }),
  });
  telemetry.registerGauges({
    name: "sluice_policy_age_seconds",
    help: "How long ago the source of a tenant's policy last answered.",
    labels: ["tenant"],
    read: () => desk.describe().flatMap(({ tenant, ageMs }) => (ageMs === null ? [] : [{ labels: [tenant], value: ageMs / 1000 }])),
  });
}
