import type { Complaint } from "../spot.ts";
import { FUNCTIONS_LATER } from "./input-names.ts";

export const USE_REGO = "such a condition is written in Rego";

const SIGNS: Readonly<Record<string, string>> = { "_+_": "+", "_-_": "-", "_*_": "*", "_/_": "/", "_%_": "%", "-_": "-" };

const CONNECTIVES = new Set(["_&&_", "_||_", "!_", "_==_", "_!=_", "_<_", "_<=_", "_>_", "_>=_", "@in"]);

/** Why a call is not part of this language where it stands. */
export function describeCall(name: string): Omit<Complaint, "offset"> {
  if (FUNCTIONS_LATER.has(name)) return { code: "not_built_yet", message: `\`${name}\` is not built yet` };
  if (name === "_?_:_") return { code: "bad_expression", message: "`? :` is not part of conditions", fix: "write it with && and ||" };
  const sign = Object.hasOwn(SIGNS, name) ? SIGNS[name] : undefined;
  if (sign !== undefined) return { code: "bad_expression", message: `arithmetic (${sign}) is not part of conditions`, fix: USE_REGO };
  if (CONNECTIVES.has(name))
    return { code: "type_error", message: "a test cannot be compared with something", fix: "join tests with && and ||" };
  if (name === "has" || name === "exists") {
    return { code: "bad_expression", message: `\`${name}\` is written ${name === "has" ? "has(args.x)" : "list.exists(x, …)"}`, fix: null };
  }
  if (name === "_[_]") return { code: "bad_expression", message: "this cannot be read by a key", fix: null };
  return { code: "bad_expression", message: `there is no function \`${name}\` in conditions`, fix: USE_REGO };
}
