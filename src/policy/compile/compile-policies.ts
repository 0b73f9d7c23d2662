import type { CatalogueEntry } from "../../core/catalogue.ts";
import { PROGRAM_FORMAT, type Program } from "../program.ts";
import { buildIndex, RULES_BEHIND_A_KEY_MANY, RULES_BEHIND_A_KEY_MAX } from "./build-index.ts";
import type { PolicyCase } from "./cases.ts";
import { collectFields, collectNamedHosts, collectReads, collectUsage } from "./collect-reads.ts";
import { createCelParser } from "./condition/parse-cel.ts";
import { lowerCase } from "./lower-cases.ts";
import { lowerCatalogue } from "./lower-catalogue.ts";
import { lowerPolicy } from "./lower-policy.ts";
import type { CompiledRule } from "./parts.ts";
import { compareText, type Problem, sortProblems } from "./problem.ts";
import { type FolderContents, readFiles } from "./read-files.ts";
import type { Notes } from "./spot.ts";

export type Compiled =
  | { readonly kind: "compiled"; readonly program: Program; readonly warnings: readonly Problem[]; readonly cases: readonly PolicyCase[] }
  | { readonly kind: "invalid"; readonly problems: readonly Problem[] };

/** The files of a policy folder as one program. Names and order of the files change nothing of it. */
export function compilePolicies(files: readonly { readonly name: string; readonly text: string }[]): Compiled {
  const notes: Notes = { problems: [], warnings: [] };
  const contents = readFiles(files, notes);
  const catalogue = lowerCatalogue(contents.tools);
  const limitIds = new Set(contents.policies.flatMap(({ source }) => (source.limits ?? []).map(({ id }) => `${source.policy}/${id}`)));
  const around = { catalogue, limitIds, parseCel: createCelParser() };
  const rules = contents.policies
    .flatMap(({ source, spot }) => lowerPolicy(source, spot, around))
    .toSorted((a, b) => compareText(a.rule.id, b.rule.id));
  const cases = contents.cases.map(({ source, spot }) => lowerCase(source, spot, catalogue)).filter((one) => one !== null);
  const program = makeProgram(rules, catalogue, contents);
  noteCrowds(program, contents, notes);
  if (contents.policies.length === 0 && notes.problems.length === 0) {
    const message = "there is no file with the key `policy`: every call would be denied";
    notes.problems.push({ file: files[0]?.name ?? ".", line: 1, column: 1, message, fix: null, code: "does_nothing" });
  }
  if (notes.problems.length > 0) return { kind: "invalid", problems: sortProblems(distinct(notes.problems)) };
  return { kind: "compiled", program, warnings: sortProblems(distinct(notes.warnings)), cases };
}

function makeProgram(rules: readonly CompiledRule[], catalogue: readonly CatalogueEntry[], contents: FolderContents): Program {
  const numbered = rules.map(({ rule }) => rule);
  return {
    format: PROGRAM_FORMAT,
    rules: numbered,
    index: buildIndex(numbered),
    reads: collectReads(rules, catalogue),
    catalogue,
    fields: collectFields(rules),
    namedHosts: collectNamedHosts(rules, catalogue),
    groups: {},
    usage: collectUsage(rules),
    policies: contents.policies
      .map(({ source }) => ({ name: source.policy, version: source.version ?? null }))
      .toSorted((a, b) => compareText(a.name, b.name)),
  };
}

/** The cost of a call grows faster than the number of rules behind its keys. */
function noteCrowds(program: Program, contents: FolderContents, notes: Notes): void {
  for (const [key, numbers] of Object.entries(program.index)) {
    if (numbers.length < RULES_BEHIND_A_KEY_MANY) continue;
    const [first = ""] = numbers.map((number) => program.rules[number]?.id.split("/")[0]);
    const spot = contents.policies.find(({ source }) => source.policy === first)?.spot;
    const place = { file: spot?.file ?? "", line: spot?.line ?? 1, column: spot?.column ?? 1 };
    const message = `${numbers.length} rules apply to the same calls (key ${key}); the most is ${RULES_BEHIND_A_KEY_MAX}`;
    const list = numbers.length > RULES_BEHIND_A_KEY_MAX ? notes.problems : notes.warnings;
    list.push({ ...place, message, fix: "name tools, hosts or agents in their match", code: "crowded_key" });
  }
}

function distinct(problems: readonly Problem[]): readonly Problem[] {
  return [...new Map(problems.map((problem) => [JSON.stringify(problem), problem])).values()];
}
