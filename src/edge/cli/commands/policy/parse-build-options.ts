import { InvalidArgumentError } from "@commander-js/extra-typings";
import { parseName } from "../../../../core/name.ts";
import { parseMoment } from "../../../../policy/compile/values/parse-moment.ts";

export function parseSerial(text: string): number {
  const serial = Number(text);
  if (!/^[0-9]+$/.test(text) || !Number.isSafeInteger(serial)) throw new InvalidArgumentError("a whole number from 0 on is expected");
  return serial;
}

/** In UTC, as bundles hold it. */
export function parseNotAfter(text: string): string {
  const ms = parseMoment(text);
  if (ms === null) throw new InvalidArgumentError("a time such as 2026-12-31T00:00:00Z is expected");
  return new Date(ms).toISOString();
}

export function parseTenant(text: string): string {
  const name = parseName(text);
  if (name === null) throw new InvalidArgumentError("letters, digits and ._:@/+- are expected, 128 at most");
  return name;
}
