import ipaddr from "ipaddr.js";

export type ParsedNetwork =
  | { readonly kind: "network"; readonly text: string }
  | { readonly kind: "refused"; readonly reason: string; readonly fix: string };

const EXAMPLE = 'for example "10.0.0.0/8" or "2001:db8::/32"';

/** An IPv4 or IPv6 network in its canonical form, `address/bits`. */
export function parseNetwork(text: string): ParsedNetwork {
  const [, address = text, bits = null] = /^(.*)\/([0-9]{1,3})$/.exec(text) ?? [];
  const parsed = parseAddress(address);
  if (parsed === null) return refused("is no network", EXAMPLE);
  const width = parsed.kind() === "ipv4" ? 32 : 128;
  if (bits === null) return refused("is an address without the length of a network", `write "${address}/${width}"`);
  if (Number(bits) > width || String(Number(bits)) !== bits) return refused(`has the length ${bits}`, `0 … ${width}`);
  if (parsed instanceof ipaddr.IPv6 && parsed.isIPv4MappedAddress()) {
    return refused("is an IPv4 network written as IPv6", "write the IPv4 network");
  }
  const network = firstOf(parsed, Number(bits));
  if (network !== parsed.toString()) return refused("has bits set behind its length", `write "${network}/${bits}"`);
  return { kind: "network", text: `${network}/${bits}` };
}

function parseAddress(text: string): ipaddr.IPv4 | ipaddr.IPv6 | null {
  if (ipaddr.IPv4.isValidFourPartDecimal(text)) return ipaddr.IPv4.parse(text);
  return text.includes("%") || !ipaddr.IPv6.isValid(text) ? null : ipaddr.IPv6.parse(text);
}

function firstOf(address: ipaddr.IPv4 | ipaddr.IPv6, bits: number): string {
  const bytes = address.toByteArray().map((byte, at) => byte & (0xff << Math.min(8, Math.max(0, 8 * (at + 1) - bits))));
  return ipaddr.fromByteArray(bytes).toString();
}

function refused(reason: string, fix: string): ParsedNetwork {
  return { kind: "refused", reason, fix };
}
