import { fieldsOf } from "../../condition/test-tree.ts";
import { suggestName } from "../../nearest-name.ts";
import { findStranger } from "../find-stranger.ts";
import type { LintContext, LintedRule, LintFinding, LintKind } from "../lint-kind.ts";
import { toolsOf } from "../tools-of.ts";

/** Arguments that no tool of the rule has, by the catalogue or by its JSON Schema: what reads them is unknown in every call. */
export const unknownArgument: LintKind = {
  find: (context) => context.rules.flatMap((rule) => findingsOf(rule, context)),
};

function findingsOf({ rule, test, spot }: LintedRule, { catalogue }: LintContext): readonly LintFinding[] {
  const fields = fieldsOf(test).filter(({ path }) => path[0] === "args");
  const entries = fields.length === 0 ? null : toolsOf(rule.match, catalogue);
  if (entries === null) return [];
  const tools = entries.map((entry) => `\`${entry.tool}\``).join(", ");
  return fields.flatMap((field) => {
    const stranger = findStranger(field, entries);
    if (stranger === null) return [];
    const message = `\`${field.text}\` reads what is not there: the arguments of ${tools} have no \`${stranger.name}\``;
    return [{ spot: spot.in("if"), message, fix: suggestName(stranger.name, stranger.known), offset: field.offset }];
  });
}
