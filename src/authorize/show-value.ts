import type { Json } from "../core/intent.ts";
import type { Pseudonyms } from "../core/keys.ts";

export type Showing = {
  /** Names of the arguments that are shown in clear. */
  readonly recorded: readonly string[];
  readonly pseudonyms: Pseudonyms;
};

/** Enumerations and names that the receipt shows elsewhere in clear already. */
const CLEAR: ReadonlySet<string> = new Set([
  "protocol",
  "operation",
  "model",
  "tool",
  "findings",
  "http.method",
  "http.scheme",
  "http.host",
  "http.port",
  "caller.agent",
  "caller.tenant",
]);

const RECORDED_CHARS_MAX = 1024;

/**
 * A value of a call as records and explanations show it: numbers, booleans, money and what `CLEAR` names in clear, text
 * and whatever holds text as HMAC but for arguments that the catalogue records. Never content.
 */
export function showValue(path: readonly string[], value: Json, { recorded, pseudonyms }: Showing): Json {
  const isClear = isKnown(path) || (isRecorded(path, recorded) && isShort(value));
  return isClear ? value : hidden(path, value, pseudonyms);
}

/** The time is ours: nothing of the call is in it. */
function isKnown(path: readonly string[]): boolean {
  return path[0] === "time" || CLEAR.has(path.join("."));
}

function isRecorded([head, name]: readonly string[], recorded: readonly string[]): boolean {
  return head === "args" && name !== undefined && recorded.includes(name);
}

/** Records are no place for whole documents. */
function isShort(value: Json): boolean {
  return typeof value === "string" ? value.length <= RECORDED_CHARS_MAX : JSON.stringify(value).length <= RECORDED_CHARS_MAX;
}

function hidden([head]: readonly string[], value: Json, pseudonyms: Pseudonyms): Json {
  if (typeof value === "string") return `hmac:${pseudonyms.hmacHex(value)}`;
  if (value === null || typeof value !== "object") return value;
  // An argument can look like money and hold any text.
  const isMoney = head === "amount" || head === "cost";
  return isMoney ? value : `hmac:${pseudonyms.hmacHex(JSON.stringify(value))}`;
}
