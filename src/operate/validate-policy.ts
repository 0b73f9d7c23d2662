import type { Problem } from "../policy/compile/problem.ts";
import { loadFolder } from "../policy/sources/load-folder.ts";

export type ValidatedPolicy =
  | {
      readonly kind: "valid";
      readonly policies: readonly { readonly name: string; readonly version: string | null }[];
      readonly rules: number;
      readonly tools: number;
      readonly cases: number;
      readonly revision: string;
      readonly warnings: readonly Problem[];
    }
  | { readonly kind: "invalid"; readonly problems: readonly Problem[] };

export type ValidateOptions = {
  readonly folder: string;
  /** Folders of guardrails that the policies are compiled with. */
  readonly guardrailFolders?: readonly string[];
  readonly strict: boolean;
};

/** Compiles a policy folder and tells what is in it, or everything that is wrong with it. `strict`: a doubt is a mistake. */
export async function validatePolicy({ folder, guardrailFolders, strict }: ValidateOptions): Promise<ValidatedPolicy> {
  const loaded = await loadFolder(folder, guardrailFolders);
  if (loaded.kind === "refused") return { kind: "invalid", problems: loaded.problems };
  const { program, cases, warnings, revision } = loaded;
  if (strict && warnings.length > 0) return { kind: "invalid", problems: warnings };
  const { policies, rules, catalogue } = program;
  return { kind: "valid", policies, rules: rules.length, tools: catalogue.length, cases: cases.length, revision, warnings };
}
