import type { Key } from "./spot.ts";
import { cureAmount, cureBudget } from "./values/cure-money.ts";
import { cureRate } from "./values/cure-time.ts";

/** What to write where a value of another type stands, or null where nothing is known. `path` leads to it. */
export function cureType(expected: string, found: unknown, path: readonly Key[]): string | null {
  switch (expected) {
    case "string":
      return cureText(found, path);
    case "number":
      return cureNumber(found);
    case "boolean":
      return cureBoolean(found);
    case "array":
      return cureList(found, path);
    default:
      return cureMap(found, path);
  }
}

/** Maps whose keys are names that somebody chose. */
const NAMED_BY_WRITERS: ReadonlySet<unknown> = new Set(["set", "labels", "query", "headers", "form", "args", "cost"]);

const TEXT_CURES: Readonly<Record<string, (found: number) => string>> = {
  version: (found) => `write ${found}${Number.isInteger(found) ? ".0.0" : ".0"}`,
  max_daily_budget: (found) => cureAmount(`${found} usd`),
  cost: (found) => cureAmount(`${found} usd`),
  unknown_price: (found) => cureAmount(`${found} usd`),
  budget: (found) => cureBudget(`${found} usd`),
  quota: () => "for example 100 per day",
  rate: (found) => cureRate(`${found}/s`),
  expires: () => "for example 30m",
  use_within: () => "for example 30m",
};

function cureText(found: unknown, path: readonly Key[]): string | null {
  // A lone brace or `: ` made a map of it.
  if (typeof found === "object" && found !== null && !Array.isArray(found)) return Object.keys(found).length === 1 ? "quote it" : null;
  if (typeof found !== "number" && typeof found !== "boolean") return null;
  const key = String(path.at(-1));
  const cure = NAMED_BY_WRITERS.has(path.at(-2)) || !Object.hasOwn(TEXT_CURES, key) ? undefined : TEXT_CURES[key];
  return cure === undefined || typeof found === "boolean" ? "quote it" : cure(found);
}

const NUMBERS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];

function cureNumber(found: unknown): string | null {
  if (typeof found !== "string") return null;
  const word = NUMBERS.indexOf(found.toLowerCase());
  const [digits] = /[0-9]+(?:\.[0-9]+)?/.exec(found.replaceAll(/(?<=[0-9])[,_](?=[0-9]{3})/g, "")) ?? [];
  return word < 0 && digits === undefined ? null : `write ${word < 0 ? digits : word}`;
}

function cureBoolean(found: unknown): string | null {
  const text = String(found).toLowerCase();
  if (/^(?:true|yes|on|y|1)$/.test(text)) return "write true";
  return /^(?:false|no|off|n|0)$/.test(text) ? "write false or leave it out" : null;
}

/** Lists of maps, by the key that each entry begins with. */
const ENTRIES: Readonly<Record<string, string>> = { rules: "id", limits: "id", cases: "name", findings: "kind" };

function cureList(found: unknown, path: readonly Key[]): string | null {
  const key = String(path.at(-1));
  if (found === null) return "leave the key out";
  if (Object.hasOwn(ENTRIES, key)) return `begin each entry with \`- ${ENTRIES[key]}:\``;
  if (key === "redact") return typeof found === "string" ? `write [${redactionOf(found)}]` : "write it in [ ]";
  if (typeof found !== "string") return null;
  const parts = found.split(",").map((part) => part.trim());
  return `write [${parts.map((part) => inBrackets(key === "methods" ? part.toUpperCase() : part)).join(", ")}]`;
}

function redactionOf(found: string): string {
  return `{ ${/^[a-z]+\.[a-z_]+$/.test(found) ? "find" : "header"}: ${inBrackets(found)} }`;
}

/** In quotes where YAML would not read it as one text. */
function inBrackets(text: string): string {
  return /^[A-Za-z/._][\w./*@+-]*$/.test(text) ? text : JSON.stringify(text);
}

/** Maps by the key they stand under: of a text or list the cure, else an example. */
const MAP_CURES: Readonly<Record<string, (texts: readonly string[]) => string>> = {
  amount: () => "for example { value: args.amount, unit: minor, currency: usd }",
  approval: (texts) => `write { from: [${texts.map(inBrackets).join(", ")}] }`,
  args: () => "write each by its name: NAME: { from: json.NAME }",
  caller: (texts) => `write { agent: ${inBrackets(texts[0] ?? "")} }`,
  groups: () => "write each by its name: NAME: { people: [ana] }",
  http: () => "for example { method: GET, host: api.example.com, path: / }",
  match: () => "for example { hosts: [api.example.com] }",
  set: () => "for example { x-name: value }",
  tools: () => "write each by its name, with its keys below",
};

function cureMap(found: unknown, path: readonly Key[]): string | null {
  if (found === null) return path.length > 1 || path[0] === "match" ? "leave the key out" : null;
  const texts = (Array.isArray(found) ? found : [found]).filter((one) => typeof one === "string");
  if (texts.length === 0) return null;
  const [kind] = path;
  const [parent, key] = path.slice(-2);
  if (kind === "groups" && path.length === 2) return `write { people: [${texts.map(inBrackets).join(", ")}] }`;
  if (parent === "args" && kind === "tools") return `write { from: ${inBrackets(texts[0] ?? "")} }`;
  if (parent === "redact") return `write ${redactionOf(texts[0] ?? "")}`;
  const cure = MAP_CURES[String(path.length === 1 ? kind : key)];
  return cure === undefined ? null : cure(texts);
}
