import type { Match } from "../../../program.ts";

const UNKNOWN_TOOL = "unknown";
const HTTP = "http";

/**
 * Whether of the calls that fit the inner match, the outer rule may permit all that the inner one may: hidden protocols and
 * unknown tools are opened only by a rule that names them.
 */
export function opensWithin(inner: Match, outer: Match): boolean {
  return protocolOpens(inner, outer) && (!namesUnknown(inner) || namesUnknown(outer));
}

function protocolOpens({ protocol: inner }: Match, { protocol: outer }: Match): boolean {
  const hidden = Object.keys(inner?.is ?? {}).filter((name) => name !== HTTP);
  return hidden.every((name) => outer !== undefined && Object.hasOwn(outer.is, name));
}

function namesUnknown({ tool }: Match): boolean {
  return tool !== undefined && Object.hasOwn(tool.is, UNKNOWN_TOOL);
}
