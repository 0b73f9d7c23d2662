export type ProblemKind =
  /** No receipt at all, or half of one. */
  | "unreadable"
  /** The line is not what its hash says. */
  | "changed"
  /** The line does not name the hash of the line before it: one of the two was replaced. */
  | "broken_link"
  | "removed"
  | "reordered"
  | "repeated"
  /** The stream ends before the place that a checkpoint signed. */
  | "truncated"
  /** The line is not the one that a checkpoint signed. */
  | "rewritten"
  | "bad_signature"
  | "unknown_key"
  /** The checkpoint that was kept elsewhere is not here. */
  | "anchor_missing";

export type Where = { readonly file: string; readonly line: number };

export type Problem = {
  readonly kind: ProblemKind;
  /** Null where what is wrong is that there is no line. */
  readonly file: string | null;
  readonly line: number | null;
  readonly stream: string | null;
  /** The receipt it is about, the first one of several; null where it cannot be told. */
  readonly seq: number | null;
  readonly message: string;
};

type WarningKind =
  /** The newest receipts are not covered by a checkpoint yet. */
  | "unsigned_tail"
  /** Receipts were lost because a sink failed, and the record says so. */
  | "gap"
  /** A start went on from receipts that no checkpoint covered. */
  | "continued"
  /** Whether newest receipts and their checkpoints were cut off together cannot be seen from the files alone. */
  | "no_anchor";

type Warning = { readonly kind: WarningKind; readonly stream: string | null; readonly seq: number | null; readonly message: string };

export type StreamSummary = {
  readonly stream: string;
  readonly receipts: number;
  readonly lastSeq: number;
  /** Up to where a checkpoint signed; 0 for nowhere. */
  readonly signedSeq: number;
};

export type VerifyReport = {
  /** No problem was found; there may be warnings. */
  readonly ok: boolean;
  readonly streams: readonly StreamSummary[];
  /** The newest checkpoint with a good signature: what to keep elsewhere and give as `anchor` later. */
  readonly checkpoint: { readonly stream: string; readonly seq: number; readonly hash: string; readonly at: string } | null;
  readonly problems: readonly Problem[];
  /** Problems beyond those that are listed. */
  readonly problemsMore: number;
  readonly warnings: readonly Warning[];
};

export type Findings = {
  readonly problem: (problem: Problem) => void;
  readonly warn: (warning: Warning) => void;
  readonly problems: readonly Problem[];
  readonly more: () => number;
  readonly warnings: readonly Warning[];
};

const LISTED_MAX = 1_000;

export function createFindings(): Findings {
  const problems: Problem[] = [];
  const warnings: Warning[] = [];
  let more = 0;
  return {
    problem: function noteProblem(problem) {
      if (problems.length < LISTED_MAX) problems.push(problem);
      else more++;
    },
    warn: function noteWarning(warning) {
      if (warnings.length < LISTED_MAX) warnings.push(warning);
    },
    problems,
    more: () => more,
    warnings,
  };
}
