import type { CatalogueEntry } from "../../../core/catalogue.ts";
import type { CompiledRule } from "../parts.ts";
import type { FolderContents } from "../read-files.ts";
import type { Spot } from "../spot.ts";
import type { Fate } from "./fate-of.ts";

/** One kind of doubt about policies that compile. */
export type LintKind = {
  /** A pure function: the order of what it finds means nothing. */
  readonly find: (context: LintContext) => readonly LintFinding[];
};

export type LintContext = {
  /** Rules and limits of all policies, guardrails among them, in the program's order. */
  readonly rules: readonly LintedRule[];
  readonly catalogue: readonly CatalogueEntry[];
  /** Of the folder, and of the guardrails. */
  readonly contents: readonly FolderContents[];
};

export type LintedRule = CompiledRule & {
  /** Its place in the program. */
  readonly number: number;
  readonly fate: Fate;
};

export type LintFinding = {
  readonly spot: Spot;
  readonly message: string;
  /** What to write instead. */
  readonly fix: string;
  /** A place inside the text at the spot. */
  readonly offset?: number;
  readonly atKey?: boolean;
};
