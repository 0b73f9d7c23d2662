import { type Transferable, Worker } from "node:worker_threads";
import type { Call } from "../../core/call.ts";
import type { CallText } from "../../understanding/create-understanding.ts";
import type { BodyObligation } from "../find-in-body.ts";
import { createKnownPolicies, type KnownPolicies } from "./known-policies.ts";
import type { FromThread, ReadingPart, ToThread } from "./messages.ts";

export type SeatOptions = {
  /** The thread's own file. */
  readonly thread: URL;
  /** A thread that has not answered by then is ended: a call can only be late so long. */
  readonly answerMsMax: number;
  /** The thread ended and the next question starts a new one; `why` never carries content. */
  readonly onEnd: (why: string) => void;
};

export type Question =
  | { readonly kind: "read"; readonly policy: ReadingPart; readonly call: CallText }
  | { readonly kind: "find"; readonly call: CallText; readonly obligations: readonly BodyObligation[] };

/** One thread that is started with its first question, and anew after it ended. */
export type Seat = {
  /** Starts the thread before its first question. */
  readonly warm: () => void;
  /** One at a time. Rejects where the thread ends before it answers. */
  readonly ask: (question: Question) => Promise<FromThread>;
  readonly close: () => Promise<void>;
};

const HEAP_MB_MAX = 512;

export function openSeat(options: SeatOptions): Seat {
  let live: Live | null = null;

  function start(): Live {
    const worker = new Worker(options.thread, { resourceLimits: { maxOldGenerationSizeMb: HEAP_MB_MAX } });
    const begun: Live = { worker, policies: createKnownPolicies((message) => worker.postMessage(message)), waiting: null, why: "ended" };
    // Nobody has to wait for a thread that has nothing to do.
    worker.unref();
    worker.on("message", (answer: FromThread) => settle(begun)?.resolve(answer));
    worker.on("error", (error: unknown) => {
      begun.why = error instanceof Error ? error.name : "unknown";
    });
    worker.on("exit", () => {
      if (live === begun) live = null;
      options.onEnd(begun.why);
      settle(begun)?.reject(new Error(`the thread that reads long bodies ended: ${begun.why}`));
    });
    return begun;
  }

  function ask(question: Question): Promise<FromThread> {
    live ??= start();
    const { promise, resolve, reject } = Promise.withResolvers<FromThread>();
    live.waiting = { resolve, reject, timer: setTimeout(end, options.answerMsMax, live, "no_answer") };
    live.worker.ref();
    try {
      post(question, live);
    } catch (error) {
      settle(live)?.reject(error);
    }
    return promise;
  }

  return {
    warm() {
      live ??= start();
    },
    ask,
    async close() {
      if (live !== null) await end(live, "closed");
    },
  };
}

type Live = { readonly worker: Worker; readonly policies: KnownPolicies; waiting: Waiting | null; why: string };
type Waiting = {
  readonly resolve: (answer: FromThread) => void;
  readonly reject: (error: unknown) => void;
  readonly timer: NodeJS.Timeout;
};

function end(live: Live, why: string): Promise<number> {
  live.why = why;
  return live.worker.terminate();
}

/** Whoever waits for the answer, once. */
function settle(live: Live): Waiting | null {
  const { waiting } = live;
  live.waiting = null;
  live.worker.unref();
  if (waiting !== null) clearTimeout(waiting.timer);
  return waiting;
}

function post(question: Question, { worker, policies }: Live): void {
  const { call, transfer } = copyCall(question.call);
  const message: ToThread =
    question.kind === "read" ? { kind: "read", number: policies.numberOf(question.policy), call } : { ...question, call };
  worker.postMessage(message, transfer);
}

/** The call's own bytes are needed here for its digest, and a view would take with it all that it is a view of. */
function copyCall({ method, scheme, authority, target, headers, repeated, body }: CallText): {
  readonly call: CallText;
  readonly transfer: readonly Transferable[];
} {
  const bytes = body.kind === "full" ? Uint8Array.from(body.bytes) : null;
  const own: Call["body"] = bytes === null ? body : { kind: "full", bytes };
  return { call: { method, scheme, authority, target, headers, repeated, body: own }, transfer: bytes === null ? [] : [bytes.buffer] };
}
