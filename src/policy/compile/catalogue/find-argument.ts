import type { ArgumentSource } from "../../../core/catalogue.ts";
import { suggestName } from "../nearest-name.ts";
import type { Spot } from "../spot.ts";

/** The argument that `args.NAME` names, or null after a problem was noted. */
export function findArgument(text: string, spot: Spot, args: readonly ArgumentSource[]): ArgumentSource | null {
  const name = text.startsWith("args.") ? text.slice(5) : "";
  const found = args.find((argument) => argument.name === name);
  if (found !== undefined) return found;
  const known = args.map((argument) => `args.${argument.name}`);
  return spot.problem({ code: "wrong_value", message: `\`${text}\` is no argument of this tool`, fix: suggestName(text, known) });
}
