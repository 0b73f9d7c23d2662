import type { CatalogueEntry } from "../../../core/catalogue.ts";
import type { Field } from "../condition/test-tree.ts";
import type { LintedRule } from "./lint-kind.ts";
import { isRequired } from "./schema/is-required.ts";

/** Whether a call that the rule covers may come without the field. */
export function mayLack({ tools }: LintedRule, { path, optional }: Field): boolean {
  const [root, name, ...parts] = path;
  // Money is left out: a tool that has none is told by another kind, and a call that spoils its own is meant to be restricted.
  if (root === "amount" || root === "cost") return false;
  if (root !== "args" || name === undefined) return optional;
  return tools === null || tools.length === 0 || !tools.every((entry) => sends(entry, name, parts));
}

/** What the path binds is in every call; of the rest only what the tool's schema asks for, else the call is malformed. */
function sends({ args, schema }: CatalogueEntry, name: string, parts: readonly string[]): boolean {
  const isBound = parts.length === 0 && args.some((argument) => argument.name === name && argument.from.kind === "path");
  return isBound || (schema !== null && isRequired(schema, [name, ...parts]));
}
