import type { ArgumentSource } from "../core/catalogue.ts";
import { foldName, foldPath, type NamePath } from "./argument-names.ts";

/** One argument with the folded name under which nothing else may stand in the call. */
type PlannedArgument = { readonly source: ArgumentSource; readonly names: NamePath };

/** The arguments of one catalogue entry, by where they stand. */
export type ArgumentPlan = {
  readonly all: readonly PlannedArgument[];
  readonly json: readonly PlannedJson[];
  readonly keyed: readonly PlannedKey[];
};

export type PlannedJson = { readonly source: ArgumentSource; readonly path: readonly string[]; readonly names: NamePath };
export type PlannedKey = {
  readonly source: ArgumentSource;
  readonly location: "form" | "query" | "path" | "header";
  readonly key: string;
  /** For a header: its folded name. */
  readonly folded: string;
};

export function planArguments(sources: readonly ArgumentSource[]): ArgumentPlan {
  const json: PlannedJson[] = [];
  const keyed: PlannedKey[] = [];
  const all: PlannedArgument[] = [];
  for (const source of sources) {
    const { from } = source;
    if (from.kind === "json") {
      const names = from.path.flatMap(foldPath);
      json.push({ source, path: from.path, names });
      all.push({ source, names });
    } else {
      const key = from.kind === "header" ? from.key.toLowerCase() : from.key;
      keyed.push({ source, location: from.kind, key, folded: foldName(key) });
      all.push({ source, names: foldPath(key) });
    }
  }
  return { all, json, keyed };
}
