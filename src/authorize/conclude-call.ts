import type { Call, Received } from "../core/call.ts";
import type { Decision } from "../core/decision.ts";
import { isGoing } from "../core/decision.ts";
import { createUlid } from "../core/id.ts";
import type { DecisionOutcome } from "../core/observer.ts";
import { UNAUTHENTICATED } from "../core/proxy.ts";
import { explainAfterwards } from "./explain-call.ts";
import { beginProgress } from "./progress.ts";
import { receiptOf } from "./receipt-of.ts";
import type { Running } from "./running.ts";
import { shadowed, shadowOfRules } from "./shadow.ts";
import type { Stop } from "./stop.ts";
import { toDecision } from "./to-decision.ts";
import type { World } from "./world.ts";

/** The last act of every call: the answer, its record, its span. Throws when the record cannot be made. */
export function conclude(stop: Stop | null, running: Running, world: World): Decision {
  const { progress } = running;
  const enforced = withShadow(toDecision(stop, running), running);
  const decision = progress.tenant?.mode === "shadow" ? shadowed(enforced, running, world) : enforced;
  world.recorder.record(receiptOf(decision, stop, running, world));
  if (stop?.kind === "fault") world.observer.faulted(stop.code, isGoing(decision) ? "allowed" : "denied", stop.detail);
  running.trace.end(outcomeOf(decision, running, world));
  explainAfterwards(enforced, running, world);
  return decision;
}

/** A request that could not be read, or that there was no room for, is answered and recorded all the same. */
export function concludeUnread(received: Exclude<Received, { kind: "call" }>, world: World): Decision {
  const stop: Stop =
    received.kind === "unreadable"
      ? { kind: "malformed", code: "request_invalid", detail: received.reason }
      : { kind: "fault", code: "overloaded", detail: "too many calls are under way" };
  const nowMs = world.clock.nowMs();
  const running: Running = {
    id: createUlid(nowMs),
    progress: beginProgress(NOTHING_READ, nowMs, Number.POSITIVE_INFINITY),
    startedUs: world.clock.monotonicUs(),
    deadlineUs: Number.POSITIVE_INFINITY,
    trace: world.observer.startDecision(received.traceparent, null),
  };
  try {
    return conclude(stop, running, world);
  } catch (error) {
    world.observer.faulted("record", "denied", error instanceof Error ? error.name : "unknown");
    return toDecision(stop, running);
  }
}

const NOTHING_READ: Call = {
  method: "",
  scheme: "",
  authority: "",
  target: "",
  headers: new Map(),
  repeated: new Set(),
  body: { kind: "unseen" },
  protocol: "",
  principal: null,
  context: {},
  proxy: UNAUTHENTICATED,
  proxyRequestId: "",
  traceparent: null,
};

function withShadow(decision: Decision, running: Running): Decision {
  const shadow = shadowOfRules(decision, running.progress.ruling);
  return shadow === null ? decision : { ...decision, facts: { ...decision.facts, shadow } };
}

function outcomeOf(decision: Decision, running: Running, world: World): DecisionOutcome {
  const { progress } = running;
  const { ruling } = progress;
  const enforced = ruling?.by.map(({ rule }) => ({ rule, effect: ruling.kind, mode: "enforce" as const })) ?? [];
  const shadow = ruling?.shadow.map(({ rule, decision }) => ({ rule, effect: decision, mode: "shadow" as const })) ?? [];
  return {
    decision,
    mode: progress.tenant?.mode ?? "enforce",
    session: progress.caller?.session ?? null,
    intent: progress.intent,
    rules: shadow.length === 0 ? enforced : [...enforced, ...shadow],
    identity: progress.identity,
    us: world.clock.monotonicUs() - running.startedUs,
  };
}
