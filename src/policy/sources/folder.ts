import { watch as watchFiles } from "chokidar";
import type { Observer } from "../../core/observer.ts";
import { describeProblem, type Problem } from "../compile/problem.ts";
import { type LoadedPolicy, loadFolder } from "./load-folder.ts";

export type FolderOptions = {
  readonly folder: string;
  /** A changed folder that compiled. What does not compile is told and changes nothing. */
  readonly onChange: (loaded: LoadedPolicy & { readonly kind: "loaded" }) => void;
  readonly observer: Observer;
  readonly watch: boolean;
  /** How long the folder must be quiet before it is read again. */
  readonly quietMs?: number;
};

/** An open source of policy. */
export type PolicyFeed = { readonly first: LoadedPolicy; readonly close: () => Promise<void> };

export const QUIET_MS = 100;
const PROBLEMS_LOGGED_MAX = 20;

/** Reads a folder of policy files and, if asked, goes on reading it whenever something in it changes. */
export async function openFolder(options: FolderOptions): Promise<PolicyFeed> {
  const { folder, observer } = options;
  let current = "";
  const accept = (loaded: LoadedPolicy): boolean => {
    if (loaded.kind === "refused") {
      tellRefusal(loaded.problems, observer);
      return false;
    }
    const isNew = loaded.sources !== current;
    current = loaded.sources;
    return isNew;
  };
  const watcher = options.watch
    ? await watchFolder(folder, options.quietMs ?? QUIET_MS, async () => {
        const loaded = await loadFolder(folder);
        if (accept(loaded) && loaded.kind === "loaded") options.onChange(loaded);
      })
    : null;
  // Read only once the watch stands, so that no change falls in between.
  const first = await loadFolder(folder);
  accept(first);
  watcher?.start();
  return { first, close: async () => watcher?.close() };
}

function tellRefusal(problems: readonly Problem[], observer: Observer): void {
  observer.count("sluice_policy_load_failures_total", { source: "folder" });
  observer.faulted("policy", "load_refused", `${problems.length} problems; what decided before goes on deciding`);
  for (const problem of problems.slice(0, PROBLEMS_LOGGED_MAX)) {
    observer.log("error", describeProblem(problem), { code: problem.code, file: problem.file, line: problem.line });
  }
}

/** Calls `reload` once after each burst of changes, one at a time; changes during a reload cause one more. */
export async function watchFolder(folder: string, quietMs: number, reload: () => Promise<void>) {
  let timer: NodeJS.Timeout | null = null;
  let running: Promise<void> | null = null;
  let isDirty = false;
  let isStarted = false;
  const run = () => {
    timer = null;
    if (running !== null) return;
    isDirty = false;
    running = reload().finally(() => {
      running = null;
      if (isDirty) schedule();
    });
  };
  const schedule = () => {
    isDirty = true;
    if (!isStarted) return;
    if (timer !== null) clearTimeout(timer);
    timer = setTimeout(run, quietMs);
  };
  const watcher = watchFiles(folder, { ignoreInitial: true, followSymlinks: true, depth: 1 });
  watcher.on("all", schedule);
  await new Promise<void>((resolve) => watcher.once("ready", resolve));
  return {
    start: () => {
      isStarted = true;
      if (isDirty) schedule();
    },
    close: async () => {
      isStarted = false;
      if (timer !== null) clearTimeout(timer);
      await watcher.close();
      await running;
    },
  };
}
