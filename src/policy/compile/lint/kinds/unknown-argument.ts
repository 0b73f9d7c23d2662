import { fieldsOf } from "../../condition/test-tree.ts";
import { suggestName } from "../../nearest-name.ts";
import { findStranger } from "../find-stranger.ts";
import type { LintedRule, LintFinding, LintKind } from "../lint-kind.ts";

/** Arguments that no tool of the rule has, by the catalogue or by its JSON Schema: what reads them is unknown in every call. */
export const unknownArgument: LintKind = {
  find: ({ rules }) => rules.flatMap(findingsOf),
};

function findingsOf({ test, spot, tools }: LintedRule): readonly LintFinding[] {
  if (tools === null) return [];
  const names = tools.map((entry) => `\`${entry.tool}\``).join(", ");
  return fieldsOf(test).flatMap((field) => {
    const stranger = findStranger(field, tools);
    if (stranger === null) return [];
    const message = `\`${field.text}\` reads what is not there: the arguments of ${names} have no \`${stranger.name}\``;
    return [{ spot: spot.in("if"), message, fix: suggestName(stranger.name, stranger.known), offset: field.offset }];
  });
}
