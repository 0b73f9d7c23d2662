import type { CatalogueEntry } from "../../../core/catalogue.ts";
import type { Match } from "../../program.ts";

/** The catalogue as it is looked up for every rule. */
export type ToolsByName = ReadonlyMap<string, CatalogueEntry>;

/** Names of the arguments that every tool of a match has; none where the match names no tools. */
export function argumentsOf(match: Match, catalogue: ToolsByName): ReadonlySet<string> {
  return namesInAll(match, catalogue, (entry) => entry.args.map((argument) => argument.name));
}

/** Whether every tool of a match has an amount; false where the match names no tools. */
export function haveAmount(match: Match, catalogue: ToolsByName): boolean {
  return namesInAll(match, catalogue, ({ amount }) => (amount === null ? [] : ["amount"])).size > 0;
}

const NONE: ReadonlySet<string> = new Set();

export function namesInAll(
  match: Match,
  catalogue: ToolsByName,
  namesOf: (entry: CatalogueEntry) => readonly string[],
): ReadonlySet<string> {
  const tools = Object.keys(match.tool?.is ?? {});
  if (tools.length === 0) return NONE;
  const entries = tools.flatMap((tool) => catalogue.get(tool) ?? []);
  const [first, ...rest] = entries.map(namesOf);
  if (first === undefined || entries.length < tools.length) return NONE;
  return new Set(first.filter((name) => rest.every((names) => names.includes(name))));
}
