import type { Observer } from "../../core/observer.ts";
import type { PolicyReceipt, ReceiptDraft } from "../../core/receipt.ts";
import type { PolicyChanges } from "../../operate/policy-desk.ts";
import type { PolicyOrigin, PolicyRefusal } from "../../policy/sources/policy-feed.ts";

/** A version that decides. */
export type LiveVersion = {
  readonly name: string;
  readonly revision: string;
  readonly origin: Omit<PolicyOrigin, "source"> & { readonly source: PolicyOrigin["source"] | "embedded" };
  readonly activatedAtMs: number;
};

/** Tells log, metrics and record what becomes of one tenant's versions. */
export type PolicyTeller = {
  readonly activated: (version: LiveVersion, what: Activation) => void;
  /** @param isNew whether the one before was refused for something else: a source that is away is recorded once. */
  readonly refused: (refusal: PolicyRefusal, what: { readonly by: string | null; readonly isNew: boolean }) => void;
  readonly stale: (version: LiveVersion, code: "expired" | "source_away") => void;
};

export type Activation = {
  readonly event: "activated" | "rolled_back";
  readonly by: string | null;
  readonly changes: PolicyChanges | null;
};

export function createPolicyTeller(tenant: string, observer: Observer, record: (draft: ReceiptDraft) => void): PolicyTeller {
  return {
    activated: (version, { event, by, changes }) => {
      const { name, revision, origin } = version;
      const fields = { tenant, policy: name, revision, digest: origin.digest, source: origin.source, lastGood: origin.isLastGood };
      observer.log("info", event === "activated" ? "policy active" : "policy rolled back", fields);
      record({ ...receiptOf(tenant, event, version), by, changes });
    },
    refused: ({ source, code, reason, digest }, { by, isNew }) => {
      observer.count("sluice_policy_load_failures_total", { tenant, source, code });
      observer.log("error", "policy could not be loaded; what decided before goes on deciding", { tenant, source, code, reason, digest });
      const nothing = { revision: null, serial: null, signed_by: null, changes: null };
      if (isNew) record({ kind: "policy", tenant, event: "refused", source, digest, by, code, ...nothing });
    },
    stale: (version, code) => {
      const { revision, origin } = version;
      observer.count("sluice_policy_load_failures_total", { tenant, source: origin.source, code });
      observer.log("error", "policy is not good any longer: the tenant denies", { tenant, revision, digest: origin.digest, code });
      record({ ...receiptOf(tenant, "stale", version), code });
    },
  };
}

function receiptOf(tenant: string, event: PolicyReceipt["event"], { revision, origin }: LiveVersion): PolicyReceipt {
  const { source, digest, serial, signedBy } = origin;
  return { kind: "policy", tenant, event, source, revision, digest, serial, signed_by: signedBy, by: null, code: null, changes: null };
}
