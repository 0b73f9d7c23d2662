import { isUtf8 } from "node:buffer";
import type { Call } from "../core/call.ts";
import type { Json } from "../core/intent.ts";
import { mediaTypeOf } from "./media-type.ts";
import { type Refused, refuse } from "./refused.ts";
import { type FormPair, parseForm } from "./strict-form.ts";
import { parseStrictJson } from "./strict-json.ts";

/** What a body says, once it was seen whole. */
export type BodyRead =
  | { readonly kind: "none" }
  | { readonly kind: "json"; readonly value: Json }
  | { readonly kind: "form"; readonly text: string; readonly pairs: readonly FormPair[] }
  | { readonly kind: "text"; readonly text: string };

/** The declared form, or `any` where nothing declares one. */
export type BodyWanted = "json" | "form" | "any";

export const NO_BODY: BodyRead = { kind: "none" };

// Beyond this, parsing would hold the event loop for too long (threats.md 15).
const BODY_BYTES_MAX = 1_048_576;
const LOOKS_LIKE_JSON = /^[ \t\r\n]*[[{"]/;

/** Why the body cannot be judged whatever it holds, or null when all of it was seen. */
export function refusePartial(call: Pick<Call, "body">): Refused | null {
  const { body } = call;
  if (body.kind === "partial" || body.kind === "unseen") return refuse("body_partial", `the body is ${body.kind}`);
  return body.kind === "full" && body.bytes.length > BODY_BYTES_MAX ? refuse("body_partial", "the body is too large to be read") : null;
}

export function readBody(call: Pick<Call, "body" | "headers">, wanted: BodyWanted): BodyRead | Refused {
  const partial = refusePartial(call);
  if (partial !== null) return partial;
  const bytes = call.body.kind === "full" ? call.body.bytes : null;
  if (bytes === null || bytes.length === 0) return wanted === "any" ? NO_BODY : refuse("body_unreadable", "no body where one is declared");
  const type = mediaTypeOf(call.headers);
  if (type === "undecodable") return refuse("body_unreadable", "content encoding, charset or a repeated content type");
  if (wanted !== "any" && wanted !== type) return refuse("body_unreadable", "another media type than declared");
  if (!isUtf8(bytes)) return refuse("body_unreadable", "not UTF-8");
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("utf8");
  switch (type) {
    case "json":
      return readJson(text);
    case "form":
      return readForm(text);
    case "text":
      return readText(text);
  }
}

function readJson(text: string): BodyRead | Refused {
  const found = parseStrictJson(text);
  switch (found.kind) {
    case "json":
      return found;
    case "duplicate":
      return refuse("args_invalid", "a JSON key twice in one object");
    case "unreadable":
      return refuse("body_unreadable", "not strict JSON");
  }
}

function readForm(text: string): BodyRead | Refused {
  const pairs = parseForm(text);
  return pairs === null ? refuse("body_unreadable", "not a strict form") : { kind: "form", text, pairs };
}

// JSON under another name is still JSON to lenient servers, and its escapes would hide what it says.
function readText(text: string): BodyRead | Refused {
  if (!LOOKS_LIKE_JSON.test(text)) return { kind: "text", text };
  const found = readJson(text);
  return found.kind === "refused" && found.code === "body_unreadable" ? { kind: "text", text } : found;
}
