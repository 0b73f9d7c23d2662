import type { Seat } from "./open-seat.ts";
import type { PolicyTeller } from "./tell-policy.ts";

/** A tenant whose source could not even be opened: it denies until the configuration is loaded again. */
export function createBrokenSeat(
  tenant: string,
  reason: string,
  { teller, nowMs }: { readonly teller: PolicyTeller; readonly nowMs: number },
): Seat {
  const nothing = { name: null, revision: null, digest: null, serial: null, serialMark: null, signedBy: null, notAfterMs: null };
  const lastError = { code: "load_failed", reason, atMs: nowMs };
  teller.refused({ kind: "refused", source: "folder", code: "load_failed", reason, digest: null }, { by: null, isNew: true });
  return {
    describe: () => ({ tenant, state: "unavailable", source: "folder", ...nothing, activatedAtMs: null, ageMs: null, lastError }),
    live: () => null,
    waitForChange: async () => {},
    offer: async () => ({ kind: "not_pushed" }),
    history: () => [],
    check: () => {},
    follow: async () => {},
    close: async () => {},
  };
}
