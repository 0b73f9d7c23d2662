/** What the second of two things covers beside the first. `other`: neither covers the other, or nobody can tell. */
export type Relation = "same" | "narrower" | "wider" | "other";

/** @param isWithin whether the second is within the first; @param holds whether it holds all of the first. */
export function relationOf(isWithin: boolean, holds: boolean): Relation {
  if (isWithin && holds) return "same";
  if (isWithin) return "narrower";
  return holds ? "wider" : "other";
}

/** Of several that must all fit. */
export function joinRelations(relations: readonly Relation[]): Relation {
  const has = (relation: Relation) => relations.includes(relation);
  if (has("other") || (has("narrower") && has("wider"))) return "other";
  return has("narrower") ? "narrower" : has("wider") ? "wider" : "same";
}
