import type { DecisionReceipt } from "../core/receipt.ts";

/** Identical denials of one second beyond the rate, in one record. */
export type FoldedDenials = { readonly draft: DecisionReceipt; readonly count: number };

export type DenialFold = {
  /** Whether this denial gets a receipt of its own; otherwise it is counted. */
  readonly admits: (draft: DecisionReceipt, nowMs: number) => boolean;
  /** What was counted in seconds that are over, or in any when `all`. */
  readonly take: (nowMs: number, all: boolean) => readonly FoldedDenials[];
};

type Row = { readonly draft: DecisionReceipt; admitted: number; folded: number };

const MIXED = "";
const KEYS_MAX = 64;
const NOTHING: readonly FoldedDenials[] = [];

/** Keeps floods without a known tenant from drowning the record (threats.md 32). */
export function createDenialFold(perSecondMax: number): DenialFold {
  let second = 0;
  let folded = 0;
  const counts = new Map<string, Row>();
  const take: DenialFold["take"] = function takeFolded(nowMs, all) {
    if (!all && Math.floor(nowMs / 1000) === second) return NOTHING;
    const due = folded === 0 ? NOTHING : [...counts.values()].filter((row) => row.folded > 0).map(toFolded);
    folded = 0;
    if (all) for (const row of counts.values()) row.folded = 0;
    else counts.clear();
    return due;
  };
  return {
    take,
    admits: function admitsDenial(draft, nowMs) {
      // The caller takes what earlier seconds left first; a clock that went back only makes the second longer.
      second = Math.floor(nowMs / 1000);
      const row = counts.get(`${draft.code} ${draft.class}`) ?? addRow(counts, draft);
      if (row.admitted < perSecondMax) {
        row.admitted++;
        return true;
      }
      row.folded++;
      folded++;
      return false;
    },
  };
}

function addRow(counts: Map<string, Row>, draft: DecisionReceipt): Row {
  const key = counts.size < KEYS_MAX ? `${draft.code} ${draft.class}` : MIXED;
  const row = counts.get(key) ?? { draft: withoutCall(draft, key === MIXED), admitted: 0, folded: 0 };
  counts.set(key, row);
  return row;
}

function toFolded(row: Row): FoldedDenials {
  return { draft: row.draft, count: row.folded };
}

/** What all denials of one code and class have in common. */
function withoutCall(draft: DecisionReceipt, mixed: boolean): DecisionReceipt {
  return {
    ...draft,
    code: mixed ? null : draft.code,
    class: mixed ? null : draft.class,
    decision_id: "",
    caller: null,
    rule: null,
    reasons: [],
    unknowns: [],
    shadow: null,
    policy: null,
    call: null,
    findings: [],
    limits: [],
    cost_micros: null,
    hold: null,
    approval: null,
    obligations: [],
    facts: {},
    fault: null,
    trace_id: null,
    span_id: null,
    us: 0,
  };
}
