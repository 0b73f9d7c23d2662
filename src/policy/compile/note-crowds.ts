import type { Program } from "../program.ts";
import { RULES_BEHIND_A_KEY_MANY, RULES_BEHIND_A_KEY_MAX } from "./build-index.ts";
import type { CompiledRule } from "./parts.ts";

/** A tunnel hides its path and so looks at every rule with a path of its host. */
const PATH_RULES_OF_A_HOST_MAX = 1_000;

/** The cost of a call grows faster than the number of rules behind its keys. `rules` are those of the program, in its order. */
export function noteCrowds(program: Program, rules: readonly CompiledRule[]): void {
  const byHost = new Map<string, Set<number>>();
  for (const [key, numbers] of Object.entries(program.index)) {
    noteCrowd(key, numbers, rules);
    const [, host] = /^h:([^/]+)\//.exec(key) ?? [];
    if (host === undefined) continue;
    const here = byHost.get(host) ?? new Set();
    for (const number of numbers) here.add(number);
    byHost.set(host, here);
  }
  for (const [host, numbers] of byHost) {
    const [first = 0] = numbers;
    if (numbers.size <= PATH_RULES_OF_A_HOST_MAX) continue;
    const message = `${numbers.size} rules with paths apply to ${host}; the most is ${PATH_RULES_OF_A_HOST_MAX}`;
    rules[first]?.spot.problem({ code: "crowded_key", message, fix: "name tools or agents in their match" });
  }
}

function noteCrowd(key: string, numbers: readonly number[], rules: readonly CompiledRule[]): void {
  const spot = rules[numbers[0] ?? 0]?.spot;
  if (numbers.length < RULES_BEHIND_A_KEY_MANY || spot === undefined) return;
  const message = `${numbers.length} rules apply to the same calls (key ${key}); the most is ${RULES_BEHIND_A_KEY_MAX}`;
  const complaint = { code: "crowded_key", message, fix: "name tools, hosts, agents or paths in their match" } as const;
  if (numbers.length > RULES_BEHIND_A_KEY_MAX) spot.problem(complaint);
  else spot.warning(complaint);
}
