import { createBackOff } from "./create-back-off.ts";
import { createBundleIntake, RETRIED } from "./create-bundle-intake.ts";
import { createPolling } from "./create-polling.ts";
import type { PolicyFeed } from "./policy-feed.ts";
import { type ReadPlace, readBundlePlace } from "./read-bundle-place.ts";
import type { BundleFilePlace, SourceDeps } from "./source-deps.ts";
import { takeFingerprint } from "./take-fingerprint.ts";

/** A look costs a few system calls, and sees what notifications miss: renamed folders, swapped links, file systems of a network. */
const LOOK_EVERY_MS = 1_000;
/** What was changed is read when it has not been changed again for so long: whoever writes it may not be done. */
const QUIET_MS = 100;
const BUSY = { code: "unreachable", reason: "it was written to all the while that it was read" } as const;

/** A bundle's file or folder, looked at every second. What does not decide is told once, and read again when it changes. */
export async function openBundleFile({ path, ...trust }: BundleFilePlace, deps: SourceDeps): Promise<PolicyFeed> {
  const { clock, observer, random } = deps;
  const intake = createBundleIntake("bundle_file", trust, deps);
  const backOff = createBackOff(random);
  let taken: string | null = null;
  let changed: string | null = null;
  let isThere = false;
  let answeredMs: number | null = null;

  /** Looks once, and says how long to wait before the next look. */
  async function look(isHurried: boolean): Promise<number> {
    const fingerprint = await takeFingerprint(path);
    if (!isHurried && fingerprint === taken) {
      if (isThere) answeredMs = clock.nowMs();
      return LOOK_EVERY_MS;
    }
    if (!isHurried && fingerprint !== changed) {
      changed = fingerprint;
      return QUIET_MS;
    }
    const read = await readBundlePlace(path);
    if (read.kind === "busy" && !isHurried) return QUIET_MS;
    return take(read, fingerprint);
  }

  async function take(read: ReadPlace, fingerprint: string): Promise<number> {
    taken = fingerprint;
    isThere = read.kind === "read";
    if (read.kind !== "read") {
      const { code, reason } = read.kind === "failed" ? read : BUSY;
      await intake.fail(code, reason);
      return LOOK_EVERY_MS;
    }
    answeredMs = clock.nowMs();
    const news = await intake.take(read.packed);
    return news.kind === "refused" && RETRIED.has(news.code) ? retry() : LOOK_EVERY_MS;
  }

  function retry(): number {
    taken = null;
    return backOff.next();
  }

  async function lookSafely(isHurried: boolean): Promise<number> {
    try {
      const delayMs = await look(isHurried);
      if (taken !== null) backOff.reset();
      return delayMs;
    } catch (error) {
      observer.faulted("policy", "load_failed", error instanceof Error ? error.message : "unknown");
      return retry();
    }
  }

  const polling = await createPolling(lookSafely, deps.sleep);
  return {
    reload: () => {
      intake.forgetRefused();
      return polling.now();
    },
    close: async () => {
      await Promise.all([intake.close(), polling.close()]);
    },
    answeredMs: () => answeredMs,
    offer: null,
  };
}
