import { join } from "node:path";
import type { PolicyCase } from "../compile/cases.ts";
import { compilePolicies } from "../compile/compile-policies.ts";
import type { Problem } from "../compile/problem.ts";
import { digestProgram, digestSources, revisionOf } from "../digest-policy.ts";
import type { Program } from "../program.ts";
import { type PolicyText, readFolder } from "./read-folder.ts";

/** What a source has to offer: a program to prepare, or why there is none. */
export type LoadedPolicy =
  | {
      readonly kind: "loaded";
      readonly program: Program;
      readonly revision: string;
      /** Hex SHA-256 of the program. */
      readonly digest: string;
      /** Hex SHA-256 of the sources. */
      readonly sources: string;
      readonly warnings: readonly Problem[];
      readonly cases: readonly PolicyCase[];
    }
  | { readonly kind: "refused"; readonly problems: readonly Problem[] };

/** The policies of a folder, under the guardrails of other folders. */
export async function loadFolder(folder: string, guardrailFolders: readonly string[] = []): Promise<LoadedPolicy> {
  const [own, ...guards] = await Promise.all([readPart(folder, null), ...guardrailFolders.map((guard) => readPart(guard, guard))]);
  const parts = own === undefined ? [] : [own, ...guards];
  const unreadable = parts.flatMap((part) => (part.kind === "unreadable" ? [part.problem] : []));
  if (unreadable.length > 0 || own?.kind !== "read") return { kind: "refused", problems: unreadable };
  const guardrails = guards.flatMap((part) => (part.kind === "read" ? part.files : []));
  const compiled = compilePolicies(own.files, { guardrails });
  // What a folder lacks stands in no file of it.
  const place = (problem: Problem): Problem => (problem.file === "." ? { ...problem, file: folder } : problem);
  if (compiled.kind === "invalid") return { kind: "refused", problems: compiled.problems.map(place) };
  const { program, warnings, cases } = compiled;
  const sources = digestSources([...own.files, ...guardrails.map(({ text }) => ({ text: `guardrail\n${text}` }))]);
  return { kind: "loaded", program, revision: revisionOf(sources), digest: digestProgram(program), sources, warnings, cases };
}

type Part = { readonly kind: "read"; readonly files: readonly PolicyText[] } | { readonly kind: "unreadable"; readonly problem: Problem };

/** Files of guardrails are called by their folder too, so that a problem says which of them it is in. */
async function readPart(folder: string, under: string | null): Promise<Part> {
  const read = await readFolder(folder);
  if (read.kind === "read") {
    return { kind: "read", files: under === null ? read.files : read.files.map(({ name, text }) => ({ name: join(under, name), text })) };
  }
  const message = `the ${under === null ? "policy" : "guardrail"} folder cannot be read: ${read.reason}`;
  return { kind: "unreadable", problem: { file: folder, line: 1, column: 1, message, fix: null, code: "wrong_value" } };
}
