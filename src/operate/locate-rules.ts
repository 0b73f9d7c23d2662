import { join } from "node:path";
import { nameOf } from "../policy/compile/lower-policy.ts";
import { readFiles } from "../policy/compile/read-files.ts";
import { limitsOf, rulesOf } from "../policy/compile/short-forms.ts";
import type { Notes } from "../policy/compile/spot.ts";
import { readFolder } from "../policy/sources/read-folder.ts";

export type RulePlace = { readonly id: string; readonly file: string; readonly line: number };

/** Where the rules and limits of folders that compile are written, by id. */
export async function locateRules(folder: string, guardrailFolders: readonly string[]): Promise<ReadonlyMap<string, RulePlace>> {
  const own = await placesIn(folder, null);
  const guards = await Promise.all(guardrailFolders.map((guard) => placesIn(guard, guard)));
  return new Map([...own, ...guards.flat()].map((place) => [place.id, place]));
}

async function placesIn(folder: string, guard: string | null): Promise<readonly RulePlace[]> {
  const read = await readFolder(folder);
  if (read.kind === "unreadable") return [];
  const notes: Notes = { problems: [], warnings: [] };
  return readFiles(read.files, notes).policies.flatMap(({ source, spot }) =>
    [...rulesOf(source, spot), ...limitsOf(source, spot)].map(({ source: { id }, spot: { file, line } }) => ({
      id: `${nameOf(source, guard !== null)}/${id}`,
      file: guard === null ? file : join(guard, file),
      line,
    })),
  );
}
