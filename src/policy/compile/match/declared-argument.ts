import type { ArgumentSource, CatalogueEntry } from "../../../core/catalogue.ts";
import type { Match } from "../../program.ts";
import type { DeclaredArgument } from "../condition/reading.ts";
import type { ToolsByName } from "./arguments-of.ts";
import { UNKNOWN } from "./read-dimensions.ts";

/** What an argument is in every call of the match, where all tools that have it declare the same; else null. */
export function declaredIn(match: Match, catalogue: ToolsByName): (name: string) => DeclaredArgument | null {
  const tools = Object.keys(match.tool?.is ?? {}).filter((tool) => tool !== UNKNOWN);
  let named: readonly CatalogueEntry[] | null = null;
  return function declaredAs(name) {
    named ??= tools.flatMap((tool) => catalogue.get(tool) ?? []);
    // A tool of another catalogue, on which a guardrail's `unknown` may fall, can declare anything.
    if (named.length < tools.length) return null;
    const declared = named.flatMap(({ tool, args }) =>
      args.flatMap((argument) => (argument.name === name ? [{ type: typeOf(argument), tool }] : [])),
    );
    const [first, ...rest] = declared;
    if (first === undefined || first.type === null) return null;
    if (rest.every(({ type }) => type === first.type)) return { type: first.type, tool: first.tool };
    const untyped = declared.find(({ type }) => type === "untyped");
    const isText = declared.every(({ type }) => type === "text" || type === "untyped");
    return isText && untyped !== undefined ? { type: "untyped", tool: untyped.tool } : null;
  };
}

/** Only JSON has values of a type that nobody declares; all else is text. */
function typeOf({ type, from }: ArgumentSource): DeclaredArgument["type"] | null {
  switch (type) {
    case "integer":
    case "number":
      return "number";
    case "string":
      return "text";
    case "any":
      return from.kind === "json" ? null : "untyped";
  }
}
