import { parseName } from "../../core/name.ts";
import type { ApprovalRequirement } from "../../core/ruling.ts";
import type { ApprovalSource } from "./schemas/policy-file.ts";
import type { Spot } from "./spot.ts";
import { checkSummary } from "./templates.ts";
import { parseDuration } from "./values/parse-duration.ts";

const EXPIRES_DEFAULT_MS = 15 * 60_000;
const USE_WITHIN_DEFAULT_MS = 10 * 60_000;
const LIFE_MAX_MS = 30 * 86_400_000;

export function lowerApproval(source: ApprovalSource, spot: Spot, args: ReadonlySet<string>): ApprovalRequirement | null {
  const from = source.from ?? [];
  if (from.length === 0)
    return spot.problem({ code: "missing_key", message: "the key `from` is missing: the groups whose people may approve" });
  const stranger = from.findIndex((group) => parseName(group) === null);
  if (stranger >= 0)
    return spot.in("from", stranger).problem({ code: "wrong_value", message: `\`${from[stranger]}\` is no name of a group` });
  const count = source.count ?? 1;
  if (!Number.isInteger(count) || count < 1)
    return spot.in("count").problem({ code: "wrong_value", message: "count is a whole number from 1" });
  if (count > 1) return spot.in("count").problem({ code: "not_built_yet", message: "a count above 1 is not built yet" });
  const expiresMs = life(source.expires, EXPIRES_DEFAULT_MS, spot.in("expires"));
  const useWithinMs = life(source.use_within, USE_WITHIN_DEFAULT_MS, spot.in("use_within"));
  if (expiresMs === null || useWithinMs === null) return null;
  if (source.summary !== undefined && !checkSummary(source.summary, spot.in("summary"), args)) return null;
  return {
    from: [...new Set(from)],
    people: [],
    count,
    exclude: [],
    note: false,
    bind: null,
    expiresMs,
    useWithinMs,
    summary: source.summary ?? null,
  };
}

function life(text: string | undefined, byDefault: number, spot: Spot): number | null {
  if (text === undefined) return byDefault;
  const ms = parseDuration(text);
  if (ms !== null && ms <= LIFE_MAX_MS) return ms;
  return spot.problem({ code: "wrong_value", message: `\`${text}\` is no duration up to 30d`, fix: "for example 30m" });
}
