import { nearestName } from "../nearest-name.ts";
import type { Fault } from "./reading.ts";

export const USE_REGO = "such a condition is written in Rego";

const SIGNS: Readonly<Record<string, string>> = { "_+_": "+", "_-_": "-", "_*_": "*", "_/_": "/", "_%_": "%", "-_": "-" };

/** Macros that the parser leaves as calls where they are not written as they must be. */
const MACROS: Readonly<Record<string, string>> = {
  has: 'has(args.x), or "key" in map',
  exists: "list.exists(x, …)",
  all: "list.all(x, …)",
};

/** Why a call is not part of conditions. */
export function describeCall(name: string, functions: readonly string[]): Fault {
  if (name === "_?_:_") return { code: "bad_expression", message: "`? :` is not part of conditions", fix: "write it with && and ||" };
  const sign = Object.hasOwn(SIGNS, name) ? SIGNS[name] : undefined;
  if (sign !== undefined) return { code: "bad_expression", message: `arithmetic (${sign}) is not part of conditions`, fix: USE_REGO };
  const macro = Object.hasOwn(MACROS, name) ? MACROS[name] : undefined;
  if (macro !== undefined) return { code: "bad_expression", message: `\`${name}\` is written ${macro}` };
  const near = nearestName(name, functions);
  const fix = near === null ? `allowed: ${functions.join(", ")}; anything else is written in Rego` : `did you mean ${near}?`;
  return { code: "bad_expression", message: `there is no function \`${name}\` in conditions`, fix };
}
