import type { JsonPath, JsonStep } from "../../core/ruling.ts";
import type { Spot } from "./spot.ts";

const STEPS_MAX = 32;

/** The forms of one step, each from where the last one ended. */
const STEPS: readonly { readonly sign: RegExp; readonly read: (groups: readonly string[]) => JsonStep }[] = [
  { sign: /\.([A-Za-z_][A-Za-z0-9_-]*)/y, read: ([, name = ""]) => ({ kind: "member", name }) },
  { sign: /\["([^"\\]+)"\]/y, read: ([, name = ""]) => ({ kind: "member", name }) },
  { sign: /\['([^'\\]+)'\]/y, read: ([, name = ""]) => ({ kind: "member", name }) },
  { sign: /\[\*\]/y, read: () => ({ kind: "elements" }) },
];

/** `$.a["b c"][*].d` as steps: members by name and all elements of a list. Null after a problem was noted where it stops. */
export function parseJsonPath(text: string, spot: Spot): JsonPath | null {
  const wrong = (offset: number, message: string, fix: string | null) => spot.problem({ code: "wrong_value", message, fix, offset });
  if (!text.startsWith("$")) return wrong(0, `\`${text}\` is no place in a JSON body: it begins with $`, cureBegin(text));
  const steps: JsonStep[] = [];
  let at = 1;
  while (at < text.length) {
    const found = nextStep(text, at);
    if (found === null) return wrong(at, `\`${text.slice(at)}\` is no step of a place in a JSON body`, cureOf(text.slice(at)));
    steps.push(found.step);
    at = found.end;
  }
  if (steps.length === 0) return wrong(0, "`$` is the whole body: name a place in it", "for example $.a.b[*].c");
  return steps.length > STEPS_MAX ? wrong(0, `a place has at most ${STEPS_MAX} steps`, null) : steps;
}

function nextStep(text: string, at: number): { readonly step: JsonStep; readonly end: number } | null {
  for (const { sign, read } of STEPS) {
    sign.lastIndex = at;
    const found = sign.exec(text);
    if (found !== null) return { step: read(found), end: at + found[0].length };
  }
  return null;
}

/** A pointer, or a place without its sign. */
function cureBegin(text: string): string {
  const steps = text.split(text.startsWith("/") ? "/" : ".").filter((step) => step !== "");
  const isPlain = steps.length > 0 && steps.every((step) => /^[A-Za-z_][A-Za-z0-9_-]*(?:\[\*\])*$/.test(step));
  return isPlain ? `write $.${steps.join(".")}` : "for example $.a.b[*].c";
}

function cureOf(rest: string): string {
  const [name] = /^[A-Za-z_][A-Za-z0-9_-]*/.exec(rest) ?? [];
  if (name !== undefined) return `write .${name}`;
  if (rest.startsWith(".*")) return "write [*]: all elements of a list; the members of an object are named one by one";
  const [, member] = /^\[([A-Za-z_][A-Za-z0-9_-]*)\]/.exec(rest) ?? [];
  if (member !== undefined) return `write .${member}`;
  if (rest.startsWith("..")) return "write every step: a search at any depth is not part of places";
  if (/^\[-?[0-9]/.test(rest)) return "write [*]: all elements of the list";
  if (/^\[[?(]/.test(rest)) return "filters are not part of places";
  return 'a step is .name, ["a name"] or [*]';
}
