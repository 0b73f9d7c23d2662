import type { Call } from "../core/call.ts";
import type { Changes } from "../core/decision.ts";
import type { Finding } from "../core/finding.ts";
import type { Intent } from "../core/intent.ts";
import type { Pseudonyms } from "../core/keys.ts";
import type { Obligation } from "../core/ruling.ts";
import { FINDINGS_MAX_PER_KIND } from "../detectors/inspect.ts";
import { encodeAuthority, encodeTarget } from "../understanding/encode-target.ts";
import { isAlwaysRemoved, OWN_HEADER_PREFIX } from "../understanding/header-names.ts";
import { createHeaderDraft, type HeaderDraft } from "./header-draft.ts";
import { createQueryDraft, type QueryDraft } from "./query-draft.ts";
import type { FindingObligation } from "./redact-found.ts";

export type ChangesInput = {
  readonly call: Pick<Call, "headers">;
  readonly intent: Pick<Intent, "protocol" | "target">;
  readonly findings: readonly Finding[];
  readonly obligations: readonly Obligation[];
  /** `identity.headers`, in lower case. */
  readonly credentialHeaders: readonly string[];
  readonly pseudonyms: Pseudonyms;
  /** True where detectors did not tell of everything: then nobody can say that all of it was taken out. */
  readonly findingsCut?: boolean;
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
  | { readonly kind: "refused"; readonly code: "cannot_sanitize" | "sanitizer_not_declared" };

/** What of the request is changed before it goes on: what contract section 3 removes, the canonical form, the obligations. */
export function planChanges(input: ChangesInput): ChangesPlan {
  const { call, intent, credentialHeaders, pseudonyms } = input;
  const { target, protocol } = intent;
  const removed = [...call.headers.keys()].filter((name) => isAlwaysRemoved(name, credentialHeaders));
  const draft: Draft = {
    headers: createHeaderDraft(call.headers, removed, pseudonyms),
    query: createQueryDraft(target.query, pseudonyms),
    done: [],
  };
  const refused = carryOut(draft, strictestOnly(input.obligations), input);
  if (refused !== null) return { kind: "refused", code: refused };
  const query = draft.query.pairs();
  const { set, remove } = draft.headers.result();
  const path = query !== null || target.rewritten.path ? encodeTarget(target.path, query ?? target.query) : null;
  const authority = target.rewritten.authority ? encodeAuthority(protocol, target) : null;
  return {
    kind: "plan",
    changes: { path, authority, set, remove: [...removed, ...remove] },
    tookOut: draft.done.length > 0,
    done: [...removalNames(removed, credentialHeaders), ...rewriteNames(target), ...draft.done],
  };
}

type Draft = { readonly headers: HeaderDraft; readonly query: QueryDraft; readonly done: string[] };
type RefusedCode = Extract<ChangesPlan, { readonly kind: "refused" }>["code"];

/** Whole values first: what they took needs no second look. */
function carryOut(draft: Draft, obligations: readonly Obligation[], input: ChangesInput): RefusedCode | null {
  const byFinding: FindingObligation[] = [];
  for (const obligation of obligations) {
    switch (obligation.kind) {
      case "redact_header": {
        const name = obligation.name.toLowerCase();
        if (!draft.headers.holds(name)) break;
        if (!draft.headers.mayChange(name)) return "cannot_sanitize";
        draft.headers.redactAll(name, obligation.with);
        draft.done.push(`redact_header:${name}`);
        break;
      }
      case "redact_query":
        if (draft.query.redactAll(obligation.key, obligation.with)) draft.done.push(`redact_query:${obligation.key}`);
        break;
      case "redact_finding":
        byFinding.push(obligation);
    }
  }
  for (const obligation of byFinding) {
    const refused = takeOut(draft, obligation, input);
    if (refused !== null) return refused;
  }
  return null;
}

function takeOut(draft: Draft, obligation: FindingObligation, input: ChangesInput): RefusedCode | null {
  const findings = input.findings.filter((finding) => finding.kind === obligation.finding);
  if (input.findingsCut === true || findings.length >= FINDINGS_MAX_PER_KIND) return "cannot_sanitize";
  const places = findings.map(({ place }) => place);
  if (places.some(({ kind }) => kind === "path")) return "cannot_sanitize";
  if (places.some(({ kind }) => kind === "form" || kind === "json" || kind === "text")) return "sanitizer_not_declared";
  const headers = new Set(places.flatMap((place) => (place.kind === "header" && draft.headers.holds(place.name) ? [place.name] : [])));
  const keys = new Set(places.flatMap((place) => (place.kind === "query" ? [place.key] : [])));
  let took = false;
  for (const name of headers) {
    if (!draft.headers.mayChange(name)) return "cannot_sanitize";
    draft.headers.redactFound(name, obligation);
    took = true;
  }
  for (const key of keys) if (draft.query.redactFound(key, obligation)) took = true;
  const { protocol } = input.intent;
  if (took && (protocol === "tunnel" || protocol === "upgrade")) return "cannot_sanitize";
  if (took) draft.done.push(`redact_finding:${obligation.finding}`);
  return null;
}

const STRICTNESS = { remove: 3, label: 2, hash: 1, mask: 0 } as const satisfies Record<Obligation["with"], number>;

/** One obligation for each thing: of two rules that redact the same, the one that leaves less counts. */
function strictestOnly(obligations: readonly Obligation[]): readonly Obligation[] {
  const strictest = new Map<string, Obligation>();
  for (const obligation of obligations) {
    const key = keyOf(obligation);
    const other = strictest.get(key);
    if (other === undefined || STRICTNESS[obligation.with] > STRICTNESS[other.with]) strictest.set(key, obligation);
  }
  return [...strictest.values()];
}

function keyOf(obligation: Obligation): string {
  switch (obligation.kind) {
    case "redact_finding":
      return `finding:${obligation.finding}`;
    case "redact_header":
      return `header:${obligation.name.toLowerCase()}`;
    case "redact_query":
      return `query:${obligation.key}`;
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
