import type { Approval } from "../core/approval.ts";
import type { ReceiptDraft } from "../core/receipt.ts";
import type { ApprovalIndex } from "./approval-index.ts";
import { findTimedOut, moveApproval } from "./transitions.ts";

/** Where a change of state is made to last. Calls are kept in order; a rejected promise means nothing was kept. */
export type SaveApproval = (approval: Approval) => Promise<void>;

/** Whose act a change was and what they said. */
export type Note = { readonly by: string | null; readonly reason: string | null };
export const NO_NOTE: Note = { by: null, reason: null };

export type ApprovalChange = {
  /** Makes it so in memory now and lasting before the promise resolves; takes it back where it cannot last. */
  readonly commit: (next: Approval, note: Note) => Promise<void>;
  /** Lets what has run out of time expire or lapse. Nobody waits for that to last: time says it again. */
  readonly passTime: (approval: Approval, nowMs: number) => Approval;
  /** The change of it that is not lasting yet, or null; it rejects if it will not. */
  readonly underWay: (id: string) => Promise<void> | null;
};

type ChangeOptions = { readonly save: SaveApproval; readonly onTransition: (draft: ReceiptDraft) => void };

/** Saves of one approval under way, and what it goes back to if one fails. */
type Flight = { count: number; failed: boolean; lasting: Approval | null; last: Promise<void> };

export function createApprovalChange(index: ApprovalIndex, { save, onTransition }: ChangeOptions): ApprovalChange {
  const flights = new Map<string, Flight>();

  async function commit(next: Approval, note: Note): Promise<void> {
    const before = index.get(next.id);
    index.put(next);
    const saved = save(next);
    const flight = flights.get(next.id) ?? { count: 0, failed: false, lasting: before, last: saved };
    flights.set(next.id, flight);
    flight.count++;
    flight.last = saved;
    try {
      await saved;
      flight.lasting = next;
    } catch (cause) {
      flight.failed = true;
      throw cause;
    } finally {
      land(next.id, flight);
    }
    onTransition(describeTransition(next, note));
  }

  function land(id: string, flight: Flight): void {
    flight.count--;
    if (flight.count > 0) return;
    flights.delete(id);
    if (!flight.failed) return;
    if (flight.lasting === null) index.remove(id);
    else index.put(flight.lasting);
  }

  function passTime(approval: Approval, nowMs: number): Approval {
    const to = findTimedOut(approval, nowMs);
    if (to === null) return approval;
    const next = moveApproval(approval, to);
    index.put(next);
    save(next).catch(() => {});
    onTransition(describeTransition(next, NO_NOTE));
    return next;
  }

  return { commit, passTime, underWay: (id) => flights.get(id)?.last ?? null };
}

function describeTransition({ id, subject, state }: Approval, { by, reason }: Note): ReceiptDraft {
  return { kind: "approval", tenant: subject.tenant, approval: { id, state, by, reason, digest: subject.digest, rule: subject.rule } };
}
