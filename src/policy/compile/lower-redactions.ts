import type { Obligation, RedactOn, RedactWith } from "../../core/ruling.ts";
import { FINDING_KINDS } from "./condition/input-names.ts";
import { lowerHeaderName } from "./header-names.ts";
import { parseJsonPath } from "./json-path.ts";
import { suggestName } from "./nearest-name.ts";
import type { RedactionSource } from "./schemas/policy-file.ts";
import type { Spot } from "./spot.ts";

export function lowerRedactions(sources: readonly RedactionSource[], spot: Spot): readonly Obligation[] | null {
  const lowered = sources.map((source, at) => lowerRedaction(source, spot.in(at)));
  const good = lowered.filter((obligation) => obligation !== null);
  return good.length < lowered.length ? null : good;
}

const PLACES = ["find", "header", "query", "form", "json"] as const;

function lowerRedaction(source: RedactionSource, spot: Spot): Obligation | null {
  const [place, second] = PLACES.filter((key) => source[key] !== undefined);
  if (place === undefined || second !== undefined) {
    return spot.problem({ code: "wrong_value", message: `an entry names exactly one of ${PLACES.map((key) => `\`${key}\``).join(", ")}` });
  }
  const how = { with: source.with ?? "remove", on: source.on ?? "default" } as const;
  const obligation = OBLIGATIONS[place](source[place] ?? "", how, spot);
  if (obligation !== null && (how.on === "response" || how.on === "both")) {
    const message = `responses are not edited yet: a call that this applies to is denied`;
    spot.in("on").warning({ code: "not_built_yet", message, fix: "leave `on` out to redact what can be" });
  }
  return obligation;
}

type How = { readonly with: RedactWith; readonly on: RedactOn };

const OBLIGATIONS: { readonly [place in (typeof PLACES)[number]]: (text: string, how: How, spot: Spot) => Obligation | null } = {
  find: (finding, how, spot) => {
    if (FINDING_KINDS.includes(finding)) return { kind: "redact_finding", finding, ...how };
    const fix = suggestName(finding, FINDING_KINDS);
    return spot.in("find").problem({ code: "wrong_value", message: `nothing detects \`${finding}\``, fix });
  },
  header: (text, how, spot) => {
    const name = lowerHeaderName(text, spot.in("header"), "taken out");
    return name === null ? null : { kind: "redact_header", name, ...how };
  },
  query: (key, how, spot) => (isOfRequest("query", key, how, spot) ? { kind: "redact_query", key, with: how.with } : null),
  form: (key, how, spot) => (isOfRequest("form", key, how, spot) ? { kind: "redact_form", key, with: how.with } : null),
  json: (text, how, spot) => {
    const path = parseJsonPath(text, spot.in("json"));
    return path === null ? null : { kind: "redact_json", path, ...how };
  },
};

function isOfRequest(place: "query" | "form", key: string, { on }: How, spot: Spot): boolean {
  if (key === "") spot.in(place).problem({ code: "wrong_value", message: `a ${place} key is not empty` });
  else if (on === "default" || on === "request") return true;
  else spot.in("on").problem({ code: "contradiction", message: `only requests have a ${place}`, fix: "leave `on` out" });
  return false;
}
