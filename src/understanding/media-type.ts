/** What a body says it is; `undecodable` where it could not be read as UTF-8 text at all. */
export type MediaType = "json" | "form" | "text" | "undecodable";

const JSON_TYPE = /^application\/(?:json|[a-z0-9!#$&^_.+-]+\+json)$/;
const CHARSET = /^charset\s*=\s*"?utf-?8"?$/;

/** A missing type is text: what cannot be told apart is looked at as it stands. */
export function mediaTypeOf(headers: ReadonlyMap<string, string>): MediaType {
  const encoding = headers.get("content-encoding");
  if (encoding !== undefined && encoding.trim().toLowerCase() !== "identity") return "undecodable";
  const contentType = headers.get("content-type");
  if (contentType === undefined) return "text";
  // A comma is the sign of two content-type lines.
  if (contentType.includes(",")) return "undecodable";
  const [essence = "", ...parameters] = contentType
    .toLowerCase()
    .split(";")
    .map((part) => part.trim());
  if (!parameters.every((parameter) => !parameter.startsWith("charset") || CHARSET.test(parameter))) return "undecodable";
  if (JSON_TYPE.test(essence)) return "json";
  return essence === "application/x-www-form-urlencoded" ? "form" : "text";
}
