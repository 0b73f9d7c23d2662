import type { Call } from "../core/call.ts";
import type { Decision } from "../core/decision.ts";
import { describePlace, type Finding } from "../core/finding.ts";
import type { Aspect } from "../core/intent.ts";
import type { DecisionReceipt } from "../core/receipt.ts";
import { readFacts } from "./facts-of.ts";
import type { Progress } from "./progress.ts";
import type { Running } from "./running.ts";
import type { Stop } from "./stop.ts";
import type { World } from "./world.ts";

/** The record of one decision. Never content, never a token. */
export function receiptOf(decision: Decision, stop: Stop | null, running: Running, world: World): DecisionReceipt {
  const { progress, trace } = running;
  const { facts } = decision;
  return {
    kind: "decision",
    decision_id: facts.id,
    tenant: facts.tenant,
    caller: progress.caller,
    ...verdictOf(decision),
    reasons: progress.ruling?.by.map((by) => by.rule) ?? [],
    unknowns: progress.ruling?.unknowns ?? [],
    mode: progress.tenant?.mode ?? "enforce",
    shadow: facts.shadow,
    policy: policyOf(progress),
    call: callOf(progress),
    findings: countFindings(progress.findings),
    limits: progress.remaining,
    cost_micros: facts.costMicros,
    hold: facts.hold,
    approval: approvalOf(progress),
    obligations: decision.kind === "allow" || decision.kind === "sanitize" ? (progress.plan?.done ?? []) : [],
    facts: readFacts(progress, world.pseudonyms),
    fault: detailOf(stop, progress),
    trace_id: trace.ids?.traceId ?? null,
    span_id: trace.ids?.spanId ?? null,
    us: Math.round(world.clock.monotonicUs() - running.startedUs),
  };
}

export function verdictOf(decision: Decision): Pick<DecisionReceipt, "decision" | "class" | "code" | "rule"> {
  const { kind, rule } = decision;
  if (kind === "allow" || kind === "sanitize") return { decision: kind, class: null, code: null, rule };
  return { decision: kind, class: kind === "deny" ? decision.class : null, code: decision.code, rule };
}

function policyOf({ policy }: Progress): DecisionReceipt["policy"] {
  return policy === null ? null : { name: policy.name, revision: policy.revision, digest: policy.digest };
}

function callOf({ call, intent, digest, findings }: Progress): DecisionReceipt["call"] {
  if (intent === null) return uncertainCall(call);
  const { target, tool } = intent;
  return {
    method: call.method,
    scheme: target.scheme,
    host: target.hostname,
    port: target.port,
    path: shownPath(target.path, findings),
    protocol: intent.protocol,
    operation: nameOf(intent.operation),
    tool: tool.kind === "known" ? tool.name : tool.kind === "unknown" ? "unknown" : null,
    model: nameOf(intent.model),
    digest,
    body: call.body.kind,
  };
}

function nameOf(aspect: Aspect): string | null {
  return aspect.kind === "known" ? aspect.name : null;
}

/** A path in which a detector found something is content, and shown as its kind alone. */
export function shownPath(path: string, findings: readonly Finding[]): string {
  const found = findings.find(({ place }) => place.kind === "path");
  return found === undefined ? path : `/[${found.kind}]`;
}

/** A call that could not be understood is shown as it came, cut, and without its query. */
function uncertainCall(call: Call): DecisionReceipt["call"] {
  const path = call.target.split("?", 1)[0] ?? "";
  return {
    method: clip(call.method),
    scheme: clip(call.scheme),
    host: clip(call.authority),
    port: null,
    path: clip(path),
    protocol: null,
    operation: null,
    tool: null,
    model: null,
    digest: null,
    body: call.body.kind,
  };
}

const TEXT_CHARS_MAX = 1024;

function clip(text: string): string {
  return text.slice(0, TEXT_CHARS_MAX).toWellFormed();
}

function countFindings(findings: readonly Finding[]): DecisionReceipt["findings"] {
  if (findings.length === 0) return [];
  const counts = new Map<string, { kind: string; where: string; count: number }>();
  for (const finding of findings) {
    const where = describePlace(finding.place);
    const counted = counts.get(`${finding.kind} ${where}`) ?? { kind: finding.kind, where, count: 0 };
    counted.count++;
    counts.set(`${finding.kind} ${where}`, counted);
  }
  return [...counts.values()];
}

function approvalOf({ grants, asked }: Progress): DecisionReceipt["approval"] {
  const approval = grants[0] ?? asked;
  return approval === null ? null : { id: approval.id, grant: grants.length > 0, approvers: approval.approvers };
}

function detailOf(stop: Stop | null, progress: Progress): string | null {
  if (stop === null) return null;
  if (stop.kind === "identity") return progress.identity;
  return "detail" in stop ? (stop.detail ?? null) : null;
}
