import { parseName } from "../../core/name.ts";
import type { LimitDimension } from "../../core/ruling.ts";
import type { ProgramRule } from "../program.ts";
import { compileMatch, type Judged } from "./compile-match.ts";
import { checkGuardedCount } from "./guardrails.ts";
import { lowerApproval } from "./lower-approval.ts";
import { lowerBound } from "./lower-bound.ts";
import { readMode } from "./lower-rule.ts";
import { argumentsOf, haveAmount } from "./match/arguments-of.ts";
import { suggestName } from "./nearest-name.ts";
import type { CompiledRule, PolicyContext } from "./parts.ts";
import type { LimitSource } from "./schemas/policy-file.ts";
import type { Spot } from "./spot.ts";
import { cureAmount } from "./values/cure-money.ts";
import { isTimeZone } from "./values/is-time-zone.ts";
import { parseAmount } from "./values/parse-amount.ts";

/** One limit as a rule that charges every call it covers; null after its mistakes were noted. */
export function lowerLimit(source: LimitSource, spot: Spot, context: PolicyContext): CompiledRule | null {
  const judged = compileMatch(source, spot, context, true);
  const per = lowerDimensions(source.per, spot.in("per"));
  const bound = lowerBound(source, spot);
  const shadow = readMode(source.mode, context.shadow, spot);
  const timeZone = source.time_zone ?? context.timeZone;
  if (!isTimeZone(timeZone)) {
    const fix = "for example Europe/Berlin";
    return spot.in("time_zone").problem({ code: "wrong_value", message: `\`${timeZone}\` is no time zone`, fix });
  }
  if (judged === null || !checkExtras(source, judged, { spot, context })) return null;
  if (per === null || bound === null || shadow === null) return null;
  if (!checkGuardedCount({ match: judged.match, per, of: source.of }, spot, context)) return null;
  const id = `${context.policy}/${source.id}`;
  const { paths, findings, test, maybe } = judged.condition;
  const rule: ProgramRule = {
    id,
    effect: "limit",
    shadow,
    guard: context.guard,
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
  };
  return { rule, paths, detectors: findings, policy: context.policy, spot, test };
}

const DIMENSIONS: readonly LimitDimension[] = ["tenant", "agent", "subject", "group", "tool", "model", "host", "session"];

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
  return spot.problem({
    code: "wrong_value",
    message: `nothing is counted per \`${text}\``,
    fix: suggestName(text, [...DIMENSIONS, "labels.NAME"]),
  });
}

type Around = { readonly spot: Spot; readonly context: PolicyContext };

/** What a limit may say beside its bound: checked for its form, and then refused where the ledger lacks it. */
function checkExtras(source: LimitSource, { match }: Judged, { spot, context }: Around): boolean {
  const { beyond, approval, thresholds, unknown_price: price } = source;
  const wrong = (key: keyof LimitSource, message: string, fix: string | null = null) => {
    spot.in(key).problem({ code: "wrong_value", message, fix });
    return false;
  };
  const later = (key: keyof LimitSource, what: string) => {
    spot.in(key).problem({ code: "not_built_yet", message: `the ledger does not keep ${what} yet`, atKey: true });
    return false;
  };
  if (approval !== undefined) {
    const scope = { args: argumentsOf(match, context.catalogue), amount: haveAmount(match, context.catalogue), groups: context.groups };
    if (lowerApproval(approval, spot.in("approval"), scope) === null) return false;
    if (beyond !== "approval_needed") return wrong("approval", "`approval` stands only with `beyond: approval_needed`");
  }
  if (beyond === "approval_needed") return later("beyond", "approvals beyond a limit");
  if (thresholds !== undefined) {
    const fits = thresholds.length > 0 && thresholds.every((share) => share > 0 && share <= 1);
    return fits
      ? later("thresholds", "thresholds")
      : wrong("thresholds", "thresholds are shares above 0 and up to 1", "for example [0.8, 1]");
  }
  if (source.on_store_failure !== undefined) return later("on_store_failure", "a choice for failures of its store");
  if (price === undefined) return true;
  const isPrice = price === "deny" || parseAmount(price) !== null;
  return isPrice
    ? later("unknown_price", "prices of calls that have none")
    : wrong("unknown_price", `\`${price}\` is no price`, `deny, or ${cureAmount(price).replace(/^write /, "")}`);
}
