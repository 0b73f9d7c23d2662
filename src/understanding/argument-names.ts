/** A name as lenient readers see it: `Payment[amount]`, `payment.amount` and `payment_amount[]` name the same things. */
export type NamePath = readonly string[];

const ASCII = /^[\x20-\x7e]*$/;
const JOINTS = /[[\].]/;
const FILLERS = /[\s_-]+/g;

/**
 * A name without what some readers ignore: case (by full folding, so that the Kelvin sign is a k), compatibility forms,
 * white space, `_` and `-`.
 */
export function foldName(name: string): string {
  // NUL ends a name for readers written in C.
  const ended = name.includes("\0") ? name.slice(0, name.indexOf("\0")) : name;
  const plain = ASCII.test(ended) ? ended.toLowerCase() : ended.normalize("NFKC").toUpperCase().toLowerCase().replaceAll("\u0307", "");
  return plain.replace(FILLERS, "");
}

/** The name cut at its brackets and dots, each part folded. */
export function foldPath(name: string): NamePath {
  if (!JOINTS.test(name)) return [foldName(name)];
  return name
    .split(JOINTS)
    .map(foldName)
    .filter((part) => part !== "");
}

/** Whether one names the other, a part of it or something around it. */
export function overlaps(a: NamePath, b: NamePath): boolean {
  const shared = Math.min(a.length, b.length);
  for (let at = 0; at < shared; at++) if (a[at] !== b[at]) return false;
  return shared > 0;
}
