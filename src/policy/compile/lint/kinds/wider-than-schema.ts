import type { CatalogueEntry } from "../../../../core/catalogue.ts";
import type { LintedRule, LintFinding, LintKind } from "../lint-kind.ts";
import { type PolarLeaf, polarLeavesOf } from "../polar-leaves.ts";
import { type Refused, refusedBy } from "../schema/refuses.ts";
import { schemaAt } from "../schema/schema-at.ts";

/** Rules that allow arguments which the schemas of all their tools refuse: the one or the other is not what was meant. */
export const widerThanSchema: LintKind = {
  find: ({ rules }) =>
    rules.flatMap((rule) => {
      const { tools } = rule;
      if (rule.rule.effect !== "allow" || tools === null || tools.every(({ schema }) => schema === null)) return [];
      return polarLeavesOf(rule.test).flatMap((leaf) => findingsAt(leaf, tools, rule));
    }),
};

function findingsAt({ leaf, op }: PolarLeaf, entries: readonly CatalogueEntry[], { spot }: LintedRule): readonly LintFinding[] {
  const { path, text, offset } = leaf.field;
  if (leaf.kind !== "atom" || path[0] !== "args" || path.length < 2) return [];
  const refused = entries.map((entry) => refusedIn(entry, path.slice(1), (schema) => refusedBy(schema, op, leaf.operand)));
  const [first] = refused;
  if (first === null || first === undefined || refused.includes(null)) return [];
  const tools = entries.map((entry) => `\`${entry.tool}\``).join(", ");
  const message = `\`${text}\` may ${first.what} here, which the schema of ${tools} refuses`;
  return [{ spot: spot.in("if"), message, fix: first.wanted, offset }];
}

type Judge = (schema: Parameters<typeof refusedBy>[0]) => Refused | null;

function refusedIn({ schema }: CatalogueEntry, path: readonly string[], judge: Judge): Refused | null {
  const place = schema === null ? null : schemaAt(schema, path);
  return place?.kind === "schema" ? judge(place.schema) : null;
}
