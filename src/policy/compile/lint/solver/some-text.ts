import type { ReadAtom } from "./read-atom.ts";

/** Whether a text may meet all atoms, where none of them lists texts: each two are looked at. */
export function someText(atoms: readonly ReadAtom[]): boolean {
  const parts = atoms.flatMap(({ op, operand }) => (typeof operand === "string" ? [{ op, text: operand }] : []));
  return !parts.some((a) => parts.some((b) => a !== b && excludes(a, b))) && !isEmptyOrder(parts);
}

type Part = { readonly op: ReadAtom["op"]; readonly text: string };

/** Whether no text meets both; looked at in one direction, for the caller tries both. */
function excludes(a: Part, b: Part): boolean {
  switch (`${a.op} ${b.op}`) {
    case "prefix prefix":
      return !a.text.startsWith(b.text) && !b.text.startsWith(a.text);
    case "suffix suffix":
      return !a.text.endsWith(b.text) && !b.text.endsWith(a.text);
    case "prefix nprefix":
      return a.text.startsWith(b.text);
    case "suffix nsuffix":
      return a.text.endsWith(b.text);
    case "prefix nsubstring":
    case "suffix nsubstring":
    case "substring nsubstring":
      return a.text.includes(b.text);
    default:
      return false;
  }
}

/** Whether the texts before one and after another are none. */
function isEmptyOrder(parts: readonly Part[]): boolean {
  const below = parts.filter(({ op }) => op === "text_lt" || op === "text_le");
  const above = parts.filter(({ op }) => op === "text_gt" || op === "text_ge");
  return below.some((high) =>
    above.some((low) => {
      const order = compareCodePoints(low.text, high.text);
      return order > 0 || (order === 0 && (high.op === "text_lt" || low.op === "text_gt"));
    }),
  );
}

/** As the engine orders texts: bytes of UTF-8 have the order of code points. */
function compareCodePoints(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
