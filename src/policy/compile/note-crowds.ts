import type { Program } from "../program.ts";
import { RULES_BEHIND_A_KEY_MANY, RULES_BEHIND_A_KEY_MAX } from "./build-index.ts";
import type { CompiledRule } from "./parts.ts";

/** The cost of a call grows faster than the number of rules behind its keys. `rules` are those of the program, in its order. */
export function noteCrowds(program: Program, rules: readonly CompiledRule[]): void {
  for (const [key, numbers] of Object.entries(program.index)) {
    const spot = rules[numbers[0] ?? 0]?.spot;
    if (numbers.length < RULES_BEHIND_A_KEY_MANY || spot === undefined) continue;
    const message = `${numbers.length} rules apply to the same calls (key ${key}); the most is ${RULES_BEHIND_A_KEY_MAX}`;
    const complaint = { code: "crowded_key", message, fix: "name tools, hosts, agents or paths in their match" } as const;
    if (numbers.length > RULES_BEHIND_A_KEY_MAX) spot.problem(complaint);
    else spot.warning(complaint);
  }
}
