import type { Call } from "../core/call.ts";
import type { Changes } from "../core/decision.ts";
import type { Finding } from "../core/finding.ts";
import type { Intent } from "../core/intent.ts";
import type { Pseudonyms } from "../core/keys.ts";
import type { HeaderSet, RuledObligation } from "../core/ruling.ts";
import { encodeAuthority, encodeTarget } from "../understanding/encode-target.ts";
import { isAlwaysRemoved, OWN_HEADER_PREFIX } from "../understanding/header-names.ts";
import { type ChangesDraft, carryOut, type FoundInLongBody, removeSpellings, type SanitizeRefusal } from "./carry-out.ts";
import { createHeaderDraft } from "./header-draft.ts";
import { createQueryDraft } from "./query-draft.ts";

export type ChangesInput = {
  readonly call: Pick<Call, "headers" | "body">;
  readonly intent: Pick<Intent, "protocol" | "target">;
  readonly findings: readonly Finding[];
  readonly obligations: readonly RuledObligation[];
  readonly sets: readonly HeaderSet[];
  /** `identity.headers`, in lower case. */
  readonly credentialHeaders: readonly string[];
  readonly pseudonyms: Pseudonyms;
  /** True where detectors did not tell of everything: then nobody can say that all of it was taken out. */
  readonly findingsCut: boolean;
  /** What a long body was found to hold; absent where that is looked for here. */
  readonly inLongBody?: FoundInLongBody;
};

export type ChangesPlan =
  | {
      readonly kind: "plan";
      readonly changes: Changes;
      /** Whether an obligation took something out of the request. */
      readonly tookOut: boolean;
      /** For the receipt; names of the policy and of fixed tables, never of the call. */
      readonly done: readonly string[];
    }
  | ({ readonly kind: "refused" } & SanitizeRefusal);

/**
 * What of the request is changed before it goes on: what contract section 3 removes, the canonical form, the obligations,
 * and last what rules set. A value that is set is the operator's own: it stands whatever was taken out under its name.
 */
export function planChanges(input: ChangesInput): ChangesPlan {
  const { call, intent, credentialHeaders, pseudonyms } = input;
  const { target, protocol } = intent;
  const removed = [...call.headers.keys()].filter((name) => isAlwaysRemoved(name, credentialHeaders));
  const draft: ChangesDraft = {
    headers: createHeaderDraft(call.headers, removed, pseudonyms),
    query: createQueryDraft(target.query, pseudonyms),
    tookOut: false,
    done: [],
  };
  const refused = carryOut(draft, input.obligations, { ...input, inLongBody: input.inLongBody ?? null });
  if (refused !== null) return { kind: "refused", ...refused };
  setAll(draft, input.sets);
  const query = draft.query.pairs();
  const { set, remove } = draft.headers.result();
  const path = query !== null || target.rewritten.path ? encodeTarget(target.path, query ?? target.query) : null;
  const authority = target.rewritten.authority ? encodeAuthority(protocol, target) : null;
  return {
    kind: "plan",
    changes: { path, authority, set, remove },
    tookOut: draft.tookOut,
    done: [...removalNames(removed, credentialHeaders), ...rewriteNames(target), ...draft.done],
  };
}

function setAll(draft: ChangesDraft, sets: readonly HeaderSet[]): void {
  for (const { name, value } of sets) {
    const lower = name.toLowerCase();
    // Nobody speaks for the operator in another spelling.
    removeSpellings(draft, lower, lower);
    draft.headers.set(lower, value);
    const done = `set_header:${lower}`;
    if (!draft.done.includes(done)) draft.done.push(done);
  }
}

// An agent can put content into the rest of an own header's name, so only configured names are told.
function removalNames(removed: readonly string[], credentialHeaders: readonly string[]): readonly string[] {
  const names = removed.map((name) =>
    name.startsWith(OWN_HEADER_PREFIX) && !credentialHeaders.includes(name) ? `${OWN_HEADER_PREFIX}*` : name,
  );
  return [...new Set(names)].map((name) => `remove_header:${name}`);
}

function rewriteNames({ rewritten }: Intent["target"]): readonly string[] {
  return [...(rewritten.path ? ["rewrite_path"] : []), ...(rewritten.authority ? ["rewrite_authority"] : [])];
}
