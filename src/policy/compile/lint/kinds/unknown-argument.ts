import type { CatalogueEntry } from "../../../../core/catalogue.ts";
import { type Field, fieldsOf } from "../../condition/test-tree.ts";
import { suggestName } from "../../nearest-name.ts";
import type { LintedRule, LintFinding, LintKind } from "../lint-kind.ts";
import { type Stranger, schemaAt } from "../schema/schema-at.ts";
import { toolsOf } from "../tools-of.ts";

/** Arguments that no tool of the rule has, by the catalogue or by its JSON Schema: what reads them is always unknown. */
export const unknownArgument: LintKind = {
  find: ({ rules, catalogue }) =>
    rules.flatMap((rule) => {
      const fields = fieldsOf(rule.test).filter(({ path }) => path[0] === "args" && path.length > 1);
      const entries = fields.length === 0 ? null : toolsOf(rule.rule.match, catalogue);
      return entries === null ? [] : fields.flatMap((field) => findingsAt(field, entries, rule));
    }),
};

function findingsAt(field: Field, entries: readonly CatalogueEntry[], { spot }: LintedRule): readonly LintFinding[] {
  const stranger = strangerIn(field.path.slice(1), entries);
  if (stranger === null) return [];
  const tools = entries.map((entry) => `\`${entry.tool}\``).join(", ");
  const message = `\`${field.text}\` is always unknown: ${tools} ${entries.length === 1 ? "has" : "have"} no \`${stranger.name}\` there`;
  return [{ spot: spot.in("if"), message, fix: suggestName(stranger.name, stranger.known), offset: field.offset }];
}

/** The name that none of the tools knows; null where one of them may know it. */
function strangerIn(path: readonly string[], entries: readonly CatalogueEntry[]): Stranger | null {
  const [name = "", ...parts] = path;
  const having = entries.filter((entry) => entry.args.some((argument) => argument.name === name));
  if (having.length === 0) return { name, known: [...new Set(entries.flatMap(namesOf))].sort() };
  if (parts.length === 0) return null;
  const places = having.map(({ schema }) => (schema === null ? null : schemaAt(schema, path)));
  const strangers = places.flatMap((place) => (place?.kind === "stranger" ? [place.stranger] : []));
  return strangers.length < having.length ? null : (strangers[0] ?? null);
}

function namesOf(entry: CatalogueEntry): readonly string[] {
  return entry.args.map((argument) => argument.name);
}
