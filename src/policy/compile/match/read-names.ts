import { parseName } from "../../../core/name.ts";
import type { Names } from "../../program.ts";
import type { Spot } from "../spot.ts";
import { makeNames } from "./names.ts";

/** Names of the contract's grammar, each with one `*` at its end or without; `of` says whose. Null after problems were noted. */
export function readNames(list: readonly string[], spot: Spot, of: string): Names | null {
  return readStarred(list, spot, { of, isName: (text) => parseName(text) !== null });
}

/** Names of models come from calls: visible ASCII without spaces. */
export function readModels(list: readonly string[], spot: Spot): Names | null {
  return readStarred(list, spot, { of: "a model", isName: (text) => /^[!-)+-~]{1,128}$/.test(text) });
}

type Kind = { readonly of: string; readonly isName: (text: string) => boolean };

function readStarred(list: readonly string[], spot: Spot, kind: Kind): Names | null {
  const is: string[] = [];
  const starts: string[] = [];
  const bad = list.filter((text, at) => {
    const star = text.endsWith("*");
    const name = star ? text.slice(0, -1) : text;
    if (name !== "__proto__" && (name === "" ? star : kind.isName(name))) {
      (star ? starts : is).push(name);
      return false;
    }
    spot.in(at).problem({ code: "wrong_value", message: `\`${text}\` is no name of ${kind.of}`, fix: "one `*` may stand at the end" });
    return true;
  });
  return bad.length > 0 ? null : makeNames({ is, starts });
}
