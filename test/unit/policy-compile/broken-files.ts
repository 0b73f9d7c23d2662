import { BROKEN_ARGUMENTS } from "./broken-arguments.ts";
import { BROKEN_BY_NEWCOMERS } from "./broken-by-newcomers.ts";
import { BROKEN_CASES } from "./broken-cases.ts";
import { BROKEN_CHANGES } from "./broken-changes.ts";
import { BROKEN_CONDITIONS } from "./broken-conditions.ts";
import type { BrokenFile } from "./broken-file.ts";
import { BROKEN_GROUPS } from "./broken-groups.ts";
import { BROKEN_GUARDRAILS } from "./broken-guardrails.ts";
import { BROKEN_LIMITS } from "./broken-limits.ts";
import { BROKEN_RULES } from "./broken-rules.ts";
import { BROKEN_SYNTAX } from "./broken-syntax.ts";
import { BROKEN_TOOLS } from "./broken-tools.ts";
import { BROKEN_YAML } from "./broken-yaml.ts";

export type { BrokenFile } from "./broken-file.ts";

export const BROKEN_FILES: readonly BrokenFile[] = [
  ...BROKEN_YAML,
  ...BROKEN_RULES,
  ...BROKEN_CHANGES,
  ...BROKEN_SYNTAX,
  ...BROKEN_CONDITIONS,
  ...BROKEN_ARGUMENTS,
  ...BROKEN_LIMITS,
  ...BROKEN_TOOLS,
  ...BROKEN_GROUPS,
  ...BROKEN_CASES,
  ...BROKEN_GUARDRAILS,
  ...BROKEN_BY_NEWCOMERS,
];
