import { z } from "zod";
import type { KeptBundle, Offered, PolicyChanges, TenantPolicy } from "../../operate/policy-desk.ts";
import { escapeTexts } from "./escape-texts.ts";

const text = z.string();
const number = z.number().nullable();

const CHANGES = z.object({ added: z.array(text), removed: z.array(text), changed: z.array(text), widening: z.boolean().nullable() });

const POLICY_ROW = z.object({
  tenant: text,
  state: z.enum(["ready", "unavailable"]),
  source: z.enum(["embedded", "folder", "bundle_file", "bundle_url", "pushed"]),
  name: text.nullable(),
  revision: text.nullable(),
  digest: text.nullable(),
  serial: number,
  /** The highest serial that ever decided. */
  serial_mark: number,
  signed_by: text.nullable(),
  not_after: text.nullable(),
  activated_at: text.nullable(),
  age_seconds: number,
  last_error: z.object({ code: text, reason: text, at: text }).nullable(),
});

/** What decides for each tenant. */
export const POLICY_PAGE = z.object({ tenants: z.array(POLICY_ROW) });

export const HISTORY_PAGE = z.object({
  bundles: z.array(z.object({ revision: text, digest: text, serial: z.number(), activated_at: text })),
});

export const PUSHED_VIEW = z.object({ revision: text, digest: text, serial: z.number(), changes: CHANGES.nullable() });

export type PolicyPageView = z.output<typeof POLICY_PAGE>;
export type HistoryPageView = z.output<typeof HISTORY_PAGE>;
export type PushedView = z.output<typeof PUSHED_VIEW>;

export function viewPolicies(policies: readonly TenantPolicy[]): PolicyPageView {
  return POLICY_PAGE.parse(escapeTexts({ tenants: policies.map(viewRow) }));
}

export function viewHistory(kept: readonly KeptBundle[]): HistoryPageView {
  const bundles = kept.map(({ revision, digest, serial, activatedAtMs }) => ({
    revision,
    digest,
    serial,
    activated_at: iso(activatedAtMs),
  }));
  return HISTORY_PAGE.parse(escapeTexts({ bundles }));
}

export function viewPushed({ revision, digest, serial, changes }: Offered & { readonly kind: "live" }): PushedView {
  return PUSHED_VIEW.parse(escapeTexts({ revision, digest, serial, changes: changes satisfies PolicyChanges | null }));
}

function viewRow({ serialMark, signedBy, notAfterMs, activatedAtMs, ageMs, lastError, ...same }: TenantPolicy) {
  return {
    ...same,
    serial_mark: serialMark,
    signed_by: signedBy,
    not_after: notAfterMs === null ? null : iso(notAfterMs),
    activated_at: activatedAtMs === null ? null : iso(activatedAtMs),
    age_seconds: ageMs === null ? null : Math.floor(ageMs / 1000),
    last_error: lastError === null ? null : { code: lastError.code, reason: lastError.reason, at: iso(lastError.atMs) },
  };
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
