import type { Call } from "../core/call.ts";
import type { Passage, Place } from "../core/finding.ts";
import type { Json, Target } from "../core/intent.ts";
import { OWN_HEADER_PREFIX } from "./header-names.ts";
import type { BodyRead } from "./read-body.ts";

const PATH: Place = { kind: "path" };
/** What never goes upstream as the caller's text. Other framing headers do: Envoy passes `trailer` on as it came. */
const SKIPPED: ReadonlySet<string> = new Set(["host", "content-length", "proxy-authorization"]);

/** A longer place in a body is told by its end: it stands in every finding, and the end says what field it is. */
const PLACE_CHARS_MAX = 1024;
const PLACE_CHARS_KEPT = 512;

/**
 * All text of the call that detectors look at, decoded. Keys are text as well: one that stands in the query counts as
 * path, because it cannot be taken out by itself, and one in the body stands under what holds it.
 */
export function collectPassages(call: Pick<Call, "headers">, target: Target, body: BodyRead): readonly Passage[] {
  const passages: Passage[] = [];
  if (target.segments.length > 0) passages.push({ place: PATH, text: target.segments.join("/") });
  for (const { key, value } of target.query) {
    if (key !== "") passages.push({ place: PATH, text: key });
    if (value !== "") passages.push({ place: { kind: "query", key }, text: value });
  }
  for (const [name, text] of call.headers) {
    if (!SKIPPED.has(name) && !name.startsWith(OWN_HEADER_PREFIX)) passages.push({ place: { kind: "header", name }, text });
  }
  collectBody(passages, body);
  return passages;
}

function collectBody(passages: Passage[], body: BodyRead): void {
  switch (body.kind) {
    case "none":
      return;
    case "text":
      passages.push({ place: { kind: "text" }, text: body.text });
      return;
    case "form":
      for (const { key, value } of body.pairs) {
        const place: Place = { kind: "form", key: key.length > PLACE_CHARS_MAX ? endOf(key) : key };
        passages.push({ place: { kind: "form", key: "" }, text: key }, { place, text: value });
      }
      return;
    case "json":
      collectJson(passages, body.value, "");
  }
}

/** The parser has limited the nesting. */
function collectJson(passages: Passage[], value: Json, pointer: string): void {
  if (typeof value === "string" || typeof value === "number") {
    passages.push({ place: { kind: "json", pointer }, text: String(value) });
  } else if (Array.isArray(value)) {
    for (const [at, item] of value.entries()) collectJson(passages, item, `${pointer}/${at}`);
  } else if (typeof value === "object" && value !== null) {
    for (const [key, member] of Object.entries(value)) {
      passages.push({ place: { kind: "json", pointer }, text: key });
      collectJson(passages, member, inside(pointer, escapePointer(key)));
    }
  }
}

function inside(pointer: string, token: string): string {
  return pointer.length + token.length < PLACE_CHARS_MAX ? `${pointer}/${token}` : `/${endOf(token)}`;
}

function endOf(name: string): string {
  return `…${name.slice(-PLACE_CHARS_KEPT).toWellFormed()}`;
}

// RFC 6901 section 3.
function escapePointer(key: string): string {
  return key.includes("~") || key.includes("/") ? key.replaceAll("~", "~0").replaceAll("/", "~1") : key;
}
