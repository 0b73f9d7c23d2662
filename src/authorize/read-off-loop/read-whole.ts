import type { Finding } from "../../core/finding.ts";
import type { Inspect } from "../../detectors/inspect.ts";
import type { CallText, Understand, Understood } from "../../understanding/create-understanding.ts";
import type { Refused } from "../../understanding/refused.ts";

/** What a call means and what detectors see in it, without the text they looked at. */
export type WholeRead = Refused | (Pick<Understood, "kind" | "intent" | "recorded"> & SeenInCall);

type SeenInCall = { readonly findings: readonly Finding[]; readonly findingsCut: boolean };

export type ReadWith = { readonly understand: Understand; readonly inspect: Inspect };

/** Steps 2 and 4 at once, whatever the length of the body. */
export function readWhole({ understand, inspect }: ReadWith, call: CallText): WholeRead {
  const understood = understand(call);
  if (understood.kind === "refused") return understood;
  const { kind, intent, recorded, passages, detectors, passagesCut } = understood;
  const seen = inspect(passages, detectors);
  return { kind, intent, recorded, findings: seen.findings, findingsCut: passagesCut || seen.cut };
}
