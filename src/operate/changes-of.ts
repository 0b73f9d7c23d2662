import { type Decision, isGoing } from "../core/decision.ts";

const REDACTED = "redact_";
const FOUND = "finding:";
const SET = "set_header:";

/** The redactions among what was done to a call, as cases name them. */
export function redactionsOf(done: readonly string[]): readonly string[] {
  return done.flatMap((one) => {
    if (!one.startsWith(REDACTED)) return [];
    const what = one.slice(REDACTED.length);
    return [what.startsWith(FOUND) ? `find:${what.slice(FOUND.length)}` : what];
  });
}

/** The headers that rules set, with their values. */
export function headersSet(decision: Decision, done: readonly string[]): Readonly<Record<string, string>> {
  if (!isGoing(decision) || !("changes" in decision)) return {};
  const names = new Set(done.flatMap((one) => (one.startsWith(SET) ? [one.slice(SET.length)] : [])));
  return Object.fromEntries(decision.changes.set.flatMap(({ name, value }) => (names.has(name) ? [[name, value]] : [])));
}

/** The headers of the call that do not go on. */
export function headersRemoved(decision: Decision): readonly string[] {
  return "changes" in decision ? decision.changes.remove : [];
}
