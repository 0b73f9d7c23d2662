import type { Explanation } from "../core/explanation.ts";

export type ExplanationDraft = Omit<Explanation, "rulesLeftOut">;

/** The newest explanations of this process. */
export type Explanations = {
  readonly keep: (draft: ExplanationDraft) => void;
  readonly find: (decisionId: string) => Explanation | null;
};

const KEPT_MAX = 100;
const BYTES_MAX = 256 * 1024;

/** In memory alone, as text: what is kept holds on to nothing of the call or of a policy that was replaced. */
export function createExplanations(): Explanations {
  const kept = new Map<string, string>();

  function keep(draft: ExplanationDraft): void {
    kept.set(draft.decisionId, boundedText(draft));
    const [oldest] = kept.keys();
    if (oldest !== undefined && kept.size > KEPT_MAX) kept.delete(oldest);
  }

  function find(decisionId: string): Explanation | null {
    const text = kept.get(decisionId);
    // `keep` wrote it.
    return text === undefined ? null : (JSON.parse(text) as Explanation);
  }

  return { keep, find };
}

/** Of too many rules those that came to nothing are left out first; the others stand in their order. */
function boundedText({ rules, ...facts }: ExplanationDraft): string {
  const texts = rules.map((rule, at) => ({ at, text: JSON.stringify(rule), applies: rule.outcome !== "does_not_apply" }));
  const shown = new Set<number>();
  let left = BYTES_MAX - Buffer.byteLength(textOf(facts, rules.length, []));
  for (const { at, text } of [...texts.filter(({ applies }) => applies), ...texts.filter(({ applies }) => !applies)]) {
    const bytes = Buffer.byteLength(text) + 1;
    if (bytes > left) continue;
    left -= bytes;
    shown.add(at);
  }
  const told = texts.filter(({ at }) => shown.has(at)).map(({ text }) => text);
  return textOf(facts, rules.length - told.length, told);
}

function textOf(facts: Omit<ExplanationDraft, "rules">, rulesLeftOut: number, rules: readonly string[]): string {
  return `${JSON.stringify({ ...facts, rulesLeftOut }).slice(0, -1)},"rules":[${rules.join(",")}]}`;
}
