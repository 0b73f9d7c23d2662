// As Go reads it: one digit may be an hour, a comma may stand for the point, and a lower-case t or z may not be.
const RFC_3339 = /^(\d{4})-(\d{2})-(\d{2})T(\d{1,2}):(\d{2}):(\d{2})(?:[.,](\d+))?(?:Z|([+-])(\d{2}):(\d{2}))$/;
const INT64_MIN = -(2n ** 63n);
const INT64_MAX = 2n ** 63n - 1n;

/** `time.parse_rfc3339_ns(text)`: nanoseconds since 1970 as an integer's text, exact where a double would not be. */
export function parseRfc3339Ns([text]: readonly unknown[]): string | undefined {
  if (typeof text !== "string") return undefined;
  const parts = RFC_3339.exec(text);
  if (parts === null) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts.slice(1, 7).map(Number);
  const offset = offsetMinutes(parts[8], Number(parts[9] ?? 0), Number(parts[10] ?? 0));
  if (offset === null || hour > 23 || minute > 59 || second > 59) return undefined;
  const days = daysSinceEpoch(year, month, day);
  if (days === null) return undefined;
  const seconds = ((days * 24 + hour) * 60 + minute - offset) * 60 + second;
  const nanos = BigInt(seconds) * 1_000_000_000n + BigInt((parts[7] ?? "").slice(0, 9).padEnd(9, "0"));
  return nanos < INT64_MIN || nanos > INT64_MAX ? undefined : nanos.toString();
}

function offsetMinutes(sign: string | undefined, hours: number, minutes: number): number | null {
  if (hours > 24 || minutes > 60) return null;
  return (sign === "-" ? -1 : 1) * (hours * 60 + minutes);
}

function daysSinceEpoch(year: number, month: number, day: number): number | null {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  const isOfCalendar = date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  return isOfCalendar ? date.getTime() / 86_400_000 : null;
}
