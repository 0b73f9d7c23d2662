import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import type { Caller } from "../core/caller.ts";
import type { Observer } from "../core/observer.ts";
import { parseRevocation, type Revocation } from "./revocation.ts";
import { appendRevocation, readRevocations } from "./revocation-file.ts";
import { watchFile } from "./sources/watch-file.ts";

/**
 * Who has been revoked. An agent stays revoked, whatever the age or `epoch` of its token, until its line is taken out of the
 * file: a fresh token is no proof that what was wrong with the agent has gone.
 */
export type Revocations = {
  readonly find: (caller: Pick<Caller, "tenant" | "agent">) => { readonly reason: string } | null;
  /** Holds here at once and in the file when the promise is fulfilled. */
  readonly add: (revocation: Revocation) => Promise<void>;
  readonly close: () => Promise<void>;
};

export type RevocationsOptions = {
  readonly file: string;
  /** Whether changes of the file count without a restart. */
  readonly watch: boolean;
  readonly observer: Pick<Observer, "log" | "faulted">;
};

type Known = ReadonlyMap<string, Revocation>;

const DEPENDENCY = "revocations";

/** Rejects where the file is there and cannot be read: nobody would be known as revoked. */
export async function openRevocations({ file, watch, observer }: RevocationsOptions): Promise<Revocations> {
  let known: Known = new Map();
  const turns = createTurns();

  async function read(): Promise<void> {
    const found = await readRevocations(file);
    if (found === null) {
      if (known.size > 0) observer.faulted(DEPENDENCY, "kept", "the file has gone; what was known stays revoked");
      return;
    }
    const [first] = found.broken;
    if (first === undefined) known = index(found.good);
    else {
      // A broken line may be one that was good before, so nothing is lifted until the file is whole again.
      known = new Map([...known, ...index(found.good)]);
      observer.faulted(DEPENDENCY, "line_broken", `${found.broken.length} lines are no revocation, the first is line ${first}`);
    }
    observer.log("info", "revocations were read", { revoked: known.size });
  }

  const onChange = () =>
    turns.takeOnce(() => read().catch(() => observer.faulted(DEPENDENCY, "kept", "the file cannot be read; what was known stays revoked")));
  const onError = () => observer.faulted(DEPENDENCY, "unwatched", "the file cannot be watched");

  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  // Watched first, so that no change falls between the reading and the watch.
  const watcher = watch ? await watchFile(file, onChange, onError) : null;
  const close = async () => {
    await watcher?.close();
    await turns.end();
  };
  try {
    await turns.take(read);
  } catch (error) {
    await close();
    throw error;
  }
  return {
    find: function findRevocation({ tenant, agent }) {
      return known.size === 0 ? null : (known.get(keyOf(tenant, agent)) ?? null);
    },
    add: async function addRevocation(revocation) {
      const parsed = parseRevocation(revocation);
      if (parsed === null) throw new TypeError("this is no revocation");
      known = new Map([...known, ...index([parsed])]);
      await turns.take(async () => {
        // Again, because a reading that was under way did not see it yet.
        known = new Map([...known, ...index([parsed])]);
        await appendRevocation(file, parsed);
      });
    },
    close,
  };
}

/** One piece of work after another, so that a reading never forgets what is just being added. */
function createTurns() {
  let last: Promise<unknown> = Promise.resolve();
  let waits = false;
  function take(work: () => Promise<void>): Promise<void> {
    const next = last.then(work);
    last = next.catch(() => {});
    return next;
  }
  /** Left out when the same already waits for its turn. */
  function takeOnce(work: () => Promise<void>): void {
    if (waits) return;
    waits = true;
    void take(() => {
      waits = false;
      return work();
    });
  }
  return { take, takeOnce, end: () => last };
}

function index(revocations: readonly Revocation[]): Known {
  return new Map(revocations.map((revocation) => [keyOf(revocation.tenant, revocation.name), revocation]));
}

// No name has a space (contract section 2).
function keyOf(tenant: string, agent: string): string {
  return `${tenant} ${agent}`;
}
