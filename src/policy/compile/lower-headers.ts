import type { HeaderSet, Obligation } from "../../core/ruling.ts";
import { lowerHeaderName } from "./header-names.ts";
import { compareText } from "./problem.ts";
import type { RuleSource } from "./schemas/policy-file.ts";
import type { Spot } from "./spot.ts";
import { checkHeaderValue } from "./templates.ts";

/** The headers that a rule sets, in the order of their names, or null after problems were noted. */
export function lowerSets(source: RuleSource["set"] = {}, spot: Spot): readonly HeaderSet[] | null {
  const seen = new Set<string>();
  const lowered = Object.entries(source).map(([text, value]): HeaderSet | null => {
    const at = spot.in(text);
    const name = lowerHeaderName(text, at, "set", true);
    if (name === null) return null;
    if (seen.has(name)) {
      return at.problem({ code: "duplicate", message: `the header \`${name}\` is set twice by this rule`, atKey: true });
    }
    seen.add(name);
    return checkHeaderValue(value, at) ? { name, value } : null;
  });
  const good = lowered.filter((set) => set !== null);
  return good.length < lowered.length ? null : good.toSorted((a, b) => compareText(a.name, b.name));
}

/** The headers that a rule removes. */
export function lowerRemovals(source: RuleSource["remove"] = [], spot: Spot): readonly Obligation[] | null {
  const names = source.map((text, at) => lowerHeaderName(text, spot.in(at), "removed"));
  const good = names.filter((name) => name !== null);
  return good.length < names.length ? null : [...new Set(good)].map((name) => ({ kind: "remove_header", name }));
}

/** Whether nothing is both set and taken away by one rule. */
export function checkHeadersOnce(sets: readonly HeaderSet[], obligations: readonly Obligation[], spot: Spot): boolean {
  for (const { name } of sets) {
    const other = obligations.find((one) => (one.kind === "remove_header" || one.kind === "redact_header") && one.name === name);
    if (other === undefined) continue;
    const verb = other.kind === "remove_header" ? "removes" : "redacts";
    spot.problem({ code: "contradiction", message: `this rule sets the header \`${name}\` and ${verb} it`, atKey: true });
    return false;
  }
  return true;
}
