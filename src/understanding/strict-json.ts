import type { Json } from "../core/intent.ts";
import { exactNumber } from "./exact-number.ts";

/** `duplicate` where an object names a key twice: readers differ on which one counts. */
export type JsonFound = { readonly kind: "json"; readonly value: Json } | { readonly kind: "unreadable" } | { readonly kind: "duplicate" };

const DEPTH_MAX = 64;
const UNREADABLE: JsonFound = { kind: "unreadable" };
const DUPLICATE: JsonFound = { kind: "duplicate" };

const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
// biome-ignore lint/suspicious/noControlCharactersInRegex: RFC 8259 section 7 forbids exactly these inside a string.
const PLAIN_STRING = /"[^"\\\u0000-\u001f]*"/y;
// biome-ignore lint/suspicious/noControlCharactersInRegex: as above.
const ESCAPED_STRING = /"[^"\\\u0000-\u001f]*(?:\\(?:["\\/bfnrt]|u[0-9A-Fa-f]{4})[^"\\\u0000-\u001f]*)*"/y;
const SPACE = /[ \t\n\r]*/y;

/** RFC 8259 to the letter: one value, no duplicate keys, well-formed strings, at most 64 levels, numbers as `exactNumber` says. */
export function parseStrictJson(text: string): JsonFound {
  const reader: Reader = { text, at: 0, duplicate: false };
  const value = readValue(reader, 0);
  if (reader.duplicate) return DUPLICATE;
  if (value === undefined) return UNREADABLE;
  skipSpace(reader);
  return reader.at === text.length ? { kind: "json", value } : UNREADABLE;
}

type Reader = { readonly text: string; at: number; duplicate: boolean };
/** Undefined: what stands there is no JSON. */
type Read<T> = T | undefined;

function readValue(reader: Reader, depth: number): Read<Json> {
  skipSpace(reader);
  switch (reader.text[reader.at]) {
    case "{":
      return depth < DEPTH_MAX ? readObject(reader, depth + 1) : undefined;
    case "[":
      return depth < DEPTH_MAX ? readArray(reader, depth + 1) : undefined;
    case '"':
      return readString(reader);
    case "t":
      return readWord(reader, "true", true);
    case "f":
      return readWord(reader, "false", false);
    case "n":
      return readWord(reader, "null", null);
    default:
      return readNumber(reader);
  }
}

function readObject(reader: Reader, depth: number): Read<Json> {
  const object: Record<string, Json> = {};
  reader.at++;
  skipSpace(reader);
  if (take(reader, "}")) return object;
  do {
    skipSpace(reader);
    const key = readString(reader);
    if (key === undefined) return undefined;
    skipSpace(reader);
    if (!take(reader, ":")) return undefined;
    if (Object.hasOwn(object, key)) {
      reader.duplicate = true;
      return undefined;
    }
    const value = readValue(reader, depth);
    if (value === undefined) return undefined;
    put(object, key, value);
    skipSpace(reader);
  } while (take(reader, ","));
  return take(reader, "}") ? object : undefined;
}

/** `__proto__` is a key like any other; an object without prototype would say so by itself, and is twice as slow. */
function put(object: Record<string, Json>, key: string, value: Json): void {
  if (key === "__proto__") Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true });
  else object[key] = value;
}

function readArray(reader: Reader, depth: number): Read<Json> {
  const items: Json[] = [];
  reader.at++;
  skipSpace(reader);
  if (take(reader, "]")) return items;
  do {
    const value = readValue(reader, depth);
    if (value === undefined) return undefined;
    items.push(value);
    skipSpace(reader);
  } while (take(reader, ","));
  return take(reader, "]") ? items : undefined;
}

function readString(reader: Reader): Read<string> {
  const plain = match(reader, PLAIN_STRING);
  if (plain !== undefined) return plain.slice(1, -1);
  const escaped = match(reader, ESCAPED_STRING);
  if (escaped === undefined) return undefined;
  const value: unknown = JSON.parse(escaped);
  return typeof value === "string" && value.isWellFormed() ? value : undefined;
}

function readNumber(reader: Reader): Read<number | string> {
  const text = match(reader, NUMBER);
  return text === undefined ? undefined : exactNumber(text);
}

function readWord<T>(reader: Reader, word: string, value: T): Read<T> {
  if (!reader.text.startsWith(word, reader.at)) return undefined;
  reader.at += word.length;
  return value;
}

function match(reader: Reader, pattern: RegExp): Read<string> {
  pattern.lastIndex = reader.at;
  const found = pattern.exec(reader.text)?.[0];
  if (found !== undefined) reader.at += found.length;
  return found;
}

function take(reader: Reader, character: string): boolean {
  if (reader.text[reader.at] !== character) return false;
  reader.at++;
  return true;
}

function skipSpace(reader: Reader): void {
  const code = reader.text.charCodeAt(reader.at);
  if (code > 0x20) return;
  SPACE.lastIndex = reader.at;
  SPACE.exec(reader.text);
  reader.at = SPACE.lastIndex;
}
