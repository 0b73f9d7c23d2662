import type { Clock } from "../../core/clock.ts";
import type { Json } from "../../core/intent.ts";
import type { Observer } from "../../core/observer.ts";
import type { CallText } from "../../understanding/create-understanding.ts";
import type { LargeRead, ReadLarge } from "./large-bodies.ts";
import type { FromThread, ReadingPart } from "./messages.ts";
import { openSeat, type Seat } from "./open-seat.ts";

export type OffLoopOptions = {
  readonly clock: Pick<Clock, "monotonicUs">;
  readonly observer: Pick<Observer, "faulted">;
  readonly threads?: number;
  readonly queuedMax?: number;
  readonly answerMsMax?: number;
  readonly thread?: URL;
};

export type OffLoopReader = { readonly read: ReadLarge; readonly close: () => Promise<void> };

const THREADS = 1;
const QUEUED_MAX = 64;
const ANSWER_MS_MAX = 5_000;
const THREAD = new URL("./thread.ts", import.meta.url);

/**
 * Reads calls in threads, so that a long body holds up no other call (threats.md 15). Each thread has one call at a time,
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

  function next(): void {
    while (queue.length > 0 && free.length > 0) {
      const job = queue.shift();
      if (job === undefined) return;
      if (clock.monotonicUs() >= job.deadlineUs) job.reject(new Error("the deadline passed in line"));
      else start(job);
    }
  }

  function start(job: Job): void {
    const seat = free.pop();
    if (seat === undefined) throw new Error("a call was to be read where no thread is free");
    const leave = () => {
      free.push(seat);
      next();
    };
    seat.read(job.policy, job.call).then(resultOf).then(job.resolve, job.reject).then(leave, leave);
  }

  const read: ReadLarge = ({ policy }, call, deadlineUs) => {
    if (isClosed) throw new Error("the reader of large bodies is closed");
    if (free.length === 0 && queue.length >= queuedMax) return { kind: "overloaded" };
    const { promise, resolve, reject } = Promise.withResolvers<LargeRead>();
    queue.push({ policy, call, deadlineUs, resolve, reject });
    next();
    return promise;
  };

  async function close(): Promise<void> {
    isClosed = true;
    for (const job of queue.splice(0)) job.reject(new Error("the reader of large bodies was closed"));
    await Promise.all(seats.map((seat) => seat.close()));
  }

  return { read, close };
}

type Job = {
  readonly policy: ReadingPart;
  readonly call: CallText;
  readonly deadlineUs: number;
  readonly resolve: (read: LargeRead) => void;
  readonly reject: (error: unknown) => void;
};

function resultOf(answer: FromThread): LargeRead {
  if (answer.kind === "threw") throw new Error(`reading a large body failed: ${answer.name}`);
  if (answer.kind === "refused") return answer;
  const { intent } = answer;
  return { ...answer, intent: { ...intent, args: bare(intent.args), bindings: bare(intent.bindings) } };
}

/** What comes from another thread has JavaScript's own names behind it again, which no argument means. */
function bare<T extends Json>(named: Readonly<Record<string, T>>): Readonly<Record<string, T>> {
  return Object.assign(Object.create(null), named);
}
