import { PolicyRefusedError } from "./policy-refused-error.ts";

/** What a clock on the wall shows. */
export type WallTime = { readonly hour: number; readonly weekday: string; readonly date: string };

const MINUTE_MS = 60_000;

/** Reads the clock of a time zone. Zones differ by whole minutes, so that one reading serves for a minute. */
export function createZoneClock(zone: string): (nowMs: number) => WallTime {
  const format = formatOf(zone);
  let minute = Number.NaN;
  let time: WallTime | null = null;

  return function readClock(nowMs) {
    const now = Math.floor(nowMs / MINUTE_MS);
    if (time === null || now !== minute) {
      time = describe(format, now * MINUTE_MS);
      minute = now;
    }
    return time;
  };
}

function formatOf(zone: string): Intl.DateTimeFormat {
  try {
    return new Intl.DateTimeFormat("en-US", {
      timeZone: zone,
      calendar: "gregory",
      numberingSystem: "latn",
      hourCycle: "h23",
      year: "numeric",
      month: "2-digit",
      day: "2-digit",
      weekday: "short",
      hour: "2-digit",
    });
  } catch {
    throw new PolicyRefusedError("a condition reads the time of a zone that this system does not know");
  }
}

function describe(format: Intl.DateTimeFormat, ms: number): WallTime {
  const parts = new Map(format.formatToParts(ms).map(({ type, value }) => [type, value]));
  const part = (type: Intl.DateTimeFormatPartTypes) => parts.get(type) ?? "";
  return {
    hour: Number(part("hour")),
    weekday: part("weekday").toLowerCase(),
    date: `${part("year").padStart(4, "0")}-${part("month")}-${part("day")}`,
  };
}
