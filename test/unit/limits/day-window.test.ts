import { describe, expect, it } from "vitest";
import { dayWindowOf } from "../../../src/limits/day-window.ts";

const hours = (ms: number) => ms / 3_600_000;

describe("the day's window", () => {
  it.each([
    { zone: "UTC", at: "2026-11-25T12:00:00Z", date: "2026-11-25", starts: "2026-11-25T00:00:00.000Z", long: 24 },
    { zone: "Europe/Berlin", at: "2026-03-29T12:00:00Z", date: "2026-03-29", starts: "2026-03-28T23:00:00.000Z", long: 23 },
    { zone: "Europe/Berlin", at: "2026-10-25T00:30:00Z", date: "2026-10-25", starts: "2026-10-24T22:00:00.000Z", long: 25 },
    { zone: "America/New_York", at: "2026-11-25T03:00:00Z", date: "2026-11-24", starts: "2026-11-24T05:00:00.000Z", long: 24 },
    { zone: "Asia/Kolkata", at: "2026-06-01T18:30:00Z", date: "2026-06-02", starts: "2026-06-01T18:30:00.000Z", long: 24 },
  ])("is the calendar day of $zone around $at", ({ zone, at, date, starts, long }) => {
    const window = dayWindowOf(zone, Date.parse(at));
    expect({
      date: window.date,
      starts: new Date(window.startsAtMs).toISOString(),
      long: hours(window.endsAtMs - window.startsAtMs),
    }).toEqual({ date, starts, long });
  });

  it("ends where the next one starts", () => {
    const today = dayWindowOf("America/New_York", Date.parse("2026-11-01T12:00:00Z"));
    const tomorrow = dayWindowOf("America/New_York", today.endsAtMs);
    expect(tomorrow.startsAtMs).toBe(today.endsAtMs);
  });
});
