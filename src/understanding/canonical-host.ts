import ipaddr from "ipaddr.js";

/** A destination host in the one form that is judged and sent. */
export type CanonicalHost = {
  /** Lower case, no trailing dot, IPv6 in brackets, IPv4 dotted. */
  readonly hostname: string;
  readonly port: number;
  /** `hostname`, with `:port` only if it is not the default. */
  readonly host: string;
  readonly literal: boolean;
};

const NAME_BYTES_MAX = 253;
const AUTHORITY = /^(\[[0-9A-Fa-f:.]{2,45}\]|[A-Za-z0-9._-]{1,255})(?::([1-9][0-9]{0,4}))?$/;
const LABEL = /^[a-z0-9_-]{1,63}$/;
// A last label like these makes every URL parser read the whole name as an IPv4 address (WHATWG URL, "ends in a number").
const NUMERIC = /^(?:[0-9]+|0x[0-9a-f]*)$/;

/** Null for userinfo, lists, escapes, non-ASCII, white space, a bad port, empty labels and numbers that are no address. */
export function parseAuthority(authority: string, portDefault: number): CanonicalHost | null {
  const parts = AUTHORITY.exec(authority);
  if (parts === null) return null;
  const port = parts[2] === undefined ? portDefault : Number(parts[2]);
  if (port > 65_535) return null;
  const received = parts[1] ?? "";
  const found = received.startsWith("[") ? parseIpv6(received) : parseName(received.toLowerCase());
  if (found === null) return null;
  return { ...found, port, host: port === portDefault ? found.hostname : `${found.hostname}:${port}` };
}

function parseName(received: string): Pick<CanonicalHost, "hostname" | "literal"> | null {
  const name = received.endsWith(".") ? received.slice(0, -1) : received;
  if (name.length > NAME_BYTES_MAX) return null;
  const labels = name.split(".");
  if (!labels.every((label) => LABEL.test(label))) return null;
  return NUMERIC.test(labels.at(-1) ?? "") ? parseIpv4(name) : { hostname: name, literal: false };
}

// Octal, hexadecimal, decimal and short notations all become the dotted one, so that no resolver can read another address.
function parseIpv4(text: string): Pick<CanonicalHost, "hostname" | "literal"> | null {
  if (!ipaddr.IPv4.isValid(text)) return null;
  return { hostname: ipaddr.IPv4.parse(text).toString(), literal: true };
}

// Not by ipaddr.js, which reads `::1.2.3.4` as the mapped `::ffff:1.2.3.4`.
function parseIpv6(bracketed: string): Pick<CanonicalHost, "hostname" | "literal"> | null {
  const url = URL.parse(`http://${bracketed}/`);
  return url === null ? null : { hostname: url.hostname, literal: true };
}
