import type { Call } from "../core/call.ts";
import type { Passage } from "../core/finding.ts";
import type { Intent, Json, Protocol, Target } from "../core/intent.ts";
import type { PreparedPolicy } from "../core/policy.ts";
import { parseTarget } from "./canonical-target.ts";
import { collectPassages } from "./collect-passages.ts";
import { FORBIDDEN_HEADERS, TRANSPORT_PREFIX } from "./header-names.ts";
import { createHostReads, type Reads } from "./host-reads.ts";
import { type CatalogueMatch, createCatalogue } from "./match-catalogue.ts";
import { operationOf, protocolOf } from "./protocol.ts";
import { readAmount } from "./read-amount.ts";
import { readArguments } from "./read-arguments.ts";
import { type BodyRead, NO_BODY, readBody, refusePartial } from "./read-body.ts";
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
};

/** Call → what it means, or why it cannot be judged (design section 4). Pure, and made once per version of a policy. */
export type Understand = (call: Call) => Understood | Refused;

const METHOD = /^[A-Z][A-Z-]{0,31}$/;
const NO_ARGUMENTS: Readonly<Record<string, Json>> = {};
const NO_PASSAGES: readonly Passage[] = [];

export function createUnderstanding(policy: Pick<PreparedPolicy, "catalogue" | "reads" | "namedHosts">): Understand {
  const readsOf = createHostReads(policy.reads);
  const matchCatalogue = createCatalogue(policy.catalogue);

  return function understand(call) {
    if (!METHOD.test(call.method)) return refuse("request_invalid", "method is no upper-case token");
    if (hasForbiddenHeader(call)) return refuse("header_forbidden", "a retry, hedge or timeout header of Envoy's");
    const protocol = protocolOf(call);
    const found = parseTarget(call, protocol);
    if (found.kind === "refused") return found;
    const { target } = found;
    if (target.private && !policy.namedHosts.has(target.host)) return refuse("destination_private", "no rule names this host exactly");
    const match = matchCatalogue(call, protocol, target);
    if (match.kind === "refused") return match;
    return understandContent({ call, protocol, target, match, reads: readsOf(target) });
  };
}

type Located = {
  readonly call: Call;
  readonly protocol: Protocol;
  readonly target: Target;
  readonly match: CatalogueMatch;
  readonly reads: Reads;
};

function understandContent({ call, protocol, target, match, reads }: Located): Understood | Refused {
  const body = protocol === "http" ? readWantedBody(call, match, reads) : NO_BODY;
  if (body.kind === "refused") return body;
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
  };
}

/** The body as far as somebody reads it: the tool's arguments, a detector, or a condition that must know it was whole. */
function readWantedBody(call: Call, { prepared }: CatalogueMatch, reads: Reads): BodyRead | Refused {
  if (prepared !== null && prepared.entry.body !== "none") return readBody(call, prepared.entry.body);
  const body = reads.detectors.length > 0 || readsArguments(prepared) ? readBody(call, "any") : (partialOf(call, reads) ?? NO_BODY);
  // A tool without a declared body still has its names looked for there, and in other text they cannot be looked for.
  return body.kind === "text" && readsArguments(prepared) ? refuse("body_unreadable", "a body where none is declared") : body;
}

function readsArguments(prepared: CatalogueMatch["prepared"]): boolean {
  return prepared !== null && prepared.entry.args.length > 0;
}

function partialOf(call: Call, reads: Reads): Refused | null {
  return reads.body ? refusePartial(call) : null;
}

function hasForbiddenHeader(call: Call): boolean {
  for (const name of call.headers.keys()) {
    if (name.startsWith(TRANSPORT_PREFIX) && FORBIDDEN_HEADERS.some((beginning) => name.startsWith(beginning))) return true;
  }
  return false;
}
