import type { Clause } from "../../program.ts";
import { fieldsOf } from "../condition/test-tree.ts";
import { type Mode, toClauses } from "../condition/to-clauses.ts";
import type { CompiledRule } from "../parts.ts";
import { describeAtom } from "./describe-atom.ts";
import { matchAtoms } from "./match/match-atoms.ts";
import { hiddenConflict, toolConflict } from "./match/match-conflict.ts";
import { type Conflict, conflictIn } from "./solver/conflict-in.ts";
import { factsOfInput } from "./solver/facts-at.ts";
import type { Tools } from "./tools.ts";

/** Whether a rule can come to anything. Null: as far as is seen, it can. */
export type Fate = {
  /** Why no call makes match and condition certainly true. */
  readonly neverTrue: Why | null;
  /** Why no call makes the rule apply, not even one of which something is unknown. */
  readonly neverApplies: Why | null;
};

/** A clause of a message, and where in the rule it points. */
export type Why = { readonly says: string; readonly key: "match" | "if"; readonly offset: number | null };

export function fateOf(rule: CompiledRule, tools: Tools): Fate {
  const neverTrue = whyNot(rule, "sure", tools);
  if (neverTrue === null) return { neverTrue, neverApplies: null };
  // A call that makes it true for certain makes it apply in either reading, so the other one can only be wider.
  return { neverTrue, neverApplies: rule.rule.maybe === null ? neverTrue : whyNot(rule, "maybe", tools) };
}

function whyNot(compiled: CompiledRule, mode: Mode, tools: Tools): Why | null {
  const { match, effect } = compiled.rule;
  // What restricts may well be meant for calls that hide what they are.
  const hidden = effect === "allow" && mode === "sure" ? hiddenConflict(match) : null;
  const mismatch = hidden ?? toolConflict(match, mode === "sure", tools);
  if (mismatch !== null) return { says: mismatch, key: "match", offset: null };
  const clauses = clausesIn(compiled, mode);
  const conflicts: Conflict[] = [];
  for (const clause of clauses) {
    const conflict = conflictOf(clause, compiled);
    if (conflict === null) return null;
    conflicts.push(conflict);
  }
  const [first] = conflicts;
  return first === undefined
    ? { says: "its condition is never true", key: "if", offset: null }
    : describe(first, conflicts.length, compiled);
}

/** The rule's clauses in a reading that its effect may not need. */
function clausesIn({ rule, test }: CompiledRule, mode: Mode): readonly Clause[] {
  return rule[mode] ?? toClauses(test)?.[mode] ?? [[]];
}

function conflictOf(clause: Clause, { rule }: CompiledRule): Conflict | null {
  const paths = new Set(clause.map(([, path]) => JSON.stringify(path)));
  let found: Conflict | null = null;
  for (const atoms of matchAtoms(rule.match, paths)) {
    found = conflictIn([...clause, ...atoms], factsOfInput);
    if (found === null) return null;
  }
  return found;
}

function describe({ path, atoms, hasParts }: Conflict, alternatives: number, { test }: CompiledRule): Why {
  const field = fieldsOf(test).find((one) => JSON.stringify(one.path) === JSON.stringify(path));
  const parts = [...atoms.map(describeAtom), ...(hasParts ? ["has parts"] : [])];
  const all = alternatives === 1 ? "" : `none of its ${alternatives} alternatives can be true; in the first `;
  const says = `${all}there is no \`${field?.text ?? path.join(".")}\` that ${parts.join(" and ")}`;
  return { says, key: "if", offset: field?.offset ?? null };
}
