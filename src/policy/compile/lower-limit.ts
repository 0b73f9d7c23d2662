import { parseName } from "../../core/name.ts";
import type { Limit, LimitDimension } from "../../core/ruling.ts";
import { compileMatch } from "./compile-match.ts";
import { readMode } from "./lower-rule.ts";
import { suggestName } from "./nearest-name.ts";
import type { CompiledRule, PolicyContext } from "./parts.ts";
import type { LimitSource } from "./schemas/policy-file.ts";
import type { Spot } from "./spot.ts";
import { isTimeZone } from "./values/is-time-zone.ts";
import { parseAmount } from "./values/parse-amount.ts";
import { parseRate } from "./values/parse-rate.ts";

/** One limit as a rule that charges every call it covers; null after its mistakes were noted. */
export function lowerLimit(source: LimitSource, spot: Spot, context: PolicyContext): CompiledRule | null {
  const judged = compileMatch(source, spot, context, true);
  const per = lowerDimensions(source.per, spot.in("per"));
  const bound = lowerBound(source, spot);
  const shadow = readMode(source.mode, context.shadow, spot);
  if (source.beyond === "approval_needed") {
    return spot.in("beyond").problem({ code: "not_built_yet", message: "`beyond: approval_needed` is not built yet" });
  }
  const timeZone = source.time_zone ?? context.timeZone;
  if (!isTimeZone(timeZone)) {
    return spot
      .in("time_zone")
      .problem({ code: "wrong_value", message: `\`${timeZone}\` is no time zone`, fix: "for example Europe/Berlin" });
  }
  if (judged === null || per === null || bound === null || shadow === null) return null;
  const id = `${context.policy}/${source.id}`;
  const { paths, findings, maybe } = judged.condition;
  const rule = {
    id,
    effect: "limit",
    shadow,
    guard: false,
    match: judged.match,
    sure: null,
    maybe,
    code: null,
    reason: null,
    hint: null,
    obligations: [],
    sets: [],
    approval: null,
    limit: { id, per, bound, timeZone },
    facts: paths,
  } as const;
  return { rule, paths, detectors: findings, policy: context.policy, spot, test: judged.condition.test };
}

const DIMENSIONS: readonly LimitDimension[] = ["tenant", "agent", "subject", "tool", "host", "session"];
const DIMENSIONS_LATER = ["group", "model"];

function lowerDimensions(per: readonly string[], spot: Spot): readonly LimitDimension[] | null {
  if (per.length === 0)
    return spot.problem({ code: "wrong_value", message: "a limit is counted per something", fix: "for example per: [agent]" });
  const lowered = per.map((text, at) => lowerDimension(text, spot.in(at)));
  const good = lowered.filter((dimension) => dimension !== null);
  return good.length < lowered.length ? null : [...new Set(good)];
}

function lowerDimension(text: string, spot: Spot): LimitDimension | null {
  const known = DIMENSIONS.find((dimension) => dimension === text);
  if (known !== undefined) return known;
  if (text.startsWith("labels.")) {
    const label = parseName(text.slice("labels.".length));
    if (label !== null) return `labels.${label}`;
  }
  if (DIMENSIONS_LATER.includes(text)) return spot.problem({ code: "not_built_yet", message: `\`per: ${text}\` is not built yet` });
  return spot.problem({
    code: "wrong_value",
    message: `nothing is counted per \`${text}\``,
    fix: suggestName(text, [...DIMENSIONS, "labels.NAME"]),
  });
}

function lowerBound(source: LimitSource, spot: Spot): Limit["bound"] | null {
  if ((source.rate === undefined) === (source.budget === undefined)) {
    return spot.problem({ code: "wrong_value", message: "a limit has exactly one of `rate`, `budget`" });
  }
  return source.rate === undefined ? lowerBudget(source, spot) : lowerRate(source, source.rate, spot);
}

function lowerRate(source: LimitSource, text: string, spot: Spot): Limit["bound"] | null {
  if (source.of !== undefined)
    return spot.in("of").problem({ code: "contradiction", message: "`of` stands only with `budget`", atKey: true });
  const rate = parseRate(text);
  if (rate === null)
    return spot.in("rate").problem({ code: "wrong_value", message: `\`${text}\` is no rate`, fix: "for example 50/s, 100/m or 5/h" });
  const burst = source.burst ?? rate.count;
  if (!Number.isInteger(burst) || burst < 1)
    return spot.in("burst").problem({ code: "wrong_value", message: "burst is a whole number from 1" });
  return { kind: "rate", ...rate, burst };
}

function lowerBudget(source: LimitSource, spot: Spot): Limit["bound"] | null {
  const text = source.budget ?? "";
  if (source.burst !== undefined)
    return spot.in("burst").problem({ code: "contradiction", message: "`burst` stands only with `rate`", atKey: true });
  if (source.of === undefined)
    return spot.problem({
      code: "missing_key",
      message: "the key `of` is missing: amount (money inside the call) or cost (of the call itself)",
    });
  const at = spot.in("budget");
  const [, sum = "", unit = "", period = ""] = /^(\S+) (\S+) per (\S+)$/.exec(text) ?? [];
  if (unit === "credits" || period === "week" || period === "month") {
    return at.problem({ code: "not_built_yet", message: `a budget of \`${text}\` is not built yet`, fix: "write money per day" });
  }
  const money = parseAmount(`${sum} ${unit}`);
  if (period !== "day" || money === null)
    return at.problem({ code: "wrong_value", message: `\`${text}\` is no budget`, fix: "for example 10000 usd per day" });
  return { kind: "budget", ...money, period, of: source.of };
}
