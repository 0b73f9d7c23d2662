import { hash } from "node:crypto";
import type { Call } from "../core/call.ts";
import type { Changes } from "../core/decision.ts";
import type { Target } from "../core/intent.ts";
import type { Pseudonyms } from "../core/keys.ts";
import { isAlwaysRemoved, SECRET_HEADERS, TRACING_HEADERS, TRANSPORT_HEADERS, TRANSPORT_PREFIX } from "../understanding/header-names.ts";

export type DigestInput = {
  readonly tenant: string;
  readonly agent: string;
  readonly subject: string | null;
  readonly call: Pick<Call, "method" | "headers" | "body">;
  readonly target: Pick<Target, "scheme" | "hostname" | "port" | "text">;
  /** Null where nothing was planned yet: the digest is then of the canonical form. */
  readonly changes: Pick<Changes, "path" | "set" | "remove"> | null;
  /** Headers that rules set, in lower case: they count whatever they are called, those for proxies as secrets. */
  readonly ownHeaders: readonly string[];
  readonly pseudonyms: Pseudonyms;
  /** `identity.headers`, in lower case. */
  readonly identityHeaders: readonly string[];
};

const LEFT_OUT: ReadonlySet<string> = new Set([...TRANSPORT_HEADERS, ...TRACING_HEADERS]);
const SECRET: ReadonlySet<string> = new Set(SECRET_HEADERS);
const EMPTY_SHA256 = hash("sha256", "");

/**
 * `call.digest` of contract section 5: hex SHA-256 of the RFC 8785 text of the call as it goes upstream. The text is
 * written directly, its keys in order, because every value is a string, null or a small integer. A body that was not
 * seen whole stands as null; no grant may be bound to such a call (threats.md 12).
 */
export function digestCall(input: DigestInput): string {
  return hash("sha256", canonicalText(input));
}

/** Exported for the test that compares it with an independent implementation of RFC 8785. */
export function canonicalText(input: DigestInput): string {
  const { tenant, agent, subject, call, target, changes } = input;
  return (
    `{"agent":${JSON.stringify(agent)},"body":${bodyText(call.body)},"headers":{${headersText(input)}}` +
    `,"host":${JSON.stringify(target.hostname)},"method":${JSON.stringify(call.method)}` +
    `,"path":${JSON.stringify(changes?.path ?? target.text)},"port":${target.port},"scheme":${JSON.stringify(target.scheme)}` +
    `,"subject":${JSON.stringify(subject)},"tenant":${JSON.stringify(tenant)},"v":1}`
  );
}

function bodyText(body: Call["body"]): string {
  switch (body.kind) {
    case "none":
      return `"${EMPTY_SHA256}"`;
    case "full":
      return `"${hash("sha256", body.bytes)}"`;
    case "partial":
    case "unseen":
      return "null";
  }
}

function headersText({ call, changes, ownHeaders, pseudonyms, identityHeaders }: DigestInput): string {
  const removed = changes?.remove ?? NOTHING;
  const set = new Map(changes?.set.map(({ name, value }) => [name, value]));
  const counts = (name: string) => isCounted(name, identityHeaders) || (set.has(name) && ownHeaders.includes(name));
  const names: string[] = [];
  for (const name of call.headers.keys()) if (counts(name) && !removed.includes(name)) names.push(name);
  for (const name of set.keys()) if (counts(name) && !call.headers.has(name)) names.push(name);
  let text = "";
  for (const name of names.sort()) {
    const value = set.get(name) ?? call.headers.get(name) ?? "";
    text += `${text === "" ? "" : ","}${quote(name)}:${quote(isSecret(name, identityHeaders) ? pseudonyms.hmacHex(value) : value)}`;
  }
  return text;
}

const NOTHING: readonly string[] = [];

function isCounted(name: string, identityHeaders: readonly string[]): boolean {
  return !LEFT_OUT.has(name) && !name.startsWith(TRANSPORT_PREFIX) && !isAlwaysRemoved(name, identityHeaders);
}

function isSecret(name: string, identityHeaders: readonly string[]): boolean {
  return SECRET.has(name) || isAlwaysRemoved(name, identityHeaders);
}

// Visible ASCII without quote and backslash, which is what nearly all header text is, needs no escapes.
const PLAIN = /^[ !#-[\]-~]*$/;

function quote(text: string): string {
  return PLAIN.test(text) ? `"${text}"` : JSON.stringify(text.toWellFormed());
}
