import type { Call } from "../core/call.ts";
import type { Json, QueryPair } from "../core/intent.ts";
import { foldName, foldPath, overlaps } from "./argument-names.ts";
import type { ArgumentPlan, PlannedJson, PlannedKey } from "./argument-plan.ts";
import { convertJson, convertText } from "./convert-argument.ts";
import { decodeComponentLossy } from "./percent.ts";
import type { BodyRead } from "./read-body.ts";
import { type Refused, refuse } from "./refused.ts";

/** Everything arguments are read from. */
export type ArgumentPlaces = {
  readonly headers: Call["headers"];
  readonly repeated: Call["repeated"];
  readonly query: readonly QueryPair[];
  readonly bindings: Readonly<Record<string, string>>;
  readonly body: BodyRead;
};

export type ArgumentsFound = { readonly kind: "args"; readonly args: Readonly<Record<string, Json>> };

type Args = Record<string, Json>;
type Conflict = string | null;

const NO_ARGUMENTS: ArgumentsFound = { kind: "args", args: {} };

/** The arguments by name, or a refusal where one is given twice or in a way that has two meanings (threats.md 11). */
export function readArguments(plan: ArgumentPlan, places: ArgumentPlaces): ArgumentsFound | Refused {
  if (plan.all.length === 0) return NO_ARGUMENTS;
  // Without a prototype, so that no name of the catalogue means something of JavaScript's.
  const args: Args = Object.create(null);
  const conflict =
    readQuery(plan, places.query, args) ?? readBodyArguments(plan, places.body, args) ?? readHeaders(plan, places, args) ?? null;
  if (conflict !== null) return refuse("args_invalid", conflict);
  for (const { source, location, key } of plan.keyed) {
    const bound = location === "path" ? places.bindings[key] : undefined;
    if (bound !== undefined) args[source.name] = convertText(bound, source.type);
  }
  return { kind: "args", args };
}

function readQuery(plan: ArgumentPlan, query: readonly QueryPair[], args: Args): Conflict {
  // Older servers split at `;` as well.
  if (query.some((pair) => pair.raw.includes(";"))) return "a semicolon in the query";
  return readPairs(plan, { location: "query", pairs: query }, args);
}

function readBodyArguments(plan: ArgumentPlan, body: BodyRead, args: Args): Conflict {
  switch (body.kind) {
    case "none":
    case "text":
      return null;
    case "form":
      return body.text.includes(";") ? "a semicolon in the form" : readPairs(plan, { location: "form", pairs: body.pairs }, args);
    case "json":
      return readJson(plan, body.value, args);
  }
}

type Pairs = { readonly location: "query" | "form"; readonly pairs: readonly { readonly key: string; readonly value: string }[] };

function readPairs(plan: ArgumentPlan, { location, pairs }: Pairs, args: Args): Conflict {
  for (const { key, value } of pairs) {
    const own = plan.keyed.filter((planned) => planned.location === location && planned.key === key);
    if (own.length === 0) {
      if (meansAnArgument(plan, key)) return `an argument's name again in the ${location}`;
      continue;
    }
    if (value.includes("\uFFFD")) return `an argument in the ${location} that is no UTF-8`;
    for (const { source } of own) {
      if (Object.hasOwn(args, source.name)) return `an argument twice in the ${location}`;
      args[source.name] = convertText(value, source.type);
    }
  }
  return null;
}

function meansAnArgument(plan: ArgumentPlan, key: string): boolean {
  // A key that is no UTF-8 could be an overlong form of anything, one with escapes left is decoded again by some servers.
  if (key.includes("\uFFFD")) return true;
  const names = foldPath(key.includes("%") ? decodeComponentLossy(key) : key);
  return plan.all.some((planned) => overlaps(names, planned.names));
}

type Level = { readonly object: Readonly<Record<string, Json>>; readonly depth: number; readonly active: readonly PlannedJson[] };

function readJson(plan: ArgumentPlan, root: Json, args: Args): Conflict {
  if (!isObject(root)) return null;
  for (const key of Object.keys(root)) {
    if (!plan.json.some((planned) => planned.path[0] === key) && meansAnArgument(plan, key)) return "an argument's name again in the body";
  }
  return readLevel({ object: root, depth: 0, active: plan.json }, args);
}

/** Recursion ends with the catalogue's own paths, never with what the body nests. */
function readLevel({ object, depth, active }: Level, args: Args): Conflict {
  if (depth > 0 && hasVariant({ object, depth, active })) return "an argument's name again in the body";
  for (const planned of active) {
    const key = planned.path[depth] ?? "";
    if (!Object.hasOwn(object, key)) continue;
    const value = object[key] ?? null;
    if (planned.path.length === depth + 1) {
      args[planned.source.name] = convertJson(value, planned.source.type);
      continue;
    }
    if (!isObject(value)) continue;
    const below = active.filter((other) => other.path[depth] === key && other.path.length > depth + 1);
    // Paths that share a beginning are walked together, once.
    if (below[0] !== planned) continue;
    const conflict = readLevel({ object: value, depth: depth + 1, active: below }, args);
    if (conflict !== null) return conflict;
  }
  return null;
}

function hasVariant({ object, depth, active }: Level): boolean {
  return Object.keys(object).some((key) => {
    if (active.some((planned) => planned.path[depth] === key)) return false;
    const names = foldPath(key);
    return active.some((planned) => overlaps(names, planned.path.slice(depth).flatMap(foldPath)));
  });
}

function readHeaders(plan: ArgumentPlan, { headers, repeated }: ArgumentPlaces, args: Args): Conflict {
  for (const planned of plan.keyed) {
    if (planned.location !== "header") continue;
    for (const name of headers.keys()) {
      if (name !== planned.key && isHeaderVariant(name, planned)) return "an argument's header under a second name";
    }
    const value = headers.get(planned.key);
    if (value === undefined) continue;
    // In the joined form a comma is the only sign of a second line.
    if (repeated.has(planned.key) || value.includes(",")) return "an argument's header twice";
    args[planned.source.name] = convertText(value, planned.source.type);
  }
  return null;
}

// Gateways that turn `-` into `_` see one header in two names.
function isHeaderVariant(name: string, planned: PlannedKey): boolean {
  return foldName(name) === planned.folded;
}

function isObject(value: Json): value is { readonly [key: string]: Json } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
