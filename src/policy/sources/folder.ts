import type { Observer } from "../../core/observer.ts";
import { describeProblem, type Problem } from "../compile/problem.ts";
import type { PolicyPlace, PreparedLoad } from "./load-policy.ts";
import { QUIET_MS, watchFolders } from "./watch-folders.ts";

export { QUIET_MS, watchFolders } from "./watch-folders.ts";

export type FolderOptions = {
  readonly place: PolicyPlace;
  /** Loads for the first time, while there is no call that it could hold up. */
  readonly loadFirst: (place: PolicyPlace) => Promise<PreparedLoad>;
  readonly loadAgain: (place: PolicyPlace) => Promise<PreparedLoad>;
  /** A changed folder that compiled. What does not compile is told and changes nothing. */
  readonly onChange: (loaded: PreparedLoad & { readonly kind: "loaded" }) => void;
  readonly observer: Observer;
  /** How long the folder must be quiet before it is read again. */
  readonly quietMs?: number;
};

/** An open source of policy. */
export type PolicyFeed = { readonly first: PreparedLoad; readonly close: () => Promise<void> };

const PROBLEMS_LOGGED_MAX = 20;

/** Loads a folder of policy files under its guardrails, and again whenever something in one of these folders changes. */
export async function openFolder(options: FolderOptions): Promise<PolicyFeed> {
  const { place, observer } = options;
  let current = "";
  const accept = (load: PreparedLoad): boolean => {
    if (load.kind === "refused") {
      tellRefusal(load.problems, observer);
      return false;
    }
    const { sources } = load.loaded;
    const isNew = sources !== current;
    current = sources;
    return isNew;
  };
  const reload = async () => {
    const load = await options.loadAgain(place);
    if (accept(load) && load.kind === "loaded") options.onChange(load);
  };
  const folders = [place.folder, ...place.guardrailFolders];
  const watcher = await watchFolders(folders, options.quietMs ?? QUIET_MS, () =>
    reload().catch((error: unknown) => tellFault(error, observer)),
  );
  // Read only once the watch stands, so that no change falls in between.
  const first = await options.loadFirst(place);
  accept(first);
  watcher.start();
  return { first, close: watcher.close };
}

function tellRefusal(problems: readonly Problem[], observer: Observer): void {
  observer.count("sluice_policy_load_failures_total", { source: "folder" });
  observer.faulted("policy", "load_refused", `${problems.length} problems; what decided before goes on deciding`);
  for (const problem of problems.slice(0, PROBLEMS_LOGGED_MAX)) {
    observer.log("error", describeProblem(problem), { code: problem.code, file: problem.file, line: problem.line });
  }
}

function tellFault(error: unknown, observer: Observer): void {
  observer.count("sluice_policy_load_failures_total", { source: "folder" });
  observer.faulted("policy", "load_failed", error instanceof Error ? error.message : "unknown");
}
