import type { CatalogueEntry } from "../../core/catalogue.ts";
import { PROGRAM_FORMAT, type Program } from "../program.ts";
import { buildIndex } from "./build-index.ts";
import type { PolicyCase } from "./cases.ts";
import { collectFields, collectNamedHosts, collectReads, collectUsage } from "./collect-reads.ts";
import { noteSetAgain } from "./guardrails.ts";
import { lint } from "./lint/index.ts";
import { speaksOfLost } from "./lost-names.ts";
import { limitsIn, lowerCase, noteCaseDoubles } from "./lower-cases.ts";
import { lowerCatalogue } from "./lower-catalogue.ts";
import type { ExpectedNames } from "./lower-expectation.ts";
import type { Group } from "./lower-groups.ts";
import { lowerPolicy, nameOf } from "./lower-policy.ts";
import { isEmpty } from "./match/names.ts";
import { noteCrowds } from "./note-crowds.ts";
import type { CompiledRule, Surroundings } from "./parts.ts";
import { compareText, type Problem, sortProblems } from "./problem.ts";
import { type FolderContents, readFiles } from "./read-files.ts";
import type { Notes } from "./spot.ts";
import { surround } from "./surround.ts";

export type Compiled =
  | { readonly kind: "compiled"; readonly program: Program; readonly warnings: readonly Problem[]; readonly cases: readonly PolicyCase[] }
  | { readonly kind: "invalid"; readonly problems: readonly Problem[] };

export type PolicyText = { readonly name: string; readonly text: string };

export type CompileOptions = {
  /** Files of the guardrails: they restrict what the policies say, and nothing in the policies' files loosens them. */
  readonly guardrails?: readonly PolicyText[];
};

/** The files of a policy folder as one program. Names and order of the files change nothing of it. */
export function compilePolicies(files: readonly PolicyText[], { guardrails = [] }: CompileOptions = {}): Compiled {
  const notes: Notes = { problems: [], warnings: [] };
  const own = readFiles(files, notes);
  const guarding = readFiles(guardrails, notes);
  const catalogue = lowerCatalogue([guarding, own]);
  const worlds = surround(own, guarding, catalogue);
  const rules = [...lowerAll(own, worlds.own), ...lowerAll(guarding, worlds.guarding)].toSorted((a, b) =>
    compareText(a.rule.id, b.rule.id),
  );
  const limits = limitsIn({ rules: rules.map(({ rule }) => rule) });
  const hidden = { lostTools: worlds.own.tools.lost, limitIds: worlds.own.limitIds, limits };
  const expected = notes.problems.length > 0 ? null : { tools: catalogue.map(({ tool }) => tool), rules: rules.map(({ rule }) => rule) };
  const lowerAllCases = (list: FolderContents["cases"], names: ExpectedNames) =>
    list.flatMap(({ source, spot }) =>
      speaksOfLost(source, hidden) ? [] : [lowerCase(source, spot, { catalogue, limits, expected: names })],
    );
  noteCaseDoubles([...own.cases, ...guarding.cases]);
  // Guardrails stand over many folders: what their cases name of one is not in another, and no reason to refuse that.
  const cases = [...lowerAllCases(own.cases, expected), ...lowerAllCases(guarding.cases, null)];
  const program = makeProgram(rules, catalogue, { policies: namesOf(own, guarding), groups: worlds.groups });
  noteCrowds(program, rules);
  noteSetAgain(rules);
  if (notes.problems.length === 0) lint({ rules, catalogue, own, guarding });
  if (own.policies.length === 0 && notes.problems.length === 0) {
    const message = "there is no file with the key `policy`: every call would be denied";
    notes.problems.push({ file: files[0]?.name ?? ".", line: 1, column: 1, message, fix: null, code: "does_nothing" });
  }
  if (notes.problems.length > 0) return { kind: "invalid", problems: sortProblems(distinct(notes.problems)) };
  return { kind: "compiled", program, warnings: sortProblems(distinct(notes.warnings)), cases: cases.filter((one) => one !== null) };
}

function lowerAll({ policies }: FolderContents, around: Surroundings): readonly CompiledRule[] {
  return policies.flatMap(({ source, spot }) => lowerPolicy(source, spot, around));
}

function namesOf(own: FolderContents, guarding: FolderContents): Program["policies"] {
  const named = ({ policies }: FolderContents, guard: boolean) =>
    policies.map(({ source }) => ({ name: nameOf(source, guard), version: source.version ?? null }));
  return [...named(own, false), ...named(guarding, true)].toSorted((a, b) => compareText(a.name, b.name));
}

type Around = { readonly policies: Program["policies"]; readonly groups: ReadonlyMap<string, Group> };

function makeProgram(rules: readonly CompiledRule[], catalogue: readonly CatalogueEntry[], { policies, groups }: Around): Program {
  const numbered = rules.map(({ rule }) => rule);
  return {
    format: PROGRAM_FORMAT,
    rules: numbered,
    index: buildIndex(numbered),
    reads: collectReads(rules, catalogue),
    catalogue,
    fields: collectFields(rules),
    namedHosts: collectNamedHosts(rules, catalogue),
    groups: Object.fromEntries([...groups].flatMap(([name, { agents }]) => (isEmpty(agents) ? [] : [[name, agents]]))),
    usage: collectUsage(rules),
    policies,
  };
}

function distinct(problems: readonly Problem[]): readonly Problem[] {
  return [...new Map(problems.map((problem) => [JSON.stringify(problem), problem])).values()];
}
