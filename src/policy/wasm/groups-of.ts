import type { Caller } from "../../core/caller.ts";
import type { Names, Program } from "../program.ts";
import { isNamed } from "./is-named.ts";

/** The claim's groups and those of the program's `groups` files whose agents cover this one. */
export function createGroupsOf(groups: Program["groups"]): (caller: Caller) => readonly string[] {
  const ofFiles: readonly (readonly [string, Names])[] = Object.entries(groups);
  const known = new WeakMap<Caller, readonly string[]>();

  return function groupsOf(caller) {
    const cached = known.get(caller);
    if (cached !== undefined) return cached;
    const more = ofFiles.filter(([, agents]) => isNamed(caller.agent, agents)).map(([name]) => name);
    const all = more.length === 0 ? caller.groups : [...new Set([...caller.groups, ...more])];
    known.set(caller, all);
    return all;
  };
}
