import type { Match } from "../../../program.ts";
import type { LintedRule } from "../lint-kind.ts";

/** The rules whose match may be as wide as another one's or wider. */
export type FindWider = (match: Match) => readonly LintedRule[];

const EVERY = "*";

/** Each rule stands under every name of one of its dimensions: what is wider than a match has a name there that covers it. */
export function createFindWider(rules: readonly LintedRule[]): FindWider {
  const index = new Map<string, LintedRule[]>();
  for (const rule of rules) {
    for (const key of keysOf(rule.rule.match)) {
      const list = index.get(key);
      if (list === undefined) index.set(key, [rule]);
      else list.push(rule);
    }
  }
  return function findWider(match) {
    return [...new Set(keysAbove(match).flatMap((key) => index.get(key) ?? []))];
  };
}

function keysOf({ tool, host, agent, method }: Match): readonly string[] {
  if (tool !== undefined && tool.starts.length === 0) return Object.keys(tool.is).map((name) => `t:${name}`);
  if (host !== undefined) return [...Object.keys(host.is), ...host.ends].map((name) => `h:${name}`);
  if (agent !== undefined && agent.starts.length === 0) return Object.keys(agent.is).map((name) => `a:${name}`);
  if (method !== undefined) return Object.keys(method.is).map((name) => `m:${name}`);
  return [EVERY];
}

/** One name of each dimension suffices, for what is wider covers them all. */
function keysAbove({ tool, host, agent, method }: Match): readonly string[] {
  const keys = [EVERY];
  const [firstTool] = Object.keys(tool?.is ?? {});
  if (firstTool !== undefined) keys.push(`t:${firstTool}`);
  const [firstHost] = [...Object.keys(host?.is ?? {}), ...(host?.ends ?? [])];
  if (firstHost !== undefined) keys.push(...endsOf(firstHost).map((name) => `h:${name}`));
  const [firstAgent] = Object.keys(agent?.is ?? {});
  if (firstAgent !== undefined) keys.push(`a:${firstAgent}`);
  const [firstMethod] = Object.keys(method?.is ?? {});
  if (firstMethod !== undefined) keys.push(`m:${firstMethod}`);
  return keys;
}

/** The host itself and every suffix that covers it. */
export function endsOf(host: string): readonly string[] {
  const ends = [host];
  for (let at = host.indexOf("."); at >= 0; at = host.indexOf(".", at + 1)) ends.push(host.slice(at));
  return ends;
}
