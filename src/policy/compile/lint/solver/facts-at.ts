import { FINDING_NAMES, INPUT_NAMES, type InputRow, USAGE_NAMES } from "../../condition/input-names.ts";
import { type Bounds, within } from "./bounds.ts";

/** What is known of a field before any call: of most nothing. */
export type Facts = {
  /** It is in every call, never null and of this kind; null where that is not sure. */
  readonly alwaysOf: "text" | "number" | null;
  /** The only texts that it has. */
  readonly values: readonly string[] | null;
  readonly range: Bounds | null;
  /** Its numbers are whole ones. */
  readonly isWhole: boolean;
};

export type FactsAt = (path: readonly string[]) => Facts;

const NOTHING: Facts = { alwaysOf: null, values: null, range: null, isWhole: false };

/** No text of a caller and none that a tunnel hides: those may be too long to be carried, or not to be seen. */
const ALWAYS_THERE: ReadonlySet<string> = new Set(["protocol", "http.host", "http.port", "time.hour", "time.weekday", "time.date"]);
const WHOLE: ReadonlySet<string> = new Set(["http.port", "time.hour"]);

/** Of the input. */
export function factsOfInput(path: readonly string[]): Facts {
  const [root = "", , part = ""] = path;
  // The path names the zone of the clock, or the limit, between the two.
  if (root === "usage") return factsOf(USAGE_NAMES, part);
  return root === "time" ? factsOf(INPUT_NAMES, `time.${part}`) : factsOf(INPUT_NAMES, path.join("."));
}

/** Of an element of the list at the path. */
export function factsOfElement(list: readonly string[]): FactsAt {
  if (list[0] !== "findings") return () => NOTHING;
  return (path) => factsOf(FINDING_NAMES, path.join("."));
}

function factsOf(table: Readonly<Record<string, InputRow>>, name: string): Facts {
  const row = Object.hasOwn(table, name) ? table[name] : undefined;
  if (row === undefined) return NOTHING;
  return {
    alwaysOf: table === INPUT_NAMES && ALWAYS_THERE.has(name) ? (row.type === "number" ? "number" : "text") : null,
    values: row.values ?? null,
    range: row.range === undefined ? null : within(row.range.from, row.range.to),
    isWhole: table === INPUT_NAMES && WHOLE.has(name),
  };
}
