import type { PolicyInput } from "../../core/policy-input.ts";
import { possibleTools } from "./describe-match.ts";

/** The call's keys into `program.index`, of those that it has. */
export function listKeys(input: PolicyInput, index: ReadonlySet<string>): readonly string[] {
  const { host } = input.intent.target;
  const keys: string[] = [];
  const add = (key: string) => {
    if (index.has(key)) keys.push(key);
  };
  for (const tool of possibleTools(input.intent.tool)) add(`t:${tool}`);
  add(`h:${host}`);
  for (let dot = host.indexOf("."); dot >= 0; dot = host.indexOf(".", dot + 1)) add(`h:${host.slice(dot)}`);
  add(`a:${input.caller.agent}`);
  add(`p:${input.intent.protocol}`);
  add("*");
  return keys;
}
