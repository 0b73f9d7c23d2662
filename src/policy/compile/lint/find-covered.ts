import type { CatalogueEntry } from "../../../core/catalogue.ts";
import type { Clause, Match } from "../../program.ts";
import { covers, makeNames } from "../match/names.ts";
import { UNKNOWN } from "../match/read-dimensions.ts";
import { TWIN_PREFIX } from "../operators.ts";
import type { LintContext, LintedRule } from "./lint-kind.ts";
import { impliedMatch } from "./match/implied-match.ts";
import { matchAtoms } from "./match/match-atoms.ts";
import { matchesMeet } from "./match/matches-meet.ts";
import { conflictIn } from "./solver/conflict-in.ts";
import { factsOfInput } from "./solver/facts-at.ts";

/** Calls of one tool, or of none (`entry` is null). */
type Calls = { readonly entry: CatalogueEntry | null; readonly match: Match; readonly says: string };

export type Asked = {
  /** The tools that are looked for. */
  readonly isMeant: (entry: CatalogueEntry) => boolean;
  /** Whether calls that are no tool of the catalogue are looked for too. */
  readonly others: boolean;
  /** The clauses of the rule that matter. */
  readonly clause: (clause: Clause) => boolean;
};

const NAMED_MAX = 3;
const LOOKED_AT_MAX = 1_000;

/**
 * Which calls of the asked kinds a restricting rule or limit applies to, of those that some rule may permit: up to three
 * kinds by their names, for a message, and `others` where there are more. Empty: none.
 */
export function findCovered(rule: LintedRule, context: LintContext, asked: Asked): readonly string[] {
  const clauses = (rule.rule.maybe ?? []).filter(asked.clause);
  if (clauses.length === 0) return [];
  const found: string[] = [];
  for (const calls of callsUnder(rule.rule.match, context, asked)) {
    if (!clauses.some((clause) => conflictIn([...clause, ...atomsOf(calls, clause)], factsOfInput) === null)) continue;
    if (found.length === NAMED_MAX) return [...found, "others"];
    found.push(calls.says);
  }
  return found;
}

/** `a, b and c`. */
export function sayAll(found: readonly string[]): string {
  return found.length < 2 ? found.join("") : `${found.slice(0, -1).join(", ")} and ${found.at(-1)}`;
}

function* callsUnder(covering: Match, { tools, permits }: LintContext, { isMeant, others }: Asked): Generator<Calls> {
  const { tool, host } = covering;
  const entries = tool === undefined ? tools.onHosts(host) : tools.named(covering);
  for (const entry of entries.filter(isMeant).slice(0, LOOKED_AT_MAX)) {
    const match = impliedMatch({ tool: makeNames({ is: [entry.tool] }) }, [entry]);
    if (matchesMeet(covering, match) && permits.tool(entry.tool, match, covering)) yield { entry, match, says: `\`${entry.tool}\`` };
  }
  if (!others) return;
  const unknown = { tool: makeNames({ is: [UNKNOWN] }) };
  const isUnknown = (tool === undefined || covers(tool, UNKNOWN)) && tools.onHosts(host).length > 0;
  if (isUnknown && permits.unknown(covering)) yield { entry: null, match: unknown, says: `the tool \`${UNKNOWN}\`` };
  if (tool === undefined && permits.outside(covering)) yield { entry: null, match: {}, says: "hosts without tools in the catalogue" };
}

/** What is known of such calls, as far as the clause reads it. */
function atomsOf({ entry, match }: Calls, clause: Clause): Clause {
  const paths = clause.map(([, path]) => path);
  // What these calls are is in their input for certain, so that the plain atoms hold and not only their twins.
  const [twins = []] = matchAtoms(match, new Set(paths.map((path) => JSON.stringify(path))));
  const known = twins.map(([op, path, names]) => [op.slice(TWIN_PREFIX.length), path, names] as const);
  const absent = paths.filter((path) => isAbsent(path, entry, match));
  return [...known, ...absent.map((path) => ["hasnt", path, null] as const)];
}

function isAbsent([root = "", name]: readonly string[], entry: CatalogueEntry | null, { tool }: Match): boolean {
  switch (root) {
    case "tool":
      return tool === undefined;
    case "amount":
    case "cost":
    case "model":
      return entry === null || entry[root] === null;
    case "args":
      return entry === null || (name !== undefined && !entry.args.some((argument) => argument.name === name));
    default:
      return false;
  }
}
