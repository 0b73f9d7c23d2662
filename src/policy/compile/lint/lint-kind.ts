import type { CatalogueEntry } from "../../../core/catalogue.ts";
import type { Match } from "../../program.ts";
import type { CompiledRule } from "../parts.ts";
import type { FolderContents } from "../read-files.ts";
import type { Spot } from "../spot.ts";
import type { Fate } from "./fate-of.ts";
import type { Permits } from "./permits.ts";
import type { Tools } from "./tools.ts";

/** One kind of doubt about policies that compile. */
export type LintKind = {
  /** A pure function: the order of what it finds means nothing. */
  readonly find: (context: LintContext) => readonly LintFinding[];
};

export type LintContext = {
  /** Rules and limits of all policies, guardrails among them, in the program's order. */
  readonly rules: readonly LintedRule[];
  readonly tools: Tools;
  readonly permits: Permits;
  readonly own: FolderContents;
  /** The files of the guardrails, which restrict and never open. */
  readonly guarding: FolderContents;
};

export type LintedRule = CompiledRule & {
  /** Its place in the program. */
  readonly number: number;
  readonly fate: Fate;
  /** The tools that its match names; null where it names none, or covers calls of tools that are not known. */
  readonly tools: readonly CatalogueEntry[] | null;
  /** Its match with what follows from its tools, for calls of which nothing is hidden. */
  readonly implied: Match;
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
