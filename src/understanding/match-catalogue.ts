import type { CatalogueEntry, PathSegment } from "../core/catalogue.ts";
import { compileSchema, type SchemaCheck } from "../core/compile-schema.ts";
import type { Protocol, Target, Tool } from "../core/intent.ts";
import { type ArgumentPlan, planArguments } from "./argument-plan.ts";
import { compareSpecificity, literalCount, looseForms, loosePattern, matchPath } from "./match-path.ts";
import { type Refused, refuse } from "./refused.ts";

type PreparedEntry = {
  readonly entry: CatalogueEntry;
  readonly plan: ArgumentPlan;
  readonly literals: number;
  readonly loose: readonly PathSegment[];
  /** The arguments' JSON Schema, compiled. */
  readonly check: SchemaCheck | null;
  /** Names of the arguments that records show in clear. */
  readonly recorded: readonly string[];
};

/** Which tool a call is. */
export type CatalogueMatch = {
  readonly kind: "match";
  readonly tool: Tool;
  readonly prepared: PreparedEntry | null;
  readonly bindings: Readonly<Record<string, string>>;
  /** Whether money may be in the call: a known entry's, or any that could be inside an opaque one. */
  readonly amountExpected: boolean;
  /** Whether an entry that the call could be names a model. */
  readonly modelExpected: boolean;
};

export type MatchCatalogue = (call: { readonly method: string }, protocol: Protocol, target: Target) => CatalogueMatch | Refused;

type HostEntries = {
  readonly entries: readonly PreparedEntry[];
  readonly unknown: CatalogueMatch;
  readonly undetermined: CatalogueMatch;
};

const NO_BINDINGS: Readonly<Record<string, string>> = {};
const NONE: CatalogueMatch = {
  kind: "match",
  tool: { kind: "none" },
  prepared: null,
  bindings: NO_BINDINGS,
  amountExpected: false,
  modelExpected: false,
};

/** Look-ups by host are made once; a call walks only the entries of its own host. */
export function createCatalogue(catalogue: readonly CatalogueEntry[]): MatchCatalogue {
  const byHost = group(catalogue, (entry) => entry.host);
  const byHostname = group(catalogue, (entry) => entry.host.replace(/:[0-9]+$/, ""));

  return function matchCatalogue(call, protocol, target) {
    const sameName = byHostname.get(target.hostname);
    if (sameName === undefined) return NONE;
    if (protocol === "tunnel") return sameName.undetermined;
    const found = byHost.get(target.host) ?? (couldBeSameService(target) ? byHost.get(target.hostname) : undefined);
    if (found === undefined) return protocol === "http" ? NONE : sameName.undetermined;
    if (target.segments.some((segment) => segment.includes(";"))) return refuse("path_ambiguous", "path parameters on a catalogued host");
    const match = byHost.has(target.host) ? findEntry(found, call.method, target.segments) : found.unknown;
    if (isNearMiss(found.entries, match, target.segments)) return refuse("path_ambiguous", "nearly a catalogued path");
    return protocol === "http" ? match : sameName.undetermined;
  };
}

// A proxy that originates TLS reaches the same service by `http://host:443` and by `https://host`.
function couldBeSameService(target: Target): boolean {
  return target.port === 80 || target.port === 443;
}

function findEntry({ entries, unknown }: HostEntries, method: string, segments: readonly string[]): CatalogueMatch {
  for (const prepared of entries) {
    const { entry } = prepared;
    if (entry.method !== method) continue;
    const bindings = matchPath(entry.path, segments);
    if (bindings === null) continue;
    const { amount, model } = entry;
    const tool: Tool = { kind: "known", name: entry.tool };
    return { kind: "match", tool, prepared, bindings, amountExpected: amount !== null, modelExpected: model !== null };
  }
  return unknown;
}

/** A pattern that is met to the letter, with whatever method, is no near miss; nor are looser ones than the best that is met. */
function isNearMiss(entries: readonly PreparedEntry[], match: CatalogueMatch, segments: readonly string[]): boolean {
  let literals = match.prepared?.literals ?? -1;
  if (literals === segments.length) return false;
  for (const { entry, literals: own } of entries) if (own > literals && matchPath(entry.path, segments) !== null) literals = own;
  const forms = looseForms(segments);
  return entries.some(({ loose, literals: own }) => own > literals && forms.some((form) => matchPath(loose, form) !== null));
}

function group(catalogue: readonly CatalogueEntry[], keyOf: (entry: CatalogueEntry) => string): ReadonlyMap<string, HostEntries> {
  const lists = new Map<string, CatalogueEntry[]>();
  for (const entry of catalogue) {
    const key = keyOf(entry);
    const list = lists.get(key);
    if (list === undefined) lists.set(key, [entry]);
    else list.push(entry);
  }
  return new Map([...lists].map(([key, list]) => [key, prepareHost(list)]));
}

function prepareHost(list: readonly CatalogueEntry[]): HostEntries {
  const entries = list.toSorted((a, b) => compareSpecificity(a.path, b.path) || (a.tool < b.tool ? -1 : 1)).map(prepareEntry);
  const possible = [...new Set(list.map((entry) => entry.tool))].sort();
  const modelExpected = list.some((entry) => entry.model !== null);
  const unknown: CatalogueMatch = { ...NONE, tool: { kind: "unknown" }, modelExpected };
  const undetermined: CatalogueMatch = {
    ...unknown,
    tool: { kind: "undetermined", possible: [...possible, "unknown"] },
    amountExpected: list.some((entry) => entry.amount !== null),
  };
  return { entries, unknown, undetermined };
}

function prepareEntry(entry: CatalogueEntry): PreparedEntry {
  const { args, path, schema } = entry;
  const check = schema === null ? null : compileSchema(schema);
  const recorded = args.flatMap(({ name, record }) => (record ? [name] : []));
  return { entry, plan: planArguments(args), literals: literalCount(path), loose: loosePattern(path), check, recorded };
}
