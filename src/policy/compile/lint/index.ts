import type { CatalogueEntry } from "../../../core/catalogue.ts";
import type { CompiledRule } from "../parts.ts";
import type { FolderContents } from "../read-files.ts";
import { fateOf } from "./fate-of.ts";
import { currencyMismatch } from "./kinds/currency-mismatch.ts";
import { emptyGroup, tooFewApprovers } from "./kinds/empty-group.ts";
import { hostLiteral } from "./kinds/host-literal.ts";
import { hostTooWide } from "./kinds/host-too-wide.ts";
import { mayBeAbsent } from "./kinds/may-be-absent.ts";
import { negationInAllow } from "./kinds/negation-in-allow.ts";
import { neverApplies, neverTrue } from "./kinds/never-applies.ts";
import { noCurrency } from "./kinds/no-currency.ts";
import { priceUnknown } from "./kinds/price-unknown.ts";
import { swallowed } from "./kinds/swallowed.ts";
import { unknownAmount } from "./kinds/unknown-amount.ts";
import { unknownArgument } from "./kinds/unknown-argument.ts";
import { unknownGroup } from "./kinds/unknown-group.ts";
import { unreachableLimit } from "./kinds/unreachable-limit.ts";
import { widerThanSchema } from "./kinds/wider-than-schema.ts";
import type { LintContext, LintedRule, LintKind } from "./lint-kind.ts";
import { impliedMatch } from "./match/implied-match.ts";
import { createPermits } from "./permits.ts";
import { createTools, toolsOf } from "./tools.ts";

/** The kinds of doubt, by the code of their findings. */
export const LINT_KINDS = {
  never_applies: neverApplies,
  never_true: neverTrue,
  swallowed,
  unreachable_limit: unreachableLimit,
  price_unknown: priceUnknown,
  currency_mismatch: currencyMismatch,
  may_be_absent: mayBeAbsent,
  unknown_amount: unknownAmount,
  unknown_argument: unknownArgument,
  wider_than_schema: widerThanSchema,
  negation_in_allow: negationInAllow,
  no_currency: noCurrency,
  host_literal: hostLiteral,
  host_too_wide: hostTooWide,
  unknown_group: unknownGroup,
  empty_group: emptyGroup,
  too_few_approvers: tooFewApprovers,
} as const satisfies Readonly<Record<string, LintKind>>;

export type LintCode = keyof typeof LINT_KINDS;

export type Linted = {
  readonly rules: readonly CompiledRule[];
  readonly catalogue: readonly CatalogueEntry[];
  readonly own: FolderContents;
  readonly guarding: FolderContents;
};

/** Notes what is doubtful about policies that compiled, each finding as a warning at its place. */
export function lint({ rules, catalogue, own, guarding }: Linted): void {
  const tools = createTools(catalogue);
  const linted = rules.map((rule, number): LintedRule => {
    const { match } = rule.rule;
    const named = toolsOf(match, tools);
    return { ...rule, number, fate: fateOf(rule, tools), tools: named, implied: impliedMatch(match, named) };
  });
  const context: LintContext = { rules: linted, tools, permits: createPermits(linted, tools), own, guarding };
  for (const [code, { find }] of entriesOf(LINT_KINDS)) {
    for (const { spot, ...complaint } of find(context)) spot.warning({ code, ...complaint });
  }
}

function entriesOf(kinds: Readonly<Record<LintCode, LintKind>>): readonly (readonly [LintCode, LintKind])[] {
  // The keys of the literal table are its codes.
  return Object.entries(kinds) as [LintCode, LintKind][];
}
