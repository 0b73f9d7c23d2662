import type { Call } from "../core/call.ts";
import type { Finding } from "../core/finding.ts";
import type { Intent } from "../core/intent.ts";
import type { Obligation } from "../core/ruling.ts";
import { FINDINGS_MAX_PER_KIND } from "../detectors/inspect.ts";
import { type BodyObligation, findAnyInBody } from "./find-in-body.ts";
import type { HeaderDraft } from "./header-draft.ts";
import type { QueryDraft } from "./query-draft.ts";
import type { FindingObligation } from "./redact-found.ts";
import { strictestObligations } from "./strictest-obligations.ts";

/** The request while it is changed. */
export type ChangesDraft = {
  readonly headers: HeaderDraft;
  readonly query: QueryDraft;
  /** Whether a redaction took something out. */
  tookOut: boolean;
  /** For the receipt. */
  readonly done: string[];
};

export type CarryOutInput = {
  readonly call: Pick<Call, "headers" | "body">;
  readonly intent: Pick<Intent, "protocol">;
  readonly findings: readonly Finding[];
  readonly findingsCut: boolean;
  /** Whether a long body was found to hold what an obligation names; null where it is looked for here. */
  readonly foundInBody: boolean | null;
};

export type SanitizeRefusal = "cannot_sanitize" | "sanitizer_not_declared";

/** Does to the draft what the obligations say, or tells why that cannot be done. Whole values first: what they took needs no second look. */
export function carryOut(draft: ChangesDraft, obligations: readonly Obligation[], input: CarryOutInput): SanitizeRefusal | null {
  // Nobody edits responses in this version.
  if (obligations.some((one) => "on" in one && (one.on === "response" || one.on === "both"))) return "sanitizer_not_declared";
  const later: Later = { removals: [], byFinding: [], inBody: [] };
  for (const obligation of strictestObligations(obligations)) {
    const refused = carryOutOne(draft, obligation, later);
    if (refused !== null) return refused;
  }
  for (const name of later.removals) {
    if (!draft.headers.mayChange(name)) return "cannot_sanitize";
    removeSpellings(draft, name, null);
  }
  for (const obligation of later.byFinding) {
    const refused = takeOut(draft, obligation, input);
    if (refused !== null) return refused;
  }
  return later.inBody.length === 0 ? null : refuseBodyEdit(later.inBody, input);
}

type Later = { readonly removals: string[]; readonly byFinding: FindingObligation[]; readonly inBody: BodyObligation[] };

function carryOutOne(draft: ChangesDraft, obligation: Obligation, later: Later): SanitizeRefusal | null {
  switch (obligation.kind) {
    case "redact_header":
      return redactHeader(draft, obligation);
    case "remove_header":
      later.removals.push(obligation.name.toLowerCase());
      return null;
    case "redact_query":
      if (draft.query.redactAll(obligation.key, obligation.with)) tookOut(draft, `redact_query:${obligation.key}`);
      return null;
    case "redact_finding":
      later.byFinding.push(obligation);
      return null;
    case "redact_form":
    case "redact_json":
      later.inBody.push(obligation);
      return null;
  }
}

function redactHeader(draft: ChangesDraft, obligation: Extract<Obligation, { readonly kind: "redact_header" }>): SanitizeRefusal | null {
  const name = obligation.name.toLowerCase();
  const held = draft.headers.spellings(name).filter(draft.headers.holds);
  if (held.length === 0) return null;
  if (!draft.headers.mayChange(name)) return "cannot_sanitize";
  for (const spelling of held) draft.headers.redactAll(spelling, obligation.with);
  tookOut(draft, `redact_header:${name}`);
  return null;
}

/** Takes the header off under every name but the one that is kept. The record says the policy's spelling. */
export function removeSpellings(draft: ChangesDraft, name: string, kept: string | null): void {
  const gone = draft.headers.spellings(name).filter((spelling) => spelling !== kept && draft.headers.remove(spelling));
  if (gone.length > 0) draft.done.push(`remove_header:${name}`);
}

function takeOut(draft: ChangesDraft, obligation: FindingObligation, input: CarryOutInput): SanitizeRefusal | null {
  const findings = input.findings.filter((finding) => finding.kind === obligation.finding);
  if (input.findingsCut || findings.length >= FINDINGS_MAX_PER_KIND) return "cannot_sanitize";
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
  if (took) tookOut(draft, `redact_finding:${obligation.finding}`);
  return null;
}

/** A body cannot be edited in this version, so it must be known to hold nothing that would have to be. */
function refuseBodyEdit(obligations: readonly BodyObligation[], { call, intent, foundInBody }: CarryOutInput): SanitizeRefusal | null {
  // What goes through a tunnel, an upgrade or a stream is never seen.
  if (intent.protocol !== "http") return "cannot_sanitize";
  return (foundInBody ?? findAnyInBody(call, obligations)) ? "sanitizer_not_declared" : null;
}

function tookOut(draft: ChangesDraft, done: string): void {
  draft.tookOut = true;
  draft.done.push(done);
}
