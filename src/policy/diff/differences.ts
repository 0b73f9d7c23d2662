/** Something that stands differently in two programs, in words. */
export type Change = {
  readonly part:
    | "effect"
    | "mode"
    | "match"
    | "condition"
    | "takes out"
    | "sets"
    | "approval"
    | "limit"
    | "limit raised"
    | "limit lowered"
    | "code"
    | "wording";
  readonly was: string;
  readonly is: string;
  /** Whether it alone could let something through that was not, or with less of a check. */
  readonly mayWiden: boolean;
};

export type RuleDifference =
  | { readonly kind: "added" | "removed"; readonly id: string; readonly says: readonly string[]; readonly mayWiden: boolean }
  | { readonly kind: "changed"; readonly id: string; readonly effect: string; readonly changes: readonly Change[] };

/** Of the catalogue, of groups, of hosts: what is not a rule and changes what rules mean. */
export type OtherDifference = {
  readonly kind: "added" | "removed" | "changed";
  readonly of: "tool" | "group" | "host";
  readonly name: string;
  readonly says: readonly string[];
  readonly mayWiden: boolean;
};

export type ProgramDifferences = {
  readonly rules: readonly RuleDifference[];
  readonly others: readonly OtherDifference[];
  /** Policies whose rules changed and whose version did not. */
  readonly versionsKept: readonly { readonly policy: string; readonly version: string }[];
};

export function mayWiden(difference: RuleDifference | OtherDifference): boolean {
  return "changes" in difference ? difference.changes.some((change) => change.mayWiden) : difference.mayWiden;
}
