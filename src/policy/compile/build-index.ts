import type { Match, ProgramRule } from "../program.ts";
import { compareText } from "./problem.ts";

export { RULES_BEHIND_A_KEY_MAX } from "../program.ts";
export const RULES_BEHIND_A_KEY_MANY = 20;

const EVERY_CALL = "*";

/**
 * Key of a call → numbers of the rules behind it. Each rule stands under the dimension whose fullest key is the rarest
 * over all rules, so that one popular host with many tools, or many agents on one host, still spreads.
 */
export function buildIndex(rules: readonly ProgramRule[]): Readonly<Record<string, readonly number[]>> {
  const choices = rules.map((rule) => keyChoices(rule.match));
  const popularity = new Map<string, number>();
  for (const key of choices.flat(2)) popularity.set(key, (popularity.get(key) ?? 0) + 1);
  const index = new Map<string, number[]>();
  for (const [number, keysets] of choices.entries()) {
    for (const key of rarest(keysets, popularity)) {
      const list = index.get(key);
      if (list === undefined) index.set(key, [number]);
      else list.push(number);
    }
  }
  return Object.fromEntries([...index].sort(([a], [b]) => compareText(a, b)));
}

/** Keys by which every call that fits the match is found, one list for each dimension that can serve. */
function keyChoices({ tool, host, path, agent, protocol }: Match): readonly (readonly string[])[] {
  const choices: string[][] = [];
  if (tool !== undefined && tool.starts.length === 0) choices.push(Object.keys(tool.is).map((name) => `t:${name}`));
  if (host !== undefined) choices.push([...Object.keys(host.is), ...host.ends].map((name) => `h:${name}`));
  const firsts = firstSegments(path);
  if (host !== undefined && host.ends.length === 0 && firsts !== null) {
    choices.push(Object.keys(host.is).flatMap((name) => firsts.map((first) => `h:${name}/${first}`)));
  }
  if (agent !== undefined && agent.starts.length === 0) choices.push(Object.keys(agent.is).map((name) => `a:${name}`));
  if (protocol !== undefined) choices.push(Object.keys(protocol.is).map((name) => `p:${name}`));
  return choices.length === 0 ? [[EVERY_CALL]] : choices;
}

/** What every path begins with; null where one may begin with anything. */
function firstSegments(path: Match["path"]): readonly string[] | null {
  if (path === undefined) return null;
  const firsts = path.map(({ fixed: [first] }) => (first?.[0] === 0 ? first[1] : null));
  return firsts.includes(null) ? null : [...new Set(firsts.filter((first) => first !== null))];
}

/** On a tie the first: the order of `keyChoices`. */
function rarest(keysets: readonly (readonly string[])[], popularity: ReadonlyMap<string, number>): readonly string[] {
  const crowd = (keys: readonly string[]) => Math.max(...keys.map((key) => popularity.get(key) ?? 0));
  return keysets.reduce((best, keys) => (crowd(keys) < crowd(best) ? keys : best));
}
