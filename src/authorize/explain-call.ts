import type { Decision } from "../core/decision.ts";
import type { AtomExplanation, DimensionExplanation, RuleExplanation } from "../core/explanation.ts";
import { otherPathOf } from "../policy/wasm/parse-atom.ts";
import type { ExplanationDraft } from "./explanations.ts";
import { need, type Progress } from "./progress.ts";
import { shownPath, verdictOf } from "./receipt-of.ts";
import type { Running } from "./running.ts";
import { type Showing, showValue } from "./show-value.ts";
import type { World } from "./world.ts";

/** Any value counts. It goes no further than to us, like every header that begins so. */
const ASKING_HEADER = "x-sluice-explain";

/**
 * Keeps why the call was decided so, where a proxy that is trusted for it asks. That is done when the answer is out:
 * however long it takes and whatever fails, the decision stands and waits for nothing.
 */
export function explainAfterwards(decision: Decision, running: Running, world: World): void {
  const { call, caller } = running.progress;
  const { proxy } = call;
  if (!call.headers.has(ASKING_HEADER) || proxy.kind !== "authenticated" || !proxy.trusts.has("explain")) return;
  // Who is nobody known belongs to no tenant whose operators could read it.
  if (caller === null) return;
  setImmediate(() => {
    try {
      world.explanations.keep(draftOf(decision, running, world));
    } catch (error) {
      world.observer.faulted("explain", "not_explained", error instanceof Error ? error.name : "unknown");
    }
  });
}

function draftOf(decision: Decision, { id, progress }: Running, { pseudonyms }: World): ExplanationDraft {
  const { tenant, agent } = need(progress.caller, "the caller");
  const { policy, policyInput, nowMs, recorded } = progress;
  const rules = policy === null || policyInput === null ? [] : policy.explain(policyInput);
  return {
    decisionId: id,
    tenant,
    agent,
    atMs: nowMs,
    mode: progress.tenant?.mode ?? "enforce",
    ...verdictOf(decision),
    rules: rules.map((rule) => showRule(rule, progress, { recorded, pseudonyms })),
  };
}

/** The rule with every value as receipts show it. */
function showRule(rule: RuleExplanation, progress: Progress, showing: Showing): RuleExplanation {
  const dimensions = rule.match.dimensions.map((one) => showDimension(one, progress));
  const conditions = rule.conditions.map((condition) => ({
    ...condition,
    clauses: condition.clauses.map((clause) => clause.map((atom) => showAtom(atom, showing))),
  }));
  return { ...rule, match: { ...rule.match, dimensions }, conditions };
}

/** What rules match by are names that the receipt shows, or the caller's roles and groups. */
function showDimension(one: DimensionExplanation, { intent, findings }: Progress): DimensionExplanation {
  if (one.dimension !== "path" || !Array.isArray(one.saw)) return one;
  return { ...one, saw: shownPath(need(intent, "the intent").target.path, findings) };
}

function showAtom(atom: AtomExplanation, showing: Showing): AtomExplanation {
  const { operator, path, operand, saw, against } = atom;
  const other = otherPathOf([operator, path, operand]) ?? [];
  return {
    ...atom,
    ...(saw === undefined ? {} : { saw: showValue(path, saw, showing) }),
    ...(against === undefined ? {} : { against: showValue(other, against, showing) }),
  };
}
