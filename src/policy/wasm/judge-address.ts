import { type Truth, truthOf } from "./truth.ts";

// Addresses mapped from IPv4 and texts with a NUL are left unknown, as in the engine.
const NOT_JUDGED = /[/%\0]|^[0:]*ffff:/i;
const OCTET = "(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])";
const IPV4 = new RegExp(`^${OCTET}\\.${OCTET}\\.${OCTET}\\.${OCTET}$`);
const GROUP = /^[0-9a-f]{1,4}$/i;
const IPV6_GROUPS = 8;

/** Whether an address is in a network, `address/bits`. A network of the other family does not hold it. */
export function judgeAddress(text: string, network: string): Truth {
  const address = NOT_JUDGED.test(text) ? null : parseAddress(text);
  const [range = "", bits = ""] = network.split("/");
  const first = parseAddress(range);
  if (address === null || first === null) return "unknown";
  return truthOf(address.length === first.length && address.slice(0, Number(bits)) === first.slice(0, Number(bits)));
}

/** Its bits, as a text of zeros and ones. */
function parseAddress(text: string): string | null {
  const octets = IPV4.exec(text);
  if (octets !== null)
    return octets
      .slice(1)
      .map((octet) => bitsOf(Number(octet), 8))
      .join("");
  const groups = text.includes(":") ? parseGroups(text) : null;
  return groups === null ? null : groups.map((group) => bitsOf(group, 16)).join("");
}

function parseGroups(text: string): readonly number[] | null {
  const [head = "", tail, more] = text.split("::");
  if (more !== undefined) return null;
  const before = parseList(head, tail === undefined);
  const after = parseList(tail ?? "", true);
  if (before === null || after === null) return null;
  const missing = IPV6_GROUPS - before.length - after.length;
  if (tail === undefined ? missing !== 0 : missing < 1) return null;
  return [...before, ...Array<number>(missing).fill(0), ...after];
}

/** Groups between colons; the last of an address may be written as IPv4. */
function parseList(text: string, isLast: boolean): readonly number[] | null {
  if (text === "") return [];
  const groups: number[] = [];
  const parts = text.split(":");
  for (const [at, part] of parts.entries()) {
    const octets = isLast && at === parts.length - 1 ? IPV4.exec(part) : null;
    const [, a, b, c, d] = (octets ?? []).map(Number);
    if (a !== undefined && b !== undefined && c !== undefined && d !== undefined) groups.push(a * 256 + b, c * 256 + d);
    else if (GROUP.test(part)) groups.push(Number.parseInt(part, 16));
    else return null;
  }
  return groups;
}

function bitsOf(value: number, width: number): string {
  return value.toString(2).padStart(width, "0");
}
