import { findViolation, isPlainValue } from "../../authorize/find-violation.ts";
import { CLASS_STATUS, type DenyClass } from "../../core/codes.ts";
import type { Decision } from "../../core/decision.ts";
import { envoy } from "./codec.generated.js";
import { denyFault, unknownFacts } from "./deny-fault.ts";
import { describeRefusal, type Refused, retryAfterMsOf } from "./describe-refusal.ts";
import { encodeMetadata } from "./encode-metadata.ts";

export type Asked = {
  readonly method: string;
  /** Whether the agent's call is gRPC: then the refusal is a gRPC status. */
  readonly grpc: boolean;
};

/**
 * The answer to one Check. Changes that the proxy must not be told to make become a deny fault, of which `report` hears.
 * Throws where the decision is none; ENCODED_FAULT is the answer then.
 */
export function encodeDecision(decision: Decision, asked: Asked, report: (violation: string) => void = ignore): Uint8Array {
  if (!goesOn(decision)) return write(refuse(decision, asked));
  const violation = findViolation(decision.changes, asked.method);
  if (violation === null) return write(letGo(decision));
  report(violation);
  return write(refuse(faultInsteadOf(decision), asked));
}

type Going = Extract<Decision, { kind: "allow" | "sanitize" }>;
type GoesRow = { readonly code: 0 };
type StopsRow = { readonly code: 3 | 7 | 8 | 14 | 16; readonly http: 400 | 401 | 402 | 403 | 429 | 503 };
type Response = envoy.service.auth.v3.ICheckResponse & { readonly status: { readonly code: number } };
type Option = envoy.config.core.v3.IHeaderValueOption;

/**
 * The verdict is the code alone, and an absent one lets the call go on. So code and arm are never apart: a row of `going`
 * builds an ok_response, one of `stopping` a denied_response whose code is not 0.
 */
const ANSWERS = {
  going: { allow: { code: 0 }, sanitize: { code: 0 } },
  stopping: {
    approval_needed: { code: 7, http: 403 },
    ...CLASS_STATUS,
  },
} as const satisfies {
  readonly going: Record<Going["kind"], GoesRow>;
  readonly stopping: Record<"approval_needed" | DenyClass, StopsRow>;
};

function goesOn(decision: Decision): decision is Going {
  return decision.kind === "allow" || decision.kind === "sanitize";
}

function letGo(decision: Going): Response {
  const { path, authority, set, remove } = decision.changes;
  const headers = set.map(({ name, value }) => header(name, value));
  if (path !== null) headers.push(header(":path", path));
  if (authority !== null) headers.push(header(":authority", authority));
  // The proxy removes last, so a header that is set must not be among the removed ones.
  const headersToRemove = set.length === 0 ? [...remove] : remove.filter((name) => !set.some((one) => one.name === name));
  return {
    status: { code: ANSWERS.going[decision.kind].code },
    okResponse: { headers, headersToRemove, responseHeadersToAdd: decisionHeaders(decision) },
    dynamicMetadata: encodeMetadata(decision),
  };
}

function refuse(decision: Refused, asked: Asked): Response {
  const key = decision.kind === "deny" ? decision.class : decision.kind;
  if (!Object.hasOwn(ANSWERS.stopping, key)) throw new Error("a refusal of no known class");
  const row = ANSWERS.stopping[key];
  const challenged = challengeHeaders(decision);
  const headers = [...decisionHeaders(decision), NO_STORE, ...retryHeaders(decision), ...challenged.headers];
  const answer = asked.grpc ? grpcAnswer(decision, row) : { headers: [JSON_TYPE], body: describeRefusal(decision) };
  return {
    status: { code: row.code },
    deniedResponse: { status: { code: challenged.http ?? row.http }, headers: [...answer.headers, ...headers], body: answer.body },
    dynamicMetadata: encodeMetadata(decision),
  };
}

function grpcAnswer(decision: Refused, row: StopsRow): { readonly headers: Option[]; readonly body: string } {
  const message = percentEncode(`${decision.code}: ${decision.message}`);
  return { headers: [GRPC_TYPE, header("grpc-status", String(row.code)), header("grpc-message", message)], body: "" };
}

function decisionHeaders(decision: Decision): Option[] {
  const { id } = decision.facts;
  if (id === "" || !isPlainValue(id)) throw new Error("a decision id that is no header value");
  return [header("x-sluice-decision", decision.kind), header("x-sluice-decision-id", id)];
}

function retryHeaders(decision: Refused): Option[] {
  const waitMs = retryAfterMsOf(decision);
  return waitMs === null ? [NO_RETRY] : [RETRY, header("retry-after", String(Math.ceil(waitMs / 1000)))];
}

function challengeHeaders(decision: Refused): { readonly headers: Option[]; readonly http: 407 | null } {
  if (decision.kind !== "deny" || decision.class !== "identity") return { headers: [], http: null };
  const { to, withError } = decision.challenge;
  const value = withError ? 'Bearer error="invalid_token"' : "Bearer";
  if (to === "proxy") return { headers: [header("proxy-authenticate", value)], http: 407 };
  return { headers: [header("www-authenticate", value)], http: null };
}

function faultInsteadOf(decision: Going): Refused {
  return denyFault("internal", { ...decision.facts, costMicros: null });
}

/** Overwrites on every version of Envoy: some read `append`, some `append_action`. Only `value` is read, never raw_value. */
function header(key: string, value: string): Option {
  return { header: { key, value }, append: OVERWRITE, appendAction: OVERWRITE_IF_EXISTS_OR_ADD };
}

/** gRPC's Percent-Encoded: UTF-8 bytes outside of visible ASCII and space, and the percent sign. */
function percentEncode(text: string): string {
  return text.toWellFormed().replace(/[^ -$&-~]+/g, encodeURIComponent);
}

function write(response: Response): Uint8Array {
  return envoy.service.auth.v3.CheckResponse.encode(response).finish();
}

function ignore(): void {}

const OVERWRITE = { value: false };
const OVERWRITE_IF_EXISTS_OR_ADD = 2;
const JSON_TYPE = header("content-type", "application/json");
const GRPC_TYPE = header("content-type", "application/grpc");
const NO_STORE = header("cache-control", "no-store");
const RETRY = header("x-should-retry", "true");
const NO_RETRY = header("x-should-retry", "false");

/** The answer where even encoding fails: an explicit deny fault, made at start. */
export const ENCODED_FAULT: Uint8Array = encodeDecision(denyFault("internal", unknownFacts("unknown")), { method: "", grpc: false });
