import { readFile, stat } from "node:fs/promises";
import { parseCases } from "../policy/bundle/parse-cases.ts";
import { readBundle } from "../policy/bundle/read-bundle.ts";
import { type HttpCall, spellTool } from "../policy/compile/case-to-call.ts";
import type { CaseOutcome, PolicyCase } from "../policy/compile/cases.ts";
import { describeProblem } from "../policy/compile/problem.ts";
import { CASE_CHANGES, type CaseChange, compareOutcomes } from "../policy/diff/compare-outcomes.ts";
import { comparePrograms } from "../policy/diff/compare-programs.ts";
import { mayWiden, type ProgramDifferences } from "../policy/diff/differences.ts";
import { canonicalText } from "../policy/digest-policy.ts";
import type { Program } from "../policy/program.ts";
import { loadFolder } from "../policy/sources/load-folder.ts";
import type { CaseBench } from "./case-runner.ts";
import { runCases } from "./run-cases.ts";

export type DiffOptions = {
  readonly was: PolicySide;
  readonly is: PolicySide;
  /** Folders of guardrails that both sides' folders are under; a bundle has its own. */
  readonly guardrailFolders?: readonly string[];
  /** The engine that decides the cases of folders; a bundle brings its own. */
  readonly wasm: Uint8Array;
  readonly nowMs: number;
  /** How many threads share many cases. */
  readonly threads: number;
};

/** A folder of policy files or a bundle, by its path; or a bundle as it came, called so. */
export type PolicySide = string | { readonly label: string; readonly packed: Uint8Array };

export type CaseDifference = {
  readonly name: string;
  readonly file: string;
  readonly line: number;
  readonly change: CaseChange;
  readonly widens: boolean;
  readonly was: CaseOutcome;
  readonly is: CaseOutcome;
};

export type DiffedPolicy =
  | (ProgramDifferences & {
      readonly kind: "diffed";
      /** How many calls both sides decided. */
      readonly cases: number;
      /** Whether a side is a bundle that carries no cases. */
      readonly hasBareBundle: boolean;
      /** What lets most through first. */
      readonly changed: readonly CaseDifference[];
      readonly verdict: DiffVerdict;
    })
  | { readonly kind: "unreadable"; readonly messages: readonly string[] };

export type DiffVerdict = {
  /** A case is let through that was not, or with less of a check. */
  readonly widens: boolean;
  /** Something in the rules could, whether or not a case shows it. */
  readonly mayWiden: boolean;
};

/** Compares two policies by what their rules say and by what they decide of each other's cases. */
export async function diffPolicies({ was, is, guardrailFolders = [], wasm, nowMs, threads }: DiffOptions): Promise<DiffedPolicy> {
  const open = (side: PolicySide) => openSide(side, { wasm, guardrailFolders });
  const [one, other] = [await open(was), await open(is)];
  if (one.kind === "unreadable" || other.kind === "unreadable") {
    return { kind: "unreadable", messages: [one, other].flatMap((side) => (side.kind === "unreadable" ? side.messages : [])) };
  }
  const cases = joinCases(one, other);
  const decide = (side: Side) => runCases({ ...side.bench, nowMs }, cases, { threads });
  const [before, after] = [await decide(one), await decide(other)];
  const order = Object.keys(CASE_CHANGES);
  const changed = cases
    .flatMap(({ name, file, line }, at): readonly CaseDifference[] => {
      const [then, now] = [before[at]?.outcome, after[at]?.outcome];
      const change = then === undefined || now === undefined ? null : compareOutcomes(then, now);
      if (change === null || then === undefined || now === undefined) return [];
      return [{ name, file, line, change, widens: CASE_CHANGES[change].widens, was: then, is: now }];
    })
    .toSorted((a, b) => order.indexOf(a.change) - order.indexOf(b.change));
  const differences = comparePrograms(one.bench.program, other.bench.program);
  const verdict: DiffVerdict = {
    widens: changed.some(({ widens }) => widens),
    mayWiden: [...differences.rules, ...differences.others].some(mayWiden),
  };
  return { kind: "diffed", ...differences, cases: cases.length, hasBareBundle: one.isBareBundle || other.isBareBundle, changed, verdict };
}

type Side = {
  readonly kind: "side";
  readonly isBareBundle: boolean;
  readonly bench: Omit<CaseBench, "nowMs">;
  readonly cases: readonly PolicyCase[];
};
type Unreadable = { readonly kind: "unreadable"; readonly messages: readonly string[] };

type Opening = { readonly wasm: Uint8Array; readonly guardrailFolders: readonly string[] };

async function openSide(given: PolicySide, opening: Opening): Promise<Side | Unreadable> {
  return typeof given === "string" ? openPath(given, opening) : openBundle(given.label, given.packed);
}

async function openPath(path: string, { wasm, guardrailFolders }: Opening): Promise<Side | Unreadable> {
  const found = await stat(path).catch(() => null);
  if (found === null) return { kind: "unreadable", messages: [`${path} is not there: name a folder of policy files or a bundle`] };
  if (!found.isDirectory()) return openBundle(path, await readFile(path));
  const loaded = await loadFolder(path, guardrailFolders);
  if (loaded.kind === "refused")
    return { kind: "unreadable", messages: loaded.problems.map((problem) => `${path}: ${describeProblem(problem)}`) };
  const { program, revision, digest, cases } = loaded;
  return { kind: "side", isBareBundle: false, bench: { program, wasm, name: "diff", revision, digest }, cases };
}

async function openBundle(label: string, packed: Uint8Array): Promise<Side | Unreadable> {
  const read = await readBundle(packed);
  if (read.kind === "refused") return { kind: "unreadable", messages: [`${label} is no bundle that can be read: ${read.reason}`] };
  const { program, wasm, name, revision, digest, cases } = read.bundle;
  const parsed = parseCases(cases);
  if (parsed.kind === "malformed") return { kind: "unreadable", messages: [`${label} is no bundle that can be read: ${parsed.reason}`] };
  const isBare = parsed.cases.length === 0;
  return { kind: "side", isBareBundle: isBare, bench: { program, wasm, name, revision, digest }, cases: parsed.cases };
}

/** The calls of both sides' cases, each once, as they go over the wire: a tool's name may mean another call on the other side. */
function joinCases(one: Side, other: Side): readonly PolicyCase[] {
  // The second side's names are kept: they are what is read from now on.
  const spelled = [other, one].flatMap(({ cases, bench }) => cases.map((policyCase) => spellOut(policyCase, bench.program)));
  const byCall = new Map<string, PolicyCase>();
  for (const policyCase of spelled) {
    const { caller, call, context, usage, nowMs, findings } = policyCase;
    const key = canonicalText({ caller, call, context, usage, nowMs, findings });
    if (!byCall.has(key)) byCall.set(key, policyCase);
  }
  return [...byCall.values()];
}

function spellOut(policyCase: PolicyCase, { catalogue }: Program): PolicyCase & { readonly call: HttpCall } {
  const { call } = policyCase;
  return { ...policyCase, call: call.kind === "tool" ? spellTool(call, catalogue) : call };
}
