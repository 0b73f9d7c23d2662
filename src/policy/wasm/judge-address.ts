import ipaddr from "ipaddr.js";
import { type Truth, truthOf } from "./truth.ts";

// Addresses mapped from IPv4 and texts with a NUL are left unknown, as in the engine.
const NOT_JUDGED = /[/%\0]|^[0:]*ffff:/i;

/** Whether an address is in a network, `address/bits`. */
export function judgeAddress(text: string, network: string): Truth {
  const address = NOT_JUDGED.test(text) ? null : parseAddress(text);
  if (address === null) return "unknown";
  const [range, bits] = ipaddr.parseCIDR(network);
  // A network of the other family does not hold it.
  return truthOf(address.kind() === range.kind() && address.match([range, bits]));
}

function parseAddress(text: string): ipaddr.IPv4 | ipaddr.IPv6 | null {
  if (ipaddr.IPv4.isValidFourPartDecimal(text)) return ipaddr.IPv4.parse(text);
  return text.includes(":") && ipaddr.IPv6.isValid(text) ? ipaddr.IPv6.parse(text) : null;
}
