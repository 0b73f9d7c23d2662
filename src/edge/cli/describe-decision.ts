import type { Decision } from "../../core/decision.ts";
import type { Money } from "../../core/money.ts";
import type { DecisionDetails } from "../../operate/facts-of-decision.ts";
import { describeValue } from "../../policy/wording/describe-value.ts";
import { escapeText } from "../http/escape-text.ts";

/** A decision and what is known of its call, a line each, every character of it visible. */
export function describeDecision(decision: Decision, details: DecisionDetails): readonly string[] {
  return [...verdictLines(decision), ...rowsOf(details).map(([name, value]) => `  ${name.padEnd(9)} ${value}`)].map(escapeText);
}

function verdictLines(decision: Decision): readonly string[] {
  const said = (...parts: readonly (string | null)[]) => parts.filter((part) => part !== null).join("  ");
  if (decision.kind === "allow" || decision.kind === "sanitize") return [said(decision.kind, decision.rule)];
  const kind = decision.kind === "deny" ? `deny ${decision.class}` : decision.kind;
  return [said(kind, decision.code, decision.rule), `  ${decision.message}`, `  ${decision.hint}`];
}

type Row = readonly [name: string, value: string];

function rowsOf(details: DecisionDetails): readonly Row[] {
  const { tool, model, amount, cost, limits, approvals, redactions, set, removed, rewritten, shadow } = details;
  const row = (name: string, value: string | null): readonly Row[] => (value === null || value === "" ? [] : [[name, value]]);
  return [
    ...row("tool", tool === "none" ? null : tool),
    ...row("model", model === "none" ? null : model),
    ...row("amount", moneyText(amount)),
    ...row("cost", moneyText(cost)),
    ...approvals.flatMap((approval) => [...row("approvers", approversText(approval)), ...row("summary", approval.summary)]),
    ...limits.map(({ id, remaining }): Row => ["limit", `${id}: ${describeValue(remaining)} left`]),
    ...row("taken out", redactions.join(", ")),
    ...Object.entries(set).map(([name, value]): Row => ["set", `${name}: ${value}`]),
    ...row("removed", removed.join(", ")),
    ...row("path", rewritten ? "rewritten to its canonical form" : null),
    ...row(
      "shadow",
      shadow === null
        ? null
        : `would be ${[shadow.decision, shadow.class, shadow.code].filter((one) => one !== null).join(" ")}${shadow.rule === null ? "" : ` by ${shadow.rule}`}`,
    ),
  ];
}

function moneyText(money: Money | null): string | null {
  return money === null ? null : describeValue(money);
}

function approversText({ rule, from, people, count, exclude }: DecisionDetails["approvals"][number]): string {
  return [
    `${count} of ${[...from, ...people].join(", ")}`,
    ...(exclude.length === 0 ? [] : [`never ${exclude.join(", ")}`]),
    `by ${rule}`,
  ].join("; ");
}
