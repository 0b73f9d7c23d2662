import type { QueryPair } from "../core/intent.ts";
import { decodeComponentLossy } from "./percent.ts";

/** The pairs of a raw query, in order, each with the bytes it was sent as; joining them by `&` gives the query back. */
export function parseQuery(raw: string): readonly QueryPair[] {
  return raw.split("&").map(parsePair);
}

function parsePair(raw: string): QueryPair {
  const at = raw.indexOf("=");
  const key = at < 0 ? raw : raw.slice(0, at);
  return { raw, key: decodeComponentLossy(key), value: at < 0 ? "" : decodeComponentLossy(raw.slice(at + 1)) };
}
