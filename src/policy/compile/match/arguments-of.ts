import type { CatalogueEntry } from "../../../core/catalogue.ts";
import type { Match } from "../../program.ts";

/** Names of the arguments that every tool of a match has; none where the match names no tools. */
export function argumentsOf(match: Match, catalogue: readonly CatalogueEntry[]): ReadonlySet<string> {
  return namesInAll(match, catalogue, (entry) => entry.args.map((argument) => argument.name));
}

/** Whether every tool of a match has an amount; false where the match names no tools. */
export function haveAmount(match: Match, catalogue: readonly CatalogueEntry[]): boolean {
  return namesInAll(match, catalogue, ({ amount }) => (amount === null ? [] : ["amount"])).size > 0;
}

const NONE: ReadonlySet<string> = new Set();

export function namesInAll(
  match: Match,
  catalogue: readonly CatalogueEntry[],
  namesOf: (entry: CatalogueEntry) => readonly string[],
): ReadonlySet<string> {
  const tools = Object.keys(match.tool?.is ?? {});
  if (tools.length === 0) return NONE;
  const entries = catalogue.filter((entry) => tools.includes(entry.tool));
  const [first, ...rest] = entries.map(namesOf);
  if (first === undefined || entries.length < tools.length) return NONE;
  return new Set(first.filter((name) => rest.every((names) => names.includes(name))));
}
