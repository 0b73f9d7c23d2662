import { type BrokenFile, limit } from "./broken-file.ts";

export const BROKEN_LIMITS: readonly BrokenFile[] = [
  // Limits
  {
    name: "a rate per day",
    text: limit("{ id: l, per: [agent], rate: §50/d }"),
    message: "`50/d` is no rate",
    fix: "for example 50/s, 100/m or 5/h",
  },
  {
    name: "a limit of nothing",
    text: limit("§{ id: l, per: [agent] }"),
    message: "a limit has exactly one of `rate`, `budget`, `quota`, `concurrency`",
  },
  {
    name: "a budget of nobody knows what",
    text: limit("§{ id: l, per: [agent], budget: 5 usd per day }"),
    message: "the key `of` is missing: amount (money inside the call) or cost (of the call itself)",
  },
  {
    name: "a budget per week",
    text: limit("{ id: l, per: [agent], of: cost, budget: §5 usd per week }"),
    message: "the ledger does not keep budgets per week yet",
    fix: "write money per day",
  },
  {
    name: "a budget that is none",
    text: limit("{ id: l, per: [agent], of: cost, budget: §-5 usd per day }"),
    message: "`-5 usd per day` is no budget",
    fix: "for example 10000 usd per day",
  },
  {
    name: "a budget per month",
    text: limit("{ id: l, per: [agent], of: cost, budget: §5 usd per month }"),
    message: "the ledger does not keep budgets per month yet",
    fix: "write money per day",
  },
  {
    name: "a budget of credits",
    text: limit("{ id: l, per: [agent], budget: §100 credits per day }"),
    message: "the ledger does not keep credits yet",
    fix: "write money per day",
  },
  {
    name: "a quota",
    text: limit("{ id: l, per: [agent], §quota: 5 per day }"),
    message: "the ledger does not keep quotas yet",
    fix: "write a rate",
  },
  {
    name: "a quota that is none",
    text: limit("{ id: l, per: [agent], quota: §5 per year }"),
    message: "`5 per year` is no quota",
    fix: "for example 100 per day",
  },
  {
    name: "a concurrency",
    text: limit("{ id: l, per: [agent], §concurrency: 5 }"),
    message: "the ledger does not keep calls at the same time yet",
    fix: "write a rate",
  },
  {
    name: "a concurrency of none",
    text: limit("{ id: l, per: [agent], concurrency: §0 }"),
    message: "concurrency is a whole number from 1 to 999999999",
  },
  {
    name: "two bounds",
    text: limit("§{ id: l, per: [agent], rate: 5/s, quota: 5 per day }"),
    message: "a limit has exactly one of `rate`, `budget`, `quota`, `concurrency`",
  },
  { name: "a rate of money", text: limit("{ id: l, per: [agent], rate: 5/s, §of: cost }"), message: "`of` stands only with `budget`" },
  {
    name: "a burst of money",
    text: limit("{ id: l, per: [agent], of: cost, budget: 5 usd per day, §burst: 5 }"),
    message: "`burst` stands only with `rate`",
  },
  {
    name: "a rate beyond which is asked",
    text: limit("{ id: l, per: [agent], rate: 5/s, §beyond: deny }"),
    message: "`beyond` stands only with `budget` or `quota`",
  },
  {
    name: "a budget in no currency",
    text: limit("{ id: l, per: [agent], of: cost, budget: §5 dollars per day }"),
    message: "`5 dollars per day` is no budget",
    fix: "write 5 usd per day",
  },
  {
    name: "a budget finer than a micro",
    text: limit("{ id: l, per: [agent], of: cost, budget: §0.0000001 usd per day }"),
    message: "`0.0000001 usd per day` is no budget",
    fix: "for example 10000 usd per day",
  },
  {
    name: "a budget past all money",
    text: limit("{ id: l, per: [agent], of: cost, budget: §9999999999999 usd per day }"),
    message: "`9999999999999 usd per day` is no budget",
    fix: "for example 10000 usd per day",
  },
  {
    name: "a budget with a thousands sign",
    text: limit('{ id: l, per: [agent], of: cost, budget: §"10,000 usd per day" }'),
    message: "`10,000 usd per day` is no budget",
    fix: "write 10000 usd per day",
  },
  {
    name: "an approval without beyond",
    text: limit("{ id: l, per: [agent], rate: 5/s, approval: §{ from: [t] } }"),
    message: "`approval` stands only with `beyond: approval_needed`",
  },
  {
    name: "an approval by nobody beyond a limit",
    text: limit("{ id: l, per: [agent], of: cost, budget: 5 usd per day, beyond: approval_needed, approval: §{ count: 1 } }"),
    message: "the key `from` is missing: the groups whose people may approve",
  },
  {
    name: "thresholds",
    text: limit("{ id: l, per: [agent], rate: 5/s, §thresholds: [0.8] }"),
    message: "the ledger does not keep thresholds yet",
  },
  {
    name: "thresholds above the whole",
    text: limit("{ id: l, per: [agent], rate: 5/s, thresholds: §[80] }"),
    message: "thresholds are shares above 0 and up to 1",
    fix: "for example [0.8, 1]",
  },
  {
    name: "a choice for failures of the store",
    text: limit("{ id: l, per: [agent], rate: 5/s, §on_store_failure: deny }"),
    message: "the ledger does not keep a choice for failures of its store yet",
  },
  {
    name: "a price for calls without one",
    text: limit("{ id: l, per: [agent], of: cost, budget: 5 usd per day, §unknown_price: 0.30 usd }"),
    message: "the ledger does not keep prices of calls that have none yet",
  },
  {
    name: "a price that is none",
    text: limit("{ id: l, per: [agent], of: cost, budget: 5 usd per day, unknown_price: §free }"),
    message: "`free` is no price",
    fix: "deny, or for example 0.30 usd",
  },
  {
    name: "a time zone of a limit that is none",
    text: limit("{ id: l, per: [agent], of: cost, budget: 5 usd per day, time_zone: §CET+1 }"),
    message: "`CET+1` is no time zone",
    fix: "for example Europe/Berlin",
  },
  {
    name: "a label without a name",
    text: limit("{ id: l, per: [§labels.], rate: 5/s }"),
    message: "nothing is counted per `labels.`",
    fix: "allowed: tenant, agent, subject, group, tool, model, host, session, labels.NAME",
  },
  {
    name: "beyond",
    text: limit("{ id: l, per: [agent], of: cost, budget: 5 usd per day, §beyond: approval_needed }"),
    message: "the ledger does not keep approvals beyond a limit yet",
  },
  {
    name: "a dimension that is none",
    text: limit("{ id: l, per: [§agnt], rate: 5/s }"),
    message: "nothing is counted per `agnt`",
    fix: "did you mean agent? allowed: tenant, agent, subject, group, tool, model, host, session, labels.NAME",
  },
  {
    name: "no dimension",
    text: limit("{ id: l, per: §[], rate: 5/s }"),
    message: "a limit is counted per something",
    fix: "for example per: [agent]",
  },
  {
    name: "a burst of half",
    text: limit("{ id: l, per: [agent], rate: 5/s, burst: §0.5 }"),
    message: "burst is a whole number from 1 to 999999999",
  },

  // Short forms
  {
    name: "half a request per second",
    text: "policy: p\nmax_requests_per_second: §0.5\n",
    message: "`0.5` is not a whole number of requests from 1 to 999999999",
    fix: "write a limit with a rate per m or h",
  },
  {
    name: "a daily budget of nothing known",
    text: "policy: p\nmax_daily_budget: §25\n",
    message: "expected a text, found the number `25`",
    fix: "write 25 usd",
  },
  {
    name: "a daily budget that is none",
    text: "policy: p\nmax_daily_budget: §25 dollars\n",
    message: "`25 dollars` is no budget",
    fix: "write 25 usd",
  },
  {
    name: "an allowed domain with a star",
    text: "policy: p\nallowed_domains: [a.example, §'*.example.com']\n",
    message: "`*.example.com` is no host",
    fix: "write .example.com for all names under it",
  },
  {
    name: "no allowed domains",
    text: "policy: p\nallowed_domains: §[]\n",
    message: "an empty list fits no call",
    fix: "leave the key out to fit every call",
  },
  {
    name: "an id that a short form takes",
    text: "policy: p\nallowed_domains: [a.example]\nrules:\n  - { id: §allowed_domains, then: deny }\n",
    message: "the id `allowed_domains` stands twice in this policy",
    fix: "rules and limits share one set of ids",
  },
];
