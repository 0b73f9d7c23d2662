import type { Place } from "../../core/finding.ts";
import type { Limit } from "../../core/ruling.ts";
import type { CaseFinding, CaseUsage } from "./cases.ts";
import { FINDING_KINDS } from "./condition/input-names.ts";
import { suggestName } from "./nearest-name.ts";
import type { CaseSource } from "./schemas/cases-file.ts";
import type { Spot } from "./spot.ts";

const MICROS = 1_000_000;

/** How far limits are used up, each by the one number that is given. Null after problems were noted. */
export function lowerUsages(
  source: NonNullable<CaseSource["usage"]>,
  spot: Spot,
  limits: ReadonlyMap<string, Limit>,
): Readonly<Record<string, CaseUsage>> | null {
  const lowered = Object.entries(source).map(([id, usage]) => {
    const limit = limits.get(id);
    if (limit !== undefined) return { id, usage: lowerUsage(usage, spot.in(id), limit) };
    const fix = suggestName(id, [...limits.keys()]);
    spot.in(id).problem({ code: "wrong_value", message: `there is no limit \`${id}\``, fix, atKey: true });
    return { id, usage: null };
  });
  const good = lowered.flatMap(({ id, usage }) => (usage === null ? [] : [[id, usage] as const]));
  return good.length < lowered.length ? null : Object.fromEntries(good);
}

const PARTS = ["used", "remaining", "share"] as const;

function lowerUsage(source: NonNullable<CaseSource["usage"]>[string], spot: Spot, { bound }: Limit): CaseUsage | null {
  const given = PARTS.filter((part) => source[part] !== undefined);
  const [part] = given;
  if (part === undefined || given.length > 1) {
    return spot.problem({ code: "wrong_value", message: "exactly one of `used`, `remaining`, `share` is given: the others follow" });
  }
  const whole = bound.kind === "rate" ? bound.burst : bound.micros / MICROS;
  const value = source[part] ?? 0;
  const max = part === "share" ? 1 : whole;
  if (value < 0 || value > max) return spot.in(part).problem({ code: "wrong_value", message: `\`${part}\` is from 0 to ${max} here` });
  return { part, value };
}

export function lowerFindings(source: NonNullable<CaseSource["findings"]>, spot: Spot): readonly CaseFinding[] | null {
  const lowered = source.map(({ kind, where, confidence = 1 }, at): CaseFinding | null => {
    const here = spot.in(at);
    const place = parsePlace(where);
    if (!FINDING_KINDS.includes(kind)) {
      const fix = suggestName(kind, FINDING_KINDS);
      return here.in("kind").problem({ code: "wrong_value", message: `nothing detects \`${kind}\``, fix });
    }
    if (place === null) {
      const fix = "header:NAME, query:KEY, form:KEY, json:/pointer, path or text";
      return here.in("where").problem({ code: "wrong_value", message: `\`${where}\` is no place of a call`, fix });
    }
    if (confidence >= 0 && confidence <= 1) return { kind, place, confidence };
    return here.in("confidence").problem({ code: "wrong_value", message: "confidence is from 0 to 1" });
  });
  const good = lowered.filter((finding) => finding !== null);
  return good.length < lowered.length ? null : good;
}

/** What `describePlace` says, read back. */
function parsePlace(text: string): Place | null {
  if (text === "path" || text === "text") return { kind: text };
  const [, kind = "", rest = ""] = /^(header|query|form|json):(.*)$/s.exec(text) ?? [];
  switch (kind) {
    case "header":
      return rest === "" ? null : { kind, name: rest.toLowerCase() };
    case "query":
    case "form":
      return rest === "" ? null : { kind, key: rest };
    case "json":
      return rest === "" || rest.startsWith("/") ? { kind, pointer: rest } : null;
    default:
      return null;
  }
}
