import type { Call } from "../core/call.ts";
import type { Passage } from "../core/finding.ts";
import type { Intent, Json, Protocol, Target } from "../core/intent.ts";
import type { PreparedPolicy } from "../core/policy.ts";
import { boundArguments } from "./bound-arguments.ts";
import { parseTarget } from "./canonical-target.ts";
import { collectPassages } from "./collect-passages.ts";
import { FORBIDDEN_HEADERS, TRANSPORT_PREFIX } from "./header-names.ts";
import { createHostReads, type Reads } from "./host-reads.ts";
import { type CatalogueMatch, createCatalogue } from "./match-catalogue.ts";
import { operationOf, protocolOf } from "./protocol.ts";
import { readAmount } from "./read-amount.ts";
import { readArguments } from "./read-arguments.ts";
import { type BodyRead, type BodyWanted, NO_BODY, readBody, refusePartial } from "./read-body.ts";
import { readCost } from "./read-cost.ts";
import { readModel } from "./read-model.ts";
import { type Refused, refuse } from "./refused.ts";

export type Understood = {
  readonly kind: "understood";
  readonly intent: Intent;
  /** What the detectors look at; empty where the policy asks for none. */
  readonly passages: readonly Passage[];
  /** Text the detectors were asked to look at is hidden inside the call: what they do not find is unknown, not absent. */
  readonly passagesCut: boolean;
  readonly detectors: readonly string[];
  /** Names of the arguments that records show in clear. */
  readonly recorded: readonly string[];
};

/** What a call is understood by. */
export type CallText = Pick<Call, "method" | "scheme" | "authority" | "target" | "headers" | "repeated" | "body">;

/** The call's body is longer than the caller wants to have read here, and somebody reads it. */
export type TooLong = { readonly kind: "too_long" };

/**
 * Call → what it means, or why it cannot be judged (design section 4). Pure, and made once per version of a policy. A body
 * of more than `bodyBytesMax` that somebody reads is not parsed.
 */
export type Understand = {
  (call: CallText): Understood | Refused;
  (call: CallText, bodyBytesMax: number): Understood | Refused | TooLong;
};

/** Up to here a body is parsed where the call is decided; beyond it that would hold up the other calls (threats.md 15). */
export const BODY_BYTES_IN_PLACE_MAX = 65_536;

const METHOD = /^[A-Z][A-Z-]{0,31}$/;
const NO_ARGUMENTS: Readonly<Record<string, Json>> = {};
const NO_PASSAGES: readonly Passage[] = [];

export function createUnderstanding(policy: Pick<PreparedPolicy, "catalogue" | "reads" | "namedHosts">): Understand {
  const readsOf = createHostReads(policy.reads);
  const matchCatalogue = createCatalogue(policy.catalogue);

  function understand(call: CallText): Understood | Refused;
  function understand(call: CallText, bodyBytesMax: number): Understood | Refused | TooLong;
  function understand(call: CallText, bodyBytesMax = Number.POSITIVE_INFINITY): Understood | Refused | TooLong {
    if (!METHOD.test(call.method)) return refuse("request_invalid", "method is no upper-case token");
    if (hasForbiddenHeader(call)) return refuse("header_forbidden", "a retry, hedge or timeout header of Envoy's");
    const protocol = protocolOf(call);
    const found = parseTarget(call, protocol);
    if (found.kind === "refused") return found;
    const { target } = found;
    if (target.private && !policy.namedHosts.has(target.host)) return refuse("destination_private", "no rule names this host exactly");
    const match = matchCatalogue(call, protocol, target);
    if (match.kind === "refused") return match;
    return understandContent({ call, protocol, target, match, reads: readsOf(target), bodyBytesMax });
  }
  return understand;
}

type Located = {
  readonly call: CallText;
  readonly protocol: Protocol;
  readonly target: Target;
  readonly match: CatalogueMatch;
  readonly reads: Reads;
  readonly bodyBytesMax: number;
};

function understandContent(located: Located): Understood | Refused | TooLong {
  const { call, protocol, target, match, reads } = located;
  const body = protocol === "http" ? readWantedBody(located) : NO_BODY;
  if (body.kind === "refused" || body.kind === "too_long") return body;
  const { prepared, bindings } = match;
  let args = NO_ARGUMENTS;
  if (prepared !== null) {
    const { headers, repeated } = call;
    const read = readArguments(prepared.plan, { headers, repeated, query: target.query, bindings, body });
    if (read.kind === "refused") return read;
    args = read.args;
    const place = prepared.check?.(args) ?? null;
    if (place !== null) return refuse("args_invalid", `the schema of ${prepared.entry.tool} refuses the arguments at ${place}`);
  }
  args = boundArguments(args);
  const entry = prepared?.entry ?? null;
  const amount = entry === null || entry.amount === null ? null : readAmount(entry.amount, args, entry.args);
  const { tool, amountExpected } = match;
  const operation = operationOf(protocol);
  const model = readModel(match, protocol, args);
  const cost = readCost(entry?.cost ?? null, model);
  const { detectors } = reads;
  return {
    kind: "understood",
    intent: { protocol, target, tool, operation, model, args, bindings, amount, cost, amountExpected },
    passages: detectors.length === 0 ? NO_PASSAGES : collectPassages(call, target, body),
    passagesCut: detectors.length > 0 && protocol !== "http",
    detectors,
    recorded: prepared?.recorded ?? NOTHING_RECORDED,
  };
}

const NOTHING_RECORDED: readonly string[] = [];
const TOO_LONG: TooLong = { kind: "too_long" };

/** The body as far as somebody reads it: the tool's arguments, a detector, or a condition that must know it was whole. */
function readWantedBody({ call, match: { prepared }, reads, bodyBytesMax }: Located): BodyRead | Refused | TooLong {
  const wanted = wantedBody(prepared, reads);
  if (wanted === null) return partialOf(call, reads) ?? NO_BODY;
  if (call.body.kind === "full" && call.body.bytes.length > bodyBytesMax) return TOO_LONG;
  const body = readBody(call, wanted);
  // A tool without a declared body still has its names looked for there, and in other text they cannot be looked for.
  return body.kind === "text" && readsArguments(prepared) ? refuse("body_unreadable", "a body where none is declared") : body;
}

function wantedBody(prepared: CatalogueMatch["prepared"], reads: Reads): BodyWanted | null {
  if (prepared !== null && prepared.entry.body !== "none") return prepared.entry.body;
  return reads.detectors.length > 0 || readsArguments(prepared) ? "any" : null;
}

function readsArguments(prepared: CatalogueMatch["prepared"]): boolean {
  return prepared !== null && prepared.entry.args.length > 0;
}

function partialOf(call: CallText, reads: Reads): Refused | null {
  return reads.body ? refusePartial(call) : null;
}

function hasForbiddenHeader(call: CallText): boolean {
  for (const name of call.headers.keys()) {
    if (name.startsWith(TRANSPORT_PREFIX) && FORBIDDEN_HEADERS.some((beginning) => name.startsWith(beginning))) return true;
  }
  return false;
}
