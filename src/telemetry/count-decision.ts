import type { Money } from "../core/money.ts";
import type { DecisionOutcome } from "../core/observer.ts";
import type { Metrics } from "./metrics.ts";
import { OTHER } from "./series.ts";

const NAMES_MAX = 200;
const MICROS = 1_000_000;

/** Counts one decision into every metric it touches. */
export function createDecisionCounter(metrics: Metrics): (outcome: DecisionOutcome) => void {
  const nameAgent = createBoundedNames();
  const nameModel = createBoundedNames();
  return function countDecision(outcome) {
    const { decision, mode } = outcome;
    const { facts } = decision;
    const tenant = facts.tenant ?? "";
    const goes = decision.kind === "allow" || decision.kind === "sanitize";
    const denyClass = decision.kind === "deny" ? decision.class : "";
    metrics.add("sluice_decisions_total", [tenant, decision.kind, denyClass, goes ? "" : decision.code, mode]);
    metrics.observe("sluice_decision_duration_seconds", [], outcome.us / MICROS);
    for (const hit of outcome.rules) {
      metrics.add("sluice_rule_hits_total", [tenant, policyOf(hit.rule), hit.rule, hit.effect, hit.mode]);
    }
    if (facts.shadow !== null) metrics.add("sluice_shadow_decisions_total", [tenant, decision.kind, facts.shadow.decision]);
    if (!goes) return;
    const model = outcome.intent?.model.kind === "known" ? nameModel(tenant, outcome.intent.model.name) : "";
    countSpend(metrics, outcome, { agent: nameAgent(tenant, facts.agent ?? ""), model });
  };
}

type Spender = { readonly agent: string; readonly model: string };

function countSpend(metrics: Metrics, { decision, intent }: DecisionOutcome, { agent, model }: Spender): void {
  if (intent === null) return;
  const tool = intent.tool.kind === "known" ? intent.tool.name : "";
  const spent: readonly (readonly [string, Money | null])[] = [
    ["amount", intent.amount],
    ["cost", intent.cost],
  ];
  for (const [kind, money] of spent) {
    if (money === null || money.currency !== "usd" || money.micros === 0) continue;
    metrics.add("sluice_spend_usd_total", [decision.facts.tenant ?? "", agent, tool, model, kind], money.micros / MICROS);
  }
}

/** The first names of each tenant as they are, the rest together: their number is not ours to bound. */
function createBoundedNames(): (tenant: string, name: string) => string {
  const tenants = new Map<string, Set<string>>();
  return function boundName(tenant, name) {
    const names = tenants.get(tenant) ?? new Set<string>();
    tenants.set(tenant, names);
    if (!names.has(name) && names.size >= NAMES_MAX) return OTHER;
    names.add(name);
    return name;
  };
}

function policyOf(rule: string): string {
  const slash = rule.indexOf("/");
  return slash < 0 ? rule : rule.slice(0, slash);
}
