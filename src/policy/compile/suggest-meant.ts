import { suggestName } from "./nearest-name.ts";

/** Words that newcomers write for those of the language, with what each may mean: the first that is allowed is proposed. */
const MEANINGS: Readonly<Record<string, readonly string[]>> = {
  accept: ["allow"],
  action: ["then"],
  approval: ["approval_needed"],
  approve: ["approval_needed"],
  array: ["any"],
  ask: ["approval_needed"],
  audit: ["shadow"],
  block: ["deny"],
  bool: ["any"],
  boolean: ["any"],
  cents: ["minor"],
  condition: ["if"],
  decimal: ["number"],
  decision: ["then"],
  delete: ["remove"],
  dollars: ["major"],
  domains: ["hosts"],
  double: ["number"],
  drop: ["deny", "remove"],
  dry_run: ["shadow"],
  "dry-run": ["shadow"],
  effect: ["then"],
  float: ["number"],
  forbid: ["deny"],
  headers: ["header"],
  int: ["integer"],
  list: ["any"],
  log: ["shadow"],
  message: ["reason"],
  monitor: ["shadow"],
  name: ["id"],
  object: ["any"],
  observe: ["shadow"],
  permit: ["allow"],
  redact: ["sanitize", "mask"],
  refuse: ["deny"],
  reject: ["deny"],
  str: ["string"],
  strip: ["remove"],
  text: ["string"],
  urlencoded: ["form"],
  users: ["agents", "people"],
  when: ["if"],
};

/** `did you mean X?`: another word for an allowed one, or the one that is spelled most like it. */
export function suggestMeant(found: string, allowed: readonly string[]): string {
  const word = found.toLowerCase();
  const meant = Object.hasOwn(MEANINGS, word) ? MEANINGS[word]?.find((one) => allowed.includes(one)) : undefined;
  return meant === undefined ? suggestName(found, allowed) : `did you mean ${meant}? allowed: ${allowed.join(", ")}`;
}
