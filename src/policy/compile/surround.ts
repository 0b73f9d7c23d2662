import type { CatalogueEntry } from "../../core/catalogue.ts";
import { createCelParser } from "./condition/parse-cel.ts";
import { GUARDRAIL_PREFIX, noteTakenCalls } from "./guardrails.ts";
import { createLimitIds } from "./lost-names.ts";
import { type Group, lowerGroups } from "./lower-groups.ts";
import { nameOf } from "./lower-policy.ts";
import type { ToolsByName } from "./match/arguments-of.ts";
import { UNKNOWN } from "./match/read-dimensions.ts";
import type { Surroundings } from "./parts.ts";
import type { FolderContents } from "./read-files.ts";
import { limitIdsIn } from "./short-forms.ts";

export type Worlds = { readonly own: Surroundings; readonly guarding: Surroundings; readonly groups: ReadonlyMap<string, Group> };

/** What the policies and what the guardrails are compiled against: these see nothing but their own files. */
export function surround(own: FolderContents, guarding: FolderContents, catalogue: readonly CatalogueEntry[]): Worlds {
  const guardTools = new Set(guarding.tools.map(({ name }) => name));
  const guarded = catalogue.filter((entry) => guardTools.has(entry.tool));
  const others = catalogue.filter((entry) => !guardTools.has(entry.tool));
  const entries = new Map(others.map((entry) => [entry.tool, entry]));
  noteTakenCalls(
    own.tools.flatMap(({ name, spot }) => {
      const entry = entries.get(name);
      return entry === undefined ? [] : [{ entry, spot }];
    }),
    guarded,
  );
  const groups = lowerGroups([...guarding.groups, ...own.groups]);
  const guardGroups = new Set(guarding.groups.map(({ name }) => name));
  const guardHosts = new Set(guarded.map((entry) => entry.host));
  const onGuardHosts = others.filter((entry) => guardHosts.has(entry.host)).map((entry) => entry.tool);
  const shared = { parseCel: createCelParser() };
  const guardLimits = limitIdsOf(guarding, true);
  const lostTools = { own: lostToolsOf(own, catalogue), guarding: lostToolsOf(guarding, catalogue) };
  const lostGuards = guarding.lost.policies.map((name) => (name === "*" ? name : GUARDRAIL_PREFIX + name));
  return {
    groups,
    own: {
      ...shared,
      guard: false,
      catalogue: byName(catalogue),
      tools: {
        tools: new Set(namesIn(catalogue)),
        unknown: [UNKNOWN],
        beyond: [],
        guard: false,
        lost: [...lostTools.own, ...lostTools.guarding],
      },
      limitIds: createLimitIds(new Set([...limitIdsOf(own, false), ...guardLimits]), [...own.lost.policies, ...lostGuards]),
      groups,
    },
    guarding: {
      ...shared,
      guard: true,
      catalogue: byName(guarded),
      tools: {
        tools: new Set(namesIn(guarded)),
        unknown: [UNKNOWN, ...onGuardHosts],
        beyond: namesIn(others),
        guard: true,
        lost: lostTools.guarding,
      },
      limitIds: createLimitIds(new Set(guardLimits), lostGuards),
      groups: new Map([...groups].filter(([name]) => guardGroups.has(name))),
    },
  };
}

function byName(catalogue: readonly CatalogueEntry[]): ToolsByName {
  return new Map(catalogue.map((entry) => [entry.tool, entry]));
}

function namesIn(catalogue: readonly CatalogueEntry[]): readonly string[] {
  return catalogue.map((entry) => entry.tool);
}

/** Tools of files without their form, and tools with mistakes of their own. */
function lostToolsOf({ tools, lost }: FolderContents, catalogue: readonly CatalogueEntry[]): readonly string[] {
  const whole = new Set(namesIn(catalogue));
  return [...lost.tools, ...tools.flatMap(({ name }) => (whole.has(name) ? [] : [name]))];
}

function limitIdsOf({ policies }: FolderContents, guard: boolean): readonly string[] {
  return policies.flatMap(({ source }) => limitIdsIn(source).map((id) => `${nameOf(source, guard)}/${id}`));
}
