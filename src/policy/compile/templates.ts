import { suggestName } from "./nearest-name.ts";
import type { Spot } from "./spot.ts";

const PLACEHOLDER = /\{([^{}]*)\}/g;

/** What an agent reads: plain text in this version, and never an argument of the call. */
export function checkPlainText(text: string, spot: Spot): boolean {
  const [found] = text.matchAll(PLACEHOLDER);
  if (found === undefined) return checkBraces(text, spot);
  const [whole, name = ""] = found;
  const offset = found.index;
  if (name.startsWith("caller."))
    spot.problem({ code: "not_built_yet", message: `\`${whole}\` in a text for agents is not built yet`, offset });
  else
    spot.problem({
      code: "wrong_value",
      message: `\`${whole}\` cannot stand in what an agent reads: verified facts of the caller only`,
      offset,
    });
  return false;
}

/** What approvers read: may use the call's arguments and its amount. */
export function checkSummary(text: string, spot: Spot, args: ReadonlySet<string>): boolean {
  const allowed = ["amount", ...[...args].map((name) => `args.${name}`)];
  for (const found of text.matchAll(PLACEHOLDER)) {
    const [whole, name = ""] = found;
    if (allowed.includes(name)) continue;
    spot.problem({
      code: "wrong_value",
      message: `\`${whole}\` is nothing that every tool of this rule has`,
      fix: suggestName(name, allowed),
      offset: found.index,
    });
    return false;
  }
  return checkBraces(
    text.replaceAll(PLACEHOLDER, (whole) => " ".repeat(whole.length)),
    spot,
  );
}

function checkBraces(text: string, spot: Spot): boolean {
  const offset = text.search(/[{}]/);
  if (offset < 0) return true;
  spot.problem({ code: "wrong_value", message: "a brace without its partner", fix: "a placeholder is written {args.to}", offset });
  return false;
}
