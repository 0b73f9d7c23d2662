import type { Obligation, RedactOn, RedactWith } from "../../core/ruling.ts";
import { FINDING_KINDS } from "./condition/input-names.ts";
import { suggestName } from "./nearest-name.ts";
import type { RedactionSource } from "./schemas/policy-file.ts";
import type { Spot } from "./spot.ts";

/** Headers that no rule may touch: they carry the connection, the proxy or us. */
const HEADERS_KEPT = new Set([
  "host",
  "content-length",
  "connection",
  "keep-alive",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);
const HEADER_FAMILIES_KEPT = [":", "x-envoy-", "x-sluice-"];

export function lowerRedactions(sources: readonly RedactionSource[], spot: Spot): readonly Obligation[] | null {
  const lowered = sources.map((source, at) => lowerRedaction(source, spot.in(at)));
  const good = lowered.filter((obligation) => obligation !== null);
  return good.length < lowered.length ? null : good;
}

function lowerRedaction(source: RedactionSource, spot: Spot): Obligation | null {
  if (source.on === "response" || source.on === "both") {
    return spot.in("on").problem({ code: "not_built_yet", message: `\`on: ${source.on}\` is not built yet` });
  }
  const { find, header, query } = source;
  const named = [find, header, query].filter((name) => name !== undefined);
  if (named.length !== 1) return spot.problem({ code: "wrong_value", message: "an entry names exactly one of `find`, `header`, `query`" });
  const how = source.with ?? "remove";
  if (find !== undefined) {
    if (FINDING_KINDS.includes(find)) return { kind: "redact_finding", finding: find, with: how, on: source.on ?? "default" };
    return spot.in("find").problem({ code: "wrong_value", message: `nothing detects \`${find}\``, fix: suggestName(find, FINDING_KINDS) });
  }
  if (header !== undefined) return lowerHeader(header.toLowerCase(), { with: how, on: source.on ?? "default" }, spot.in("header"));
  if (query === "" || query === undefined) return spot.in("query").problem({ code: "wrong_value", message: "a query key is not empty" });
  return { kind: "redact_query", key: query, with: how };
}

function lowerHeader(name: string, how: { readonly with: RedactWith; readonly on: RedactOn }, spot: Spot): Obligation | null {
  if (!/^:?[a-z0-9!#$%&'*+.^_`|~-]{1,128}$/.test(name))
    return spot.problem({ code: "wrong_value", message: `\`${name}\` is no name of a header` });
  if (HEADERS_KEPT.has(name) || HEADER_FAMILIES_KEPT.some((family) => name.startsWith(family))) {
    return spot.problem({ code: "wrong_value", message: `the header \`${name}\` cannot be taken out by a rule` });
  }
  return { kind: "redact_header", name, ...how };
}
