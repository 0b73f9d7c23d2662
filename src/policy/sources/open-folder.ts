import { describeProblem, type Problem } from "../compile/problem.ts";
import { createBackOff } from "./create-back-off.ts";
import { createPolling } from "./create-polling.ts";
import type { LoadResult } from "./load-version.ts";
import type { PolicyFeed, PolicyNews } from "./policy-feed.ts";
import type { FolderPlace, SourceDeps } from "./source-deps.ts";
import { takeFingerprint } from "./take-fingerprint.ts";
import { QUIET_MS, watchFolders } from "./watch-folders.ts";

/** Besides being watched: a folder that was renamed and put back is watched no more, and neither is one past the system's limit. */
const LOOK_EVERY_MS = 5_000;
const PROBLEMS_LOGGED_MAX = 20;
/** Policy files stand in the folder or in one inside it. */
const LEVELS = 2;

/** A folder of policy files under its guardrails, compiled again whenever something in one of these folders changes. */
export async function openFolder(place: FolderPlace, deps: SourceDeps): Promise<PolicyFeed> {
  const { clock, observer, random } = deps;
  const folders = [place.folder, ...place.guardrailFolders];
  const backOff = createBackOff(random);
  let taken: string | null = null;
  let current = "";
  let answeredMs: number | null = null;
  let isClosed = false;

  function tell(news: PolicyNews): void {
    try {
      if (!isClosed) deps.onNews(news);
    } catch (error) {
      observer.faulted("policy", "news_failed", error instanceof Error ? error.message : "unknown");
    }
  }

  /** Looks once, and says how long to wait before the next look. */
  async function look(isHurried: boolean): Promise<number> {
    const fingerprint = await takeFingerprints(folders);
    if (fingerprint === taken && !isHurried) {
      answeredMs = clock.nowMs();
      return LOOK_EVERY_MS;
    }
    taken = fingerprint;
    const result = await load();
    if (result.kind === "refused") return refuse(result);
    backOff.reset();
    answeredMs = clock.nowMs();
    const version = `${result.revision} ${result.origin.digest}`;
    tell(version === current ? { kind: "unchanged" } : { ...result, packed: null });
    current = version;
    return LOOK_EVERY_MS;
  }

  async function load(): Promise<LoadResult> {
    try {
      return await deps.load({ kind: "folder", place });
    } catch (error) {
      const reason = error instanceof Error ? error.message : "unknown";
      return { kind: "refused", code: "load_failed", reason, digest: null, problems: [] };
    }
  }

  function refuse({ problems, ...refusal }: LoadResult & { readonly kind: "refused" }): number {
    tell({ ...refusal, source: "folder" });
    logProblems(problems, observer);
    if (refusal.code === "policy_invalid") return LOOK_EVERY_MS;
    taken = null;
    return backOff.next();
  }

  // Looked at only once the watch stands, so that no change falls in between.
  const watcher = await watchFolders(folders, QUIET_MS, () => polling.now());
  const polling = await createPolling(look, deps.sleep);
  watcher.start();
  return {
    reload: polling.now,
    close: async () => {
      isClosed = true;
      await Promise.all([watcher.close(), polling.close()]);
    },
    answeredMs: () => answeredMs,
    offer: null,
  };
}

async function takeFingerprints(folders: readonly string[]): Promise<string> {
  const each = await Promise.all(folders.map((folder) => takeFingerprint(folder, LEVELS)));
  return each.join("\n");
}

function logProblems(problems: readonly Problem[], observer: SourceDeps["observer"]): void {
  for (const problem of problems.slice(0, PROBLEMS_LOGGED_MAX)) {
    observer.log("error", describeProblem(problem), { code: problem.code, file: problem.file, line: problem.line });
  }
}
