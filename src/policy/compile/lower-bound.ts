import type { Limit } from "../../core/ruling.ts";
import type { LimitSource } from "./schemas/policy-file.ts";
import type { Spot } from "./spot.ts";
import { cureBudget } from "./values/cure-money.ts";
import { cureRate } from "./values/cure-time.ts";
import { parseBudget } from "./values/parse-budget.ts";
import { parseQuota } from "./values/parse-quota.ts";
import { parseRate } from "./values/parse-rate.ts";

type Bound = Limit["bound"];
type BoundKey = "rate" | "budget" | "quota" | "concurrency";

/** Every way to say how much a limit lets through. */
const BOUNDS = {
  rate: { companions: ["burst"], lower: lowerRate },
  budget: { companions: ["of", "beyond", "unknown_price"], lower: lowerBudget },
  quota: { companions: ["beyond"], lower: refuseQuota },
  concurrency: { companions: [], lower: refuseConcurrency },
} as const satisfies Record<
  BoundKey,
  { readonly companions: readonly Companion[]; readonly lower: (source: LimitSource, spot: Spot) => Bound | null }
>;

/** Keys that stand only with some bounds. */
const COMPANIONS = ["burst", "of", "beyond", "unknown_price"] as const;
type Companion = (typeof COMPANIONS)[number];

/** How much a limit lets through, or null after its mistakes were noted. */
export function lowerBound(source: LimitSource, spot: Spot): Bound | null {
  const keys = (["rate", "budget", "quota", "concurrency"] as const).filter((key) => source[key] !== undefined);
  const [key] = keys;
  if (key === undefined || keys.length > 1) {
    return spot.problem({ code: "wrong_value", message: "a limit has exactly one of `rate`, `budget`, `quota`, `concurrency`" });
  }
  const allowed: readonly Companion[] = BOUNDS[key].companions;
  const lonely = COMPANIONS.find((companion) => source[companion] !== undefined && !allowed.includes(companion));
  if (lonely !== undefined) {
    const hosts = Object.entries(BOUNDS).flatMap(([name, { companions }]) =>
      companions.some((one) => one === lonely) ? [`\`${name}\``] : [],
    );
    return spot.in(lonely).problem({ code: "contradiction", message: `\`${lonely}\` stands only with ${hosts.join(" or ")}`, atKey: true });
  }
  return BOUNDS[key].lower(source, spot);
}

function lowerRate({ rate: text = "", burst }: LimitSource, spot: Spot): Bound | null {
  const rate = parseRate(text);
  if (rate === null) return spot.in("rate").problem({ code: "wrong_value", message: `\`${text}\` is no rate`, fix: cureRate(text) });
  if (burst !== undefined && (!Number.isInteger(burst) || burst < 1 || burst > COUNT_MAX))
    return spot.in("burst").problem({ code: "wrong_value", message: `burst is a whole number from 1 to ${COUNT_MAX}` });
  return { kind: "rate", ...rate, burst: burst ?? rate.count };
}

const COUNT_MAX = 999_999_999;

function lowerBudget({ budget: text = "", of }: LimitSource, spot: Spot): Bound | null {
  const budget = parseBudget(text);
  const at = spot.in("budget");
  if (budget === null) return at.problem({ code: "wrong_value", message: `\`${text}\` is no budget`, fix: cureBudget(text) });
  if (budget.of.kind === "credits") {
    return at.problem({ code: "not_built_yet", message: "the ledger does not keep credits yet", fix: "write money per day" });
  }
  if (of === undefined) {
    const message = "the key `of` is missing: amount (money inside the call) or cost (of the call itself)";
    return spot.problem({ code: "missing_key", message });
  }
  if (budget.window !== "day") {
    const message = `the ledger does not keep budgets per ${budget.window} yet`;
    return at.problem({ code: "not_built_yet", message, fix: "write money per day" });
  }
  return { kind: "budget", ...budget.of.money, period: "day", of };
}

function refuseQuota({ quota: text = "" }: LimitSource, spot: Spot): null {
  const at = spot.in("quota");
  if (parseQuota(text) === null) {
    return at.problem({ code: "wrong_value", message: `\`${text}\` is no quota`, fix: "for example 100 per day" });
  }
  return at.problem({ code: "not_built_yet", message: "the ledger does not keep quotas yet", fix: "write a rate", atKey: true });
}

function refuseConcurrency({ concurrency = 0 }: LimitSource, spot: Spot): null {
  const at = spot.in("concurrency");
  if (!Number.isInteger(concurrency) || concurrency < 1 || concurrency > COUNT_MAX) {
    return at.problem({ code: "wrong_value", message: `concurrency is a whole number from 1 to ${COUNT_MAX}` });
  }
  const message = "the ledger does not keep calls at the same time yet";
  return at.problem({ code: "not_built_yet", message, fix: "write a rate", atKey: true });
}
