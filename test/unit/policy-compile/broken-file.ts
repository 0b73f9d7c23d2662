/**
 * A broken policy file. `§` marks where the problem must be told (it is taken out before the file is read); the message
 * and the cure are what a person reads.
 */
export type BrokenFile = {
  readonly name: string;
  readonly text: string;
  readonly message: string;
  readonly fix?: string;
  /** Other files of the folder. */
  readonly beside?: readonly { readonly name: string; readonly text: string }[];
  /** The broken file is one of the guardrails. */
  readonly guardrail?: true;
};

export const rule = (lines: string) => `policy: p\nrules:\n  - id: a\n    then: allow\n${lines}\n`;
export const denies = (lines: string) => `policy: p\nrules:\n  - id: a\n    then: deny\n${lines}\n`;
export const adds = (lines: string) => `policy: p\nrules:\n  - id: a\n${lines}\n`;
export const asks = (text: string) => `policy: p\nrules:\n  - id: a\n    then: approval_needed\n    approval: ${text}\n`;
export const limit = (text: string) => `policy: p\nlimits:\n  - ${text}\n`;
export const test = (text: string) => `cases:\n  - ${text}\n`;
export const group = (text: string) => `groups:\n  ${text}\n`;

export const BLOCK = "write the expression as a block (`if: |` and the text indented below), or quote it";
