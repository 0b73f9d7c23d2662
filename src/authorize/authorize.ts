import type { Call, Received } from "../core/call.ts";
import type { Decision } from "../core/decision.ts";
import { createUlid } from "../core/id.ts";
import { approveCall } from "./approve-call.ts";
import { conclude, concludeUnread } from "./conclude-call.ts";
import { decideCall } from "./decide-call.ts";
import { identifyCaller } from "./identify-caller.ts";
import { inspectCall } from "./inspect-call.ts";
import { beginProgress, type Progress } from "./progress.ts";
import type { Running } from "./running.ts";
import { giveBack, spendCall } from "./spend-call.ts";
import { faultOf, isStepResult, type Stop } from "./stop.ts";
import { faultDecision } from "./to-decision.ts";
import { understandCall } from "./understand-call.ts";
import type { World } from "./world.ts";

export type Authorize = (received: Received, deadlineUs: number) => Decision | Promise<Decision>;

type Step = { readonly name: string; readonly run: (progress: Progress, world: World) => Stop | null | Promise<Stop | null> };

/** The path of one call. What only looks comes first, what leaves a mark comes last; then the record, always. */
const STEPS: readonly Step[] = [
  { name: "identify", run: identifyCaller },
  { name: "understand", run: understandCall },
  { name: "inspect", run: inspectCall },
  { name: "decide", run: decideCall },
  { name: "approve", run: approveCall },
  { name: "spend", run: spendCall },
];

/** Decides one call by `deadlineUs` on the monotonic clock. Never throws and never rejects. */
export function createAuthorize(world: World): Authorize {
  return function authorize(received, deadlineUs) {
    if (received.kind !== "call") return concludeUnread(received, world);
    const running = start(received.call, deadlineUs, world);
    return runFrom(0, running, world);
  };
}

function start(call: Call, deadlineUs: number, world: World): Running {
  const nowMs = world.clock.nowMs();
  return {
    id: createUlid(nowMs),
    progress: beginProgress(call, nowMs, deadlineUs),
    startedUs: world.clock.monotonicUs(),
    deadlineUs,
    trace: world.observer.startDecision(call.traceparent, call.headers.get("traceparent") ?? null),
  };
}

function runFrom(first: number, running: Running, world: World): Decision | Promise<Decision> {
  for (let i = first; i < STEPS.length; i++) {
    const step = STEPS[i];
    if (step === undefined) break;
    const beganUs = world.clock.monotonicUs();
    if (beganUs >= running.deadlineUs) return end(lateAt(step), running, world);
    const given = attempt(step, running.progress, world);
    if (given instanceof Promise) return runAwaited({ given, step, i, beganUs }, running, world);
    const stop = tookStep(given, step, beganUs, world);
    if (stop !== null) return end(stop, running, world);
  }
  return end(null, running, world);
}

type Awaited = { readonly given: Promise<Stop | null>; readonly step: Step; readonly i: number; readonly beganUs: number };

/** The first thing that waits arms the deadline as a timer; until then it was only compared with the clock. */
async function runAwaited({ given, step, i, beganUs }: Awaited, running: Running, world: World): Promise<Decision> {
  const leftMs = Math.max(0, (running.deadlineUs - beganUs) / 1000);
  const deadline = Promise.withResolvers<typeof LATE>();
  const timer = setTimeout(() => deadline.resolve(LATE), leftMs);
  const settled = await Promise.race([given.catch(faultOf), deadline.promise]);
  clearTimeout(timer);
  if (settled === LATE) {
    // What the step still takes after the answer is given back when it settles.
    given.then(() => giveBack(running.progress, world)).catch((error: unknown) => reportLate(error, step, world));
    return finish(lateAt(step), running, world);
  }
  const stop = tookStep(settled, step, beganUs, world);
  return stop === null ? runFrom(i + 1, running, world) : end(stop, running, world);
}

const LATE = Symbol("deadline passed");

function attempt(step: Step, progress: Progress, world: World): Stop | null | Promise<Stop | null> {
  try {
    return step.run(progress, world);
  } catch (error) {
    return faultOf(error);
  }
}

function tookStep(given: unknown, step: Step, beganUs: number, world: World): Stop | null {
  world.observer.stepTook(step.name, world.clock.monotonicUs() - beganUs);
  return isStepResult(given) ? given : { kind: "fault", code: "internal", detail: `step ${step.name} gave nonsense` };
}

function lateAt(step: Step): Stop {
  return { kind: "fault", code: "deadline_exceeded", detail: `step ${step.name}` };
}

function reportLate(error: unknown, step: Step, world: World): void {
  world.observer.faulted(step.name, "late_undo_failed", error instanceof Error ? error.name : "unknown");
}

/** A call that stops gives back what it took before anybody hears of it. */
function end(stop: Stop | null, running: Running, world: World): Decision | Promise<Decision> {
  if (stop === null || !hasTaken(running.progress)) return finish(stop, running, world);
  return giveBack(running.progress, world).then(
    () => finish(stop, running, world),
    (error: unknown) => finish(faultOf(error), running, world),
  );
}

/** Without a record no call goes on. */
function finish(stop: Stop | null, running: Running, world: World): Decision | Promise<Decision> {
  try {
    return conclude(stop, running, world);
  } catch (error) {
    world.observer.faulted("record", "denied", error instanceof Error ? error.name : "unknown");
    const denied = faultDecision(running);
    return hasTaken(running.progress)
      ? giveBack(running.progress, world).then(
          () => denied,
          () => denied,
        )
      : denied;
  }
}

function hasTaken({ hold, usedGrants }: Progress): boolean {
  return hold !== null || usedGrants.length > 0;
}
