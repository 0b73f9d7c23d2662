import { isDeepStrictEqual } from "node:util";
import { Parser, parseDocument } from "yaml";
import type { Problem } from "../compile/problem.ts";
import { readYaml } from "../compile/read-yaml.ts";
import type { Notes } from "../compile/spot.ts";
import { layOut } from "./lay-out.ts";
import { repairTraps } from "./repair-traps.ts";

export type FormattedFile =
  | { readonly kind: "formatted"; readonly text: string }
  /** It is not YAML that policies are written in, and nothing here can repair it. */
  | { readonly kind: "broken"; readonly problems: readonly Problem[] };

/** One policy file as it is written well. It says the same: where laying out anew would change what is read, nothing is changed. */
export function formatFile(file: { readonly name: string; readonly text: string }): FormattedFile {
  const text = repairTraps({ name: file.name, text: file.text.replaceAll("\r\n", "\n") });
  const notes: Notes = { problems: [], warnings: [] };
  readYaml({ name: file.name, text }, notes);
  if (notes.problems.length > 0) return { kind: "broken", problems: notes.problems };
  const laidOut = file.name.endsWith(".json") ? layOutJson(text) : layOut(text);
  return { kind: "formatted", text: laidOut !== null && saysTheSame(text, laidOut) ? laidOut : text };
}

function layOutJson(text: string): string | null {
  try {
    return `${JSON.stringify(JSON.parse(text), null, 2)}\n`;
  } catch {
    return null;
  }
}

function saysTheSame(text: string, other: string): boolean {
  const [one, two] = [parseDocument(text), parseDocument(other)];
  if (two.errors.length > 0 || !isDeepStrictEqual(one.toJS(), two.toJS())) return false;
  return isDeepStrictEqual(commentsOf(text), commentsOf(other));
}

function commentsOf(source: string): readonly string[] {
  return [...new Parser().parse(source)].flatMap(commentsIn);
}

/** Comments stand anywhere among the tokens of the text. */
function commentsIn(value: unknown): readonly string[] {
  if (typeof value !== "object" || value === null) return [];
  if ("type" in value && value.type === "comment" && "source" in value) return [String(value.source).trimEnd()];
  return Object.values(value).flatMap(commentsIn);
}
