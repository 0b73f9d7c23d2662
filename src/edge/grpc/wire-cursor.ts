/** A place in a protobuf message. `end` is that of the innermost message being read. */
export type WireCursor = { readonly bytes: Buffer; at: number; end: number };

/** Reads one field into the target. False: nobody reads it, and the walk steps over it. */
export type FieldReader<Target> = (cursor: WireCursor, tag: number, into: Target) => boolean;

/** The bytes are no protobuf message. */
export class WireError extends Error {}

export function createCursor(bytes: Uint8Array): WireCursor {
  return { bytes: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), at: 0, end: bytes.byteLength };
}

/** Visits every field of the message at the cursor. The depth is that of the calling code, never of the bytes. */
export function walkFields<Target>(cursor: WireCursor, into: Target, read: FieldReader<Target>): void {
  while (cursor.at < cursor.end) {
    const tag = readVarint(cursor);
    if (!read(cursor, tag, into)) skipField(cursor, tag);
  }
}

/** The same for a message inside the one at the cursor. */
export function walkNested<Target>(cursor: WireCursor, into: Target, read: FieldReader<Target>): void {
  const length = readLength(cursor);
  const outer = cursor.end;
  cursor.end = cursor.at + length;
  walkFields(cursor, into, read);
  cursor.end = outer;
}

/** Loses the lowest bits of a number above 2^53; nothing that is read here is meant to be so large. */
export function readVarint(cursor: WireCursor): number {
  const first = cursor.at < cursor.end ? cursor.bytes[cursor.at] : undefined;
  if (first === undefined || first >= 0x80) return readLongVarint(cursor);
  cursor.at++;
  return first;
}

function readLongVarint(cursor: WireCursor): number {
  let value = 0;
  let scale = 1;
  for (let i = 0; i < 10; i++) {
    const byte = cursor.at < cursor.end ? cursor.bytes[cursor.at++] : undefined;
    if (byte === undefined) throw new WireError("a number is cut off");
    if (byte < 0x80) return value + byte * scale;
    value += (byte & 0x7f) * scale;
    scale *= 128;
  }
  throw new WireError("a number has more than ten bytes");
}

/** The length of what follows, which is then known to be there. */
export function readLength(cursor: WireCursor): number {
  const length = readVarint(cursor);
  if (length > cursor.end - cursor.at) throw new WireError("a field is longer than its message");
  return length;
}

/** A view, not a copy. */
export function readBytes(cursor: WireCursor): Buffer {
  const length = readLength(cursor);
  const start = cursor.at;
  cursor.at += length;
  return cursor.bytes.subarray(start, cursor.at);
}

export function skipField(cursor: WireCursor, tag: number): void {
  switch (tag & 7) {
    case VARINT:
      readVarint(cursor);
      break;
    case FIXED64:
      skipBytes(cursor, 8);
      break;
    case LENGTH_DELIMITED:
      skipBytes(cursor, readLength(cursor));
      break;
    case FIXED32:
      skipBytes(cursor, 4);
      break;
    default:
      // Groups (3, 4) are not in proto3 and would nest as deep as the bytes say; 6 and 7 do not exist.
      throw new WireError("a field has no known wire type");
  }
}

function skipBytes(cursor: WireCursor, count: number): void {
  if (count > cursor.end - cursor.at) throw new WireError("a field is cut off");
  cursor.at += count;
}

const VARINT = 0;
const FIXED64 = 1;
const LENGTH_DELIMITED = 2;
const FIXED32 = 5;
