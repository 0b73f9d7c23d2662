import type { Clock } from "../../core/clock.ts";
import type { Json } from "../../core/intent.ts";
import type { Observer } from "../../core/observer.ts";
import type { LongBodies, LongFound } from "./long-bodies.ts";
import type { FromThread } from "./messages.ts";
import { openSeat, type Question, type Seat } from "./open-seat.ts";
import type { WholeRead } from "./read-whole.ts";

export type OffLoopOptions = {
  readonly clock: Pick<Clock, "monotonicUs">;
  readonly observer: Pick<Observer, "faulted">;
  readonly threads?: number;
  /** Questions that wait while every thread has one; the next is told that there is no room. */
  readonly queuedMax?: number;
  readonly answerMsMax?: number;
  /** The file that each thread runs. */
  readonly thread?: URL;
};

export type OffLoopReader = LongBodies & {
  /** Starts the threads now: the first long body would else wait for that as well, and its deadline may be shorter. */
  readonly warm: () => void;
  readonly close: () => Promise<void>;
};

const THREADS = 1;
const QUEUED_MAX = 64;
const ANSWER_MS_MAX = 5_000;
const THREAD = new URL("./thread.ts", import.meta.url);

/**
 * Reads long bodies in threads, so that they hold up no other call (threats.md 15). Each thread has one call at a time and
 * the others wait in line; a call whose deadline passes there is not read any more.
 */
export function openOffLoopReader(options: OffLoopOptions): OffLoopReader {
  const { clock, observer, threads = THREADS, queuedMax = QUEUED_MAX, answerMsMax = ANSWER_MS_MAX, thread = THREAD } = options;
  const onEnd = (why: string) => {
    if (!isClosed) observer.faulted("understand", "thread_ended", why);
  };
  const seats = Array.from({ length: threads }, () => openSeat({ thread, answerMsMax, onEnd }));
  const free: Seat[] = [...seats];
  const queue: Job[] = [];
  let isClosed = false;

  function ask(question: Question, deadlineUs: number): Promise<FromThread> | null {
    if (isClosed) throw new Error("the reader of long bodies is closed");
    if (free.length === 0 && queue.length >= queuedMax) return null;
    const { promise, resolve, reject } = Promise.withResolvers<FromThread>();
    queue.push({ question, deadlineUs, resolve, reject });
    startNext();
    return promise;
  }

  function startNext(): void {
    for (let seat = free.pop(); seat !== undefined; seat = free.pop()) {
      const job = takeOpen();
      if (job === null) {
        free.push(seat);
        return;
      }
      run(job, seat);
    }
  }

  function takeOpen(): Job | null {
    for (let job = queue.shift(); job !== undefined; job = queue.shift()) {
      if (clock.monotonicUs() < job.deadlineUs) return job;
      job.reject(new Error("the deadline passed in line"));
    }
    return null;
  }

  function run(job: Job, seat: Seat): void {
    const leave = () => {
      free.push(seat);
      startNext();
    };
    seat.ask(job.question).then(job.resolve, job.reject).then(leave, leave);
  }

  async function close(): Promise<void> {
    isClosed = true;
    for (const job of queue.splice(0)) job.reject(new Error("the reader of long bodies was closed"));
    await Promise.all(seats.map((seat) => seat.close()));
  }

  return {
    read: ({ policy }, call, deadlineUs) => ask({ kind: "read", policy, call }, deadlineUs)?.then(readOf) ?? OVERLOADED,
    find: (call, obligations, deadlineUs) => ask({ kind: "find", call, obligations }, deadlineUs)?.then(foundOf) ?? OVERLOADED,
    warm() {
      for (const seat of seats) seat.warm();
    },
    close,
  };
}

const OVERLOADED = { kind: "overloaded" } as const;

type Job = {
  readonly question: Question;
  readonly deadlineUs: number;
  readonly resolve: (answer: FromThread) => void;
  readonly reject: (error: unknown) => void;
};

function readOf(answer: FromThread): WholeRead {
  if (answer.kind === "refused") return answer;
  if (answer.kind !== "understood") throw new Error(failureOf(answer));
  const { intent } = answer;
  return { ...answer, intent: { ...intent, args: bare(intent.args), bindings: bare(intent.bindings) } };
}

function foundOf(answer: FromThread): LongFound {
  if (answer.kind !== "looked") throw new Error(failureOf(answer));
  return answer;
}

function failureOf(answer: FromThread): string {
  return `reading a long body failed: ${answer.kind === "threw" ? answer.name : "another answer than was asked for"}`;
}

/** What comes from another thread has JavaScript's own names behind it again, which no argument means. */
function bare<T extends Json>(named: Readonly<Record<string, T>>): Readonly<Record<string, T>> {
  return Object.assign(Object.create(null), named);
}
