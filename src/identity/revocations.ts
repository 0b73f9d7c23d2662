import { mkdir, open, readFile, stat } from "node:fs/promises";
import { dirname } from "node:path";
import type { Caller } from "../core/caller.ts";
import type { Observer } from "../core/observer.ts";
import { parseRevocation, parseRevocations, type Revocation } from "./revocation.ts";
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

const BYTES_MAX = 16_777_216;
const DEPENDENCY = "revocations";

/** Rejects where the file is there and cannot be read: nobody would be known as revoked. */
export async function openRevocations({ file, watch, observer }: RevocationsOptions): Promise<Revocations> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const started = await readRevocations(file);
  let known: Known = started === null ? new Map() : index(started.good);
  if (started !== null) tellBroken(started.broken);
  // Reading and writing one after another, so that a reload never forgets what is just being added.
  let turn: Promise<unknown> = Promise.resolve();
  let reloadWaits = false;
  let closed = false;

  function tellBroken(broken: readonly number[]): void {
    if (broken.length === 0) return;
    observer.faulted(DEPENDENCY, "line_broken", `${broken.length} lines are no revocation, the first is line ${broken[0]}`);
  }

  async function reload(): Promise<void> {
    reloadWaits = false;
    if (closed) return;
    try {
      const found = await readRevocations(file);
      if (found === null) return observer.faulted(DEPENDENCY, "kept", "the file has gone; what was known stays revoked");
      tellBroken(found.broken);
      // A broken line may be one that was good before, so nothing is lifted until the file is whole again.
      known = found.broken.length === 0 ? index(found.good) : new Map([...known, ...index(found.good)]);
      observer.log("info", "revocations were read", { revoked: known.size });
    } catch {
      observer.faulted(DEPENDENCY, "kept", "the file cannot be read; what was known stays revoked");
    }
  }

  function takeTurn<T>(work: () => Promise<T>): Promise<T> {
    const next = turn.then(work);
    turn = next.catch(() => {});
    return next;
  }

  function onChange(): void {
    if (reloadWaits) return;
    reloadWaits = true;
    void takeTurn(reload);
  }

  const watcher = watch
    ? await watchFile(file, onChange, () => observer.faulted(DEPENDENCY, "unwatched", "the file cannot be watched"))
    : null;
  // What was written between the first reading and the watch.
  if (watcher !== null) await takeTurn(reload);

  return {
    find: function findRevocation({ tenant, agent }) {
      return known.size === 0 ? null : (known.get(keyOf(tenant, agent)) ?? null);
    },
    add: function addRevocation(revocation) {
      const parsed = parseRevocation(revocation);
      if (parsed === null) return Promise.reject(new TypeError("this is no revocation"));
      return takeTurn(async () => {
        known = new Map([...known, ...index([parsed])]);
        await append(file, parsed);
      });
    },
    close: async function closeRevocations() {
      closed = true;
      await watcher?.close();
      await turn;
    },
  };
}

async function readRevocations(file: string) {
  try {
    if ((await stat(file)).size > BYTES_MAX) throw new Error("the file of revocations is larger than 16 MiB");
    return parseRevocations(await readFile(file, "utf8"));
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
    throw error;
  }
}

async function append(file: string, revocation: Revocation): Promise<void> {
  const handle = await open(file, "a+", 0o600);
  try {
    // A line that someone left without its end would swallow this one.
    const { size } = await handle.stat();
    const last = Buffer.alloc(1);
    if (size > 0) await handle.read(last, 0, 1, size - 1);
    const start = size > 0 && last.toString() !== "\n" ? "\n" : "";
    await handle.appendFile(`${start}${JSON.stringify(revocation)}\n`);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function index(revocations: readonly Revocation[]): Known {
  return new Map(revocations.map((revocation) => [keyOf(revocation.tenant, revocation.name), revocation]));
}

// No name has a space (contract section 2).
function keyOf(tenant: string, agent: string): string {
  return `${tenant} ${agent}`;
}
