import type { RuleSource } from "./schemas/policy-file.ts";
import type { Spot } from "./spot.ts";

export type Effect = "deny" | "approval_needed" | "allow" | "add";

export function effectOf(source: RuleSource): Effect {
  return source.then === "sanitize" ? "allow" : (source.then ?? "add");
}

/** Keys by which a rule changes the call. */
const CHANGING = ["redact", "set", "remove"] as const;

/** Whether the keys of a rule go together; if not, after it was noted. */
export function checkKeys(source: RuleSource, effect: Effect, spot: Spot): boolean {
  const wrong = (key: keyof RuleSource, message: string) => spot.in(key).problem({ code: "contradiction", message, atKey: true });
  const empty = CHANGING.find((key) => source[key] !== undefined && !changes(source, key));
  const changing = CHANGING.find((key) => changes(source, key));
  if (empty !== undefined) spot.in(empty).problem({ code: "does_nothing", message: `an empty \`${empty}\` does nothing`, atKey: true });
  else if (effect === "add" && changing === undefined)
    spot.problem({ code: "does_nothing", message: "a rule without `then`, `redact`, `set` and `remove` does nothing" });
  else if (effect === "deny" && changing !== undefined)
    wrong(changing, `a rule that denies has no \`${changing}\`: the call does not go on`);
  else if (effect === "approval_needed" && source.approval === undefined) {
    spot.problem({ code: "missing_key", message: "the key `approval` is missing: who may approve" });
  } else if (effect !== "approval_needed" && source.approval !== undefined) {
    wrong("approval", "`approval` stands only with `then: approval_needed`");
  } else {
    warnUnread(source, effect, spot);
    return true;
  }
  return false;
}

function changes(source: RuleSource, key: (typeof CHANGING)[number]): boolean {
  return Object.keys(source[key] ?? {}).length > 0;
}

function warnUnread(source: RuleSource, effect: Effect, spot: Spot): void {
  if (effect !== "allow" && effect !== "add") return;
  for (const key of ["code", "reason", "hint"] as const) {
    if (source[key] === undefined) continue;
    const message = `nobody reads the \`${key}\` of a rule that refuses nothing`;
    spot.in(key).warning({ code: "does_nothing", message, atKey: true });
  }
}
