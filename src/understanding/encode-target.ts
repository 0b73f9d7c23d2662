import type { Protocol, QueryPair, Target } from "../core/intent.ts";
import { encodeComponent } from "./percent.ts";

const TARGET = /^\/[!-~]*$/;

/** Whether the text may stand in `:path`: visible ASCII from a slash on, and no fragment. */
export function isTargetText(text: string): boolean {
  return TARGET.test(text) && !text.includes("#");
}

/** The one way `:path` is written. Throws when the parts do not fit: that is a fault, never something to send. */
export function encodeTarget(path: string, query: readonly Pick<QueryPair, "raw">[]): string {
  const text = query.length === 0 ? path : `${path}?${query.map((pair) => pair.raw).join("&")}`;
  if (!isTargetText(text)) throw new Error("the encoded target breaks its invariant");
  return text;
}

/** A pair whose key keeps its bytes and whose value is new. */
export function withValue(pair: QueryPair, value: string): QueryPair {
  const at = pair.raw.indexOf("=");
  const key = at < 0 ? pair.raw : pair.raw.slice(0, at);
  return { raw: `${key}=${encodeComponent(value)}`, key: pair.key, value };
}

/** `:authority` to send. A tunnel always names its port, because it has no scheme to take a default from. */
export function encodeAuthority(protocol: Protocol, target: Pick<Target, "host" | "hostname" | "port">): string {
  return protocol === "tunnel" ? `${target.hostname}:${target.port}` : target.host;
}
