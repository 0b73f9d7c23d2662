import { type Transferable, Worker } from "node:worker_threads";
import type { Call } from "../../core/call.ts";
import type { CallText } from "../../understanding/create-understanding.ts";
import type { FromThread, ReadingPart, ToThread } from "./messages.ts";

export type SeatOptions = {
  /** The thread's own file. */
  readonly thread: URL;
  /** A thread that has not answered by then is ended: a call can only be late so long. */
  readonly answerMsMax: number;
  /** The thread ended and the next call starts a new one; `why` never carries content. */
  readonly onEnd: (why: string) => void;
};

/** One thread that is started with its first call, and anew after it ended. */
export type Seat = {
  /** One at a time. Rejects where the thread ends before it answers. */
  readonly read: (policy: ReadingPart, call: CallText) => Promise<FromThread>;
  readonly close: () => Promise<void>;
};

const POLICIES_KNOWN_MAX = 64;
const HEAP_MB_MAX = 512;

export function openSeat(options: SeatOptions): Seat {
  let live: Live | null = null;

  function start(): Live {
    const worker = new Worker(options.thread, { resourceLimits: { maxOldGenerationSizeMb: HEAP_MB_MAX } });
    const begun: Live = { worker, known: createKnown((message) => worker.postMessage(message)), waiting: null, why: "ended" };
    // Nobody has to wait for a thread that has nothing to do.
    worker.unref();
    worker.on("message", (answer: FromThread) => settle(begun)?.resolve(answer));
    worker.on("error", (error: unknown) => {
      begun.why = error instanceof Error ? error.name : "unknown";
    });
    worker.on("exit", () => {
      if (live === begun) live = null;
      options.onEnd(begun.why);
      settle(begun)?.reject(new Error(`the thread that reads large bodies ended: ${begun.why}`));
    });
    return begun;
  }

  function read(policy: ReadingPart, call: CallText): Promise<FromThread> {
    live ??= start();
    const { worker, known } = live;
    const answer = Promise.withResolvers<FromThread>();
    live.waiting = { ...answer, timer: setTimeout(end, options.answerMsMax, live, "no_answer") };
    worker.ref();
    const { text, transfer } = textOf(call);
    const message: ToThread = { kind: "read", number: known.numberOf(policy), call: text };
    worker.postMessage(message, transfer);
    return answer.promise;
  }

  async function close(): Promise<void> {
    if (live !== null) await end(live, "closed");
  }

  return { read, close };
}

type Live = { readonly worker: Worker; readonly known: Known; waiting: Waiting | null; why: string };
type Waiting = {
  readonly resolve: (answer: FromThread) => void;
  readonly reject: (error: Error) => void;
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

type Known = { readonly numberOf: (policy: ReadingPart) => number };

/** The policies that the thread has, the one used longest ago first. */
function createKnown(post: (message: ToThread) => void): Known {
  const numbers = new Map<ReadingPart, number>();
  let last = 0;

  return {
    numberOf(policy) {
      const known = numbers.get(policy);
      const number = known ?? ++last;
      numbers.delete(policy);
      numbers.set(policy, number);
      if (known !== undefined) return number;
      const [oldest] = numbers;
      if (oldest !== undefined && numbers.size > POLICIES_KNOWN_MAX) {
        numbers.delete(oldest[0]);
        post({ kind: "forget", number: oldest[1] });
      }
      const { catalogue, reads, namedHosts } = policy;
      post({ kind: "policy", number, policy: { catalogue, reads, namedHosts } });
      return number;
    },
  };
}

/** The call's own bytes are needed here for its digest, and a view would take with it all that it is a view of. */
function textOf({ method, scheme, authority, target, headers, repeated, body }: CallText): {
  readonly text: CallText;
  readonly transfer: readonly Transferable[];
} {
  const bytes = body.kind === "full" ? Uint8Array.from(body.bytes) : null;
  const own: Call["body"] = bytes === null ? body : { kind: "full", bytes };
  return { text: { method, scheme, authority, target, headers, repeated, body: own }, transfer: bytes === null ? [] : [bytes.buffer] };
}
