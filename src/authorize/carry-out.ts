import type { Call } from "../core/call.ts";
import { describePlace, type Finding } from "../core/finding.ts";
import type { Intent } from "../core/intent.ts";
import type { RuledObligation } from "../core/ruling.ts";
import { FINDINGS_MAX_PER_KIND } from "../detectors/inspect.ts";
import { describeObligation } from "./describe-obligation.ts";
import { type BodyObligation, findFirstInBody } from "./find-in-body.ts";
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
  readonly inLongBody: FoundInLongBody;
};

/** The obligation whose place a long body was found to hold, or that it holds none; null where that is looked for here. */
export type FoundInLongBody = RuledBody | "nothing" | null;

/** What could not be carried out. */
export type SanitizeRefusal = {
  readonly code: "cannot_sanitize" | "sanitizer_not_declared";
  /** The rule that says it. */
  readonly rule: string;
  /** What, and where it stands in the call; for operators, never content. */
  readonly what: string;
};

type RuledBody = RuledObligation & BodyObligation;
type RuledFinding = RuledObligation & FindingObligation;

/** Does to the draft what the obligations say, or tells why that cannot be done. Whole values first: what they took needs no second look. */
export function carryOut(draft: ChangesDraft, obligations: readonly RuledObligation[], input: CarryOutInput): SanitizeRefusal | null {
  // Nobody edits responses in this version.
  const inResponse = obligations.find((one) => "on" in one && (one.on === "response" || one.on === "both"));
  if (inResponse !== undefined) return refuse("sanitizer_not_declared", inResponse, `${describeObligation(inResponse)} in the response`);
  const later: Later = { removals: [], byFinding: [], inBody: [] };
  for (const obligation of strictestObligations(obligations)) {
    const refused = carryOutOne(draft, obligation, later);
    if (refused !== null) return refused;
  }
  for (const removal of later.removals) {
    const { name } = removal;
    if (!draft.headers.mayChange(name.toLowerCase())) return refuse("cannot_sanitize", removal, `header:${name}, which frames the message`);
    removeSpellings(draft, name.toLowerCase(), null);
  }
  for (const obligation of later.byFinding) {
    const refused = takeOut(draft, obligation, input);
    if (refused !== null) return refused;
  }
  return later.inBody.length === 0 ? null : refuseBodyEdit(later.inBody, input);
}

type Later = {
  readonly removals: (RuledObligation & { readonly kind: "remove_header" })[];
  readonly byFinding: RuledFinding[];
  readonly inBody: RuledBody[];
};

function carryOutOne(draft: ChangesDraft, obligation: RuledObligation, later: Later): SanitizeRefusal | null {
  switch (obligation.kind) {
    case "redact_header":
      return redactHeader(draft, obligation);
    case "remove_header":
      later.removals.push(obligation);
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

function redactHeader(draft: ChangesDraft, obligation: RuledObligation & { readonly kind: "redact_header" }): SanitizeRefusal | null {
  const name = obligation.name.toLowerCase();
  const held = draft.headers.spellings(name).filter(draft.headers.holds);
  if (held.length === 0) return null;
  if (!draft.headers.mayChange(name)) return refuse("cannot_sanitize", obligation, `header:${name}, which frames the message`);
  for (const spelling of held) draft.headers.redactAll(spelling, obligation.with);
  tookOut(draft, `redact_header:${name}`);
  return null;
}

/** Takes the header off under every name but the one that is kept. The record says the policy's spelling. */
export function removeSpellings(draft: ChangesDraft, name: string, kept: string | null): void {
  const gone = draft.headers.spellings(name).filter((spelling) => spelling !== kept && draft.headers.remove(spelling));
  if (gone.length > 0) draft.done.push(`remove_header:${name}`);
}

function takeOut(draft: ChangesDraft, obligation: RuledFinding, input: CarryOutInput): SanitizeRefusal | null {
  const findings = input.findings.filter((finding) => finding.kind === obligation.finding);
  const { finding: kind } = obligation;
  if (input.findingsCut || findings.length >= FINDINGS_MAX_PER_KIND)
    return refuse("cannot_sanitize", obligation, `${kind}, of which not all could be seen`);
  const places = findings.map(({ place }) => place);
  const inPath = places.find((place) => place.kind === "path");
  if (inPath !== undefined) return refuse("cannot_sanitize", obligation, `${kind} at ${describePlace(inPath)}`);
  const inBody = places.find((place) => place.kind === "form" || place.kind === "json" || place.kind === "text");
  if (inBody !== undefined) return refuse("sanitizer_not_declared", obligation, `${kind} at ${describePlace(inBody)}`);
  const headers = new Set(places.flatMap((place) => (place.kind === "header" && draft.headers.holds(place.name) ? [place.name] : [])));
  const keys = new Set(places.flatMap((place) => (place.kind === "query" ? [place.key] : [])));
  let took = false;
  for (const name of headers) {
    if (!draft.headers.mayChange(name)) return refuse("cannot_sanitize", obligation, `${kind} at header:${name}, which frames the message`);
    draft.headers.redactFound(name, obligation);
    took = true;
  }
  for (const key of keys) if (draft.query.redactFound(key, obligation)) took = true;
  const { protocol } = input.intent;
  if (took && (protocol === "tunnel" || protocol === "upgrade"))
    return refuse("cannot_sanitize", obligation, `${kind} in the beginning of a connection`);
  if (took) tookOut(draft, `redact_finding:${obligation.finding}`);
  return null;
}

/** A body cannot be edited in this version, so it must be known to hold nothing that would have to be. */
function refuseBodyEdit(obligations: readonly RuledBody[], { call, intent, inLongBody }: CarryOutInput): SanitizeRefusal | null {
  const [first] = obligations;
  if (first === undefined) return null;
  // What goes through a tunnel, an upgrade or a stream is never seen.
  if (intent.protocol !== "http") return refuse("cannot_sanitize", first, `${describeObligation(first)} in a body that is never seen`);
  const found = inLongBody ?? obligations[findFirstInBody(call, obligations) ?? obligations.length] ?? "nothing";
  return found === "nothing" ? null : refuse("sanitizer_not_declared", found, `${describeObligation(found)} in the body`);
}

function refuse(code: SanitizeRefusal["code"], { rule }: RuledObligation, what: string): SanitizeRefusal {
  return { code, rule, what };
}

function tookOut(draft: ChangesDraft, done: string): void {
  draft.tookOut = true;
  draft.done.push(done);
}
