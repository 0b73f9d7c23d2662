import type { Json } from "../core/intent.ts";
import type { DecisionReceipt, ReceiptDraft } from "../core/receipt.ts";
import { canonicalText } from "./canonical-text.ts";

export const RECEIPT_VERSION = 1;

/** A receipt's place in the chain. */
export type ChainPlace = {
  readonly stream: string;
  readonly seq: number;
  /** The hash before it. */
  readonly prev: string;
  readonly at: string;
  readonly server: string;
};

/** Canonical text on both sides of the member `hash`; joined by a comma it is what the hash covers. */
export type ReceiptHalves = { readonly before: string; readonly after: string };

export type OtherDraft = Exclude<ReceiptDraft, DecisionReceipt>;

/** Every call takes this way, so the members stand in their sorted order instead of being sorted. */
export function decisionText(draft: DecisionReceipt, place: ChainPlace, count: number | null): ReceiptHalves {
  const caller = draft.caller;
  const toFacts = membersText({
    actors: caller === null ? [] : caller.actors,
    agent: caller === null ? null : caller.agent,
    agent_version: caller === null ? null : caller.agentVersion,
    approval: sortApproval(draft.approval),
    at: place.at,
    call: sortCall(draft.call),
    class: draft.class,
    code: draft.code,
    cost_micros: draft.cost_micros,
    // Left out of the text unless the receipt stands for several denials.
    count: count ?? undefined,
    decision: draft.decision,
    decision_id: count === null ? draft.decision_id : null,
  });
  const toHash = membersText({ fault: draft.fault, findings: draft.findings.map(sortFinding) });
  const after = membersText({
    hold: draft.hold,
    kind: draft.kind,
    limits: draft.limits.map(sortLimit),
    mode: draft.mode,
    obligations: draft.obligations,
    policy: sortPolicy(draft.policy),
    prev: place.prev,
    reasons: draft.reasons,
    rule: draft.rule,
    seq: place.seq,
    server: place.server,
    session: caller === null ? null : caller.session,
    shadow: sortShadow(draft.shadow),
    span_id: draft.span_id,
    stream: place.stream,
    subject: caller === null ? null : caller.subject,
    tenant: draft.tenant,
    token_id: caller === null ? null : caller.tokenId,
    trace_id: draft.trace_id,
    unknowns: draft.unknowns,
    us: draft.us,
    v: RECEIPT_VERSION,
  });
  return { before: `{${toFacts},"facts":${canonicalText(draft.facts)},${toHash}`, after: `${after}}` };
}

/** Every other kind is rare. */
export function recordText(fields: Readonly<Record<string, Json>>, place: ChainPlace): ReceiptHalves {
  const all: Record<string, Json> = { ...fields, ...place, v: RECEIPT_VERSION };
  const keys = Object.keys(all).sort();
  const memberText = (key: string) => `${JSON.stringify(key)}:${canonicalText(all[key] ?? null)}`;
  const before = keys.filter((key) => key < "hash").map(memberText);
  const after = keys.filter((key) => key > "hash").map(memberText);
  return { before: `{${before.join(",")}`, after: `${after.join(",")}}` };
}

/** The members without the braces. Their order is that of the literal, which is the canonical one. */
function membersText(members: object): string {
  const text = JSON.stringify(members);
  // A lone surrogate, or text that looks like one: RFC 8785 has no form for the former.
  const canonical = text.includes("\\ud") ? canonicalText(JSON.parse(text)) : text;
  return canonical.slice(1, -1);
}

function sortCall(call: DecisionReceipt["call"]) {
  if (call === null) return null;
  const { body, digest, host, method, model, operation, path, port, protocol, scheme, tool } = call;
  return { body, digest, host, method, model, operation, path, port, protocol, scheme, tool };
}

function sortApproval(approval: DecisionReceipt["approval"]) {
  return approval === null ? null : { approvers: approval.approvers, grant: approval.grant, id: approval.id };
}

function sortPolicy(policy: DecisionReceipt["policy"]) {
  return policy === null ? null : { digest: policy.digest, name: policy.name, revision: policy.revision };
}

function sortShadow(shadow: DecisionReceipt["shadow"]) {
  return shadow === null ? null : { class: shadow.class, code: shadow.code, decision: shadow.decision, rule: shadow.rule };
}

function sortFinding({ count, kind, where }: DecisionReceipt["findings"][number]) {
  return { count, kind, where };
}

function sortLimit({ id, remaining }: DecisionReceipt["limits"][number]) {
  return { id, remaining };
}
