export type DayWindow = { readonly date: string; readonly startsAtMs: number; readonly endsAtMs: number };

const DAY_MS = 86_400_000;
const formats = new Map<string, Intl.DateTimeFormat>();
const windows = new Map<string, DayWindow>();

/** The calendar day around `nowMs` in an IANA time zone: 23, 24 or 25 hours long. Remembered until it ends. */
export function dayWindowOf(timeZone: string, nowMs: number): DayWindow {
  const known = windows.get(timeZone);
  if (known !== undefined && known.startsAtMs <= nowMs && nowMs < known.endsAtMs) return known;
  const today = localMidnight(timeZone, nowMs, 0);
  const tomorrow = localMidnight(timeZone, nowMs, 1);
  const window = { date: today.date, startsAtMs: today.ms, endsAtMs: tomorrow.ms };
  windows.set(timeZone, window);
  return window;
}

function localMidnight(timeZone: string, nowMs: number, daysLater: number): { date: string; ms: number } {
  const wall = wallClockMs(timeZone, nowMs);
  const midnightWall = Math.floor(wall / DAY_MS) * DAY_MS + daysLater * DAY_MS;
  // The zone's offset at midnight may differ from the one now; two rounds settle it across a change of the clocks.
  let ms = midnightWall - (wall - nowMs);
  for (let i = 0; i < 2; i++) ms += midnightWall - wallClockMs(timeZone, ms);
  return { date: new Date(midnightWall).toISOString().slice(0, 10), ms };
}

/** What the zone's wall clock shows at an instant, written as if it were UTC. */
function wallClockMs(timeZone: string, ms: number): number {
  const shown: { [type: string]: number } = {};
  for (const part of formatOf(timeZone).formatToParts(ms)) shown[part.type] = Number(part.value);
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = shown;
  return Date.UTC(year, month - 1, day, hour, minute, second) + (((ms % 1000) + 1000) % 1000);
}

function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known !== undefined) return known;
  const made = new Intl.DateTimeFormat("en-US", {
    timeZone,
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  });
  formats.set(timeZone, made);
  return made;
}
