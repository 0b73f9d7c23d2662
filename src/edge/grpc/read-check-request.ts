import { createCursor, readBytes, readVarint, type WireCursor, walkFields, walkNested } from "./wire-cursor.ts";
import { createTextWindow, readEntry, readText, type TextWindow } from "./wire-text.ts";

/** What somebody reads of a CheckRequest, as it came; everything else is stepped over. */
export type WireCheck = {
  /** Whether there is an HttpRequest at all. */
  http: boolean;
  id: string;
  method: string;
  path: string;
  host: string;
  scheme: string;
  protocol: string;
  size: number;
  /** Without the pseudo headers; repeats joined by `,`. */
  readonly headers: Map<string, string>;
  readonly repeated: Set<string>;
  headerForm: "none" | "joined" | "raw";
  headerCount: number;
  headerChars: number;
  /** The bytes of `body` or `raw_body`; null when both are absent. */
  body: Uint8Array | null;
  bodyForm: "none" | "text" | "raw";
  /** Null when it is not UTF-8. */
  principal: string | null;
  readonly context: Record<string, string>;
  /** Why it cannot be used although it is a protobuf message; the first reason that was found. */
  flaw: CheckFlaw | null;
  readonly window: TextWindow;
};

export type CheckFlaw =
  | "text_not_utf8"
  | "header_not_utf8"
  | "headers_too_many"
  | "headers_too_large"
  | "two_header_forms"
  | "two_body_forms";

// Envoy's own defaults are 100 headers and 60 KiB.
const HEADER_COUNT_MAX = 1000;
const HEADER_CHARS_MAX = 512 * 1024;
const CONTEXT_ENTRIES_MAX = 256;

/** Throws WireError where the bytes are no protobuf message. The body is a view of the bytes. */
export function readCheckRequest(bytes: Uint8Array): WireCheck {
  const check: WireCheck = {
    http: false,
    id: "",
    method: "",
    path: "",
    host: "",
    scheme: "",
    protocol: "",
    size: 0,
    headers: new Map(),
    repeated: new Set(),
    headerForm: "none",
    headerCount: 0,
    headerChars: 0,
    body: null,
    bodyForm: "none",
    principal: "",
    context: Object.create(null),
    flaw: null,
    window: createTextWindow(),
  };
  walkFields(createCursor(bytes), check, readRoot);
  return check;
}

function readRoot(cursor: WireCursor, tag: number, check: WireCheck): boolean {
  if (tag !== ATTRIBUTES) return false;
  walkNested(cursor, check, readAttributes);
  return true;
}

function readAttributes(cursor: WireCursor, tag: number, check: WireCheck): boolean {
  if (tag === REQUEST) walkNested(cursor, check, readRequest);
  else if (tag === SOURCE) walkNested(cursor, check, readSource);
  else if (tag === CONTEXT_EXTENSIONS) readContext(cursor, check);
  else return false;
  return true;
}

function readRequest(cursor: WireCursor, tag: number, check: WireCheck): boolean {
  if (tag !== HTTP) return false;
  check.http = true;
  walkNested(cursor, check, readHttp);
  return true;
}

function readHttp(cursor: WireCursor, tag: number, check: WireCheck): boolean {
  switch (tag) {
    case HTTP_HEADERS:
      readHeader(cursor, check, "joined");
      return true;
    case HTTP_HEADER_MAP:
      walkNested(cursor, check, readHeaderMap);
      return true;
    case HTTP_BODY:
      readBody(cursor, check, "text");
      return true;
    case HTTP_RAW_BODY:
      readBody(cursor, check, "raw");
      return true;
    case HTTP_SIZE:
      check.size = readVarint(cursor);
      return true;
    default:
      return readHttpText(cursor, tag, check);
  }
}

function readHttpText(cursor: WireCursor, tag: number, check: WireCheck): boolean {
  const field = HTTP_TEXTS[tag];
  if (field === undefined) return false;
  check[field] = readText(cursor, check.window) ?? flawed(check, "text_not_utf8");
  return true;
}

function readHeaderMap(cursor: WireCursor, tag: number, check: WireCheck): boolean {
  if (tag !== HEADER_MAP_HEADERS) return false;
  readHeader(cursor, check, "raw");
  return true;
}

function readHeader(cursor: WireCursor, check: WireCheck, form: "joined" | "raw"): void {
  if (check.headerForm !== form && check.headerForm !== "none") flawed(check, "two_header_forms");
  check.headerForm = form;
  const entry = readEntry(cursor, check.window, form === "raw" ? "header" : "map");
  if (entry === null) {
    flawed(check, "header_not_utf8");
    return;
  }
  const { key, value } = entry;
  check.headerChars += key.length + value.length;
  if (++check.headerCount > HEADER_COUNT_MAX) flawed(check, "headers_too_many");
  else if (check.headerChars > HEADER_CHARS_MAX) flawed(check, "headers_too_large");
  else if (key.charCodeAt(0) !== COLON) addHeader(check, key.toLowerCase(), value);
}

function addHeader(check: WireCheck, name: string, value: string): void {
  const before = check.headers.get(name);
  if (before !== undefined) check.repeated.add(name);
  check.headers.set(name, before === undefined ? value : `${before},${value}`);
}

function readBody(cursor: WireCursor, check: WireCheck, form: "text" | "raw"): void {
  const bytes = readBytes(cursor);
  // An absent field and an empty one mean the same in proto3.
  if (bytes.length === 0) return;
  if (check.bodyForm !== form && check.bodyForm !== "none") flawed(check, "two_body_forms");
  check.bodyForm = form;
  check.body = bytes;
}

function readSource(cursor: WireCursor, tag: number, check: WireCheck): boolean {
  if (tag !== PEER_PRINCIPAL) return false;
  check.principal = readText(cursor, check.window);
  return true;
}

function readContext(cursor: WireCursor, check: WireCheck): void {
  const entry = readEntry(cursor, check.window, "map");
  if (entry === null) flawed(check, "text_not_utf8");
  else if (Object.keys(check.context).length < CONTEXT_ENTRIES_MAX) check.context[entry.key] = entry.value;
}

function flawed(check: WireCheck, flaw: CheckFlaw): "" {
  check.flaw ??= flaw;
  return "";
}

const COLON = 0x3a;

const LENGTH_DELIMITED = 2;
const tagOf = (field: number): number => (field << 3) | LENGTH_DELIMITED;

// The field numbers are those of proto/envoy/service/auth/v3 and proto/envoy/config/core/v3.
const ATTRIBUTES = tagOf(1);
const SOURCE = tagOf(1);
const REQUEST = tagOf(4);
const CONTEXT_EXTENSIONS = tagOf(10);
const PEER_PRINCIPAL = tagOf(4);
const HTTP = tagOf(2);
const HTTP_HEADERS = tagOf(3);
const HTTP_SIZE = 9 << 3;
const HTTP_BODY = tagOf(11);
const HTTP_RAW_BODY = tagOf(12);
const HTTP_HEADER_MAP = tagOf(13);
const HEADER_MAP_HEADERS = tagOf(1);

const HTTP_TEXTS: Readonly<Record<number, "id" | "method" | "path" | "host" | "scheme" | "protocol">> = {
  [tagOf(1)]: "id",
  [tagOf(2)]: "method",
  [tagOf(4)]: "path",
  [tagOf(5)]: "host",
  [tagOf(6)]: "scheme",
  [tagOf(10)]: "protocol",
};
