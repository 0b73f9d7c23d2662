import { isAscii, isUtf8 } from "node:buffer";
import { readLength, readVarint, skipField, type WireCursor } from "./wire-cursor.ts";

/**
 * Turns the many short texts of a message into strings. Crossing into C++ once per string was half of what decoding
 * cost; so a piece of the message is made one string, and texts are cut from it. A text that outlives the call keeps at
 * most its window alive.
 */
export type TextWindow = { text: string; start: number; end: number };

const WINDOW_BYTES = 4096;
/** Above this, the call into C++ is cheaper than a loop here. */
const SCAN_BYTES_MAX = 128;

export function createTextWindow(): TextWindow {
  return { text: "", start: 0, end: 0 };
}

/** The text, or null when the bytes are not UTF-8. */
export function readText(cursor: WireCursor, window: TextWindow): string | null {
  const length = readLength(cursor);
  const start = cursor.at;
  const end = start + length;
  cursor.at = end;
  const { bytes } = cursor;
  if (!isPlain(bytes, start, end)) return readUtf8(bytes, start, end);
  if (start < window.start || end > window.end) {
    if (length > WINDOW_BYTES) return bytes.toString("latin1", start, end);
    window.start = start;
    window.end = Math.min(start + WINDOW_BYTES, bytes.length);
    window.text = bytes.toString("latin1", window.start, window.end);
  }
  return window.text.slice(start - window.start, end - window.start);
}

export type Entry = { readonly key: string; readonly value: string };

/**
 * A key and a value: an entry of a map, or a HeaderValue (whose raw_value has the number 3 and the last word). Null when
 * one of them is not UTF-8.
 */
export function readEntry(cursor: WireCursor, window: TextWindow, kind: "map" | "header"): Entry | null {
  const length = readLength(cursor);
  const outer = cursor.end;
  cursor.end = cursor.at + length;
  let key: string | null = "";
  let value: string | null = "";
  while (cursor.at < cursor.end) {
    const tag = readVarint(cursor);
    if (tag === KEY) key = readText(cursor, window);
    else if (tag === VALUE || (tag === RAW_VALUE && kind === "header")) value = readText(cursor, window);
    else skipField(cursor, tag);
  }
  cursor.end = outer;
  return key === null || value === null ? null : { key, value };
}

function isPlain(bytes: Buffer, start: number, end: number): boolean {
  if (end - start > SCAN_BYTES_MAX) return isAscii(bytes.subarray(start, end));
  let seen = 0;
  for (let i = start; i < end; i++) seen |= bytes[i] ?? 0x80;
  return seen < 0x80;
}

function readUtf8(bytes: Buffer, start: number, end: number): string | null {
  const part = bytes.subarray(start, end);
  return isUtf8(part) ? part.toString("utf8") : null;
}

const KEY = (1 << 3) | 2;
const VALUE = (2 << 3) | 2;
const RAW_VALUE = (3 << 3) | 2;
