import { describe, expect, it } from "vitest";
import { PolicyRefusedError } from "../../../src/policy/wasm/policy-refused-error.ts";
import { createZoneClock } from "../../../src/policy/wasm/zone-clock.ts";

const at = (zone: string, moment: string) => createZoneClock(zone)(Date.parse(moment));

describe("a zone's clock", () => {
  it.each<[string, string, number, string, string]>([
    ["UTC", "2026-06-21T00:00:00Z", 0, "sun", "2026-06-21"],
    ["UTC", "2026-06-21T23:59:59.999Z", 23, "sun", "2026-06-21"],
    ["UTC", "1969-12-31T23:59:59Z", 23, "wed", "1969-12-31"],
    ["Europe/Berlin", "2026-06-21T22:00:00Z", 0, "mon", "2026-06-22"],
    ["Europe/Berlin", "2026-12-31T22:59:59Z", 23, "thu", "2026-12-31"],
    ["Europe/Berlin", "2026-12-31T23:00:00Z", 0, "fri", "2027-01-01"],
    ["Europe/Berlin", "2026-03-29T00:59:59Z", 1, "sun", "2026-03-29"],
    ["Europe/Berlin", "2026-03-29T01:00:00Z", 3, "sun", "2026-03-29"],
    ["America/New_York", "2026-01-01T04:59:00Z", 23, "wed", "2025-12-31"],
    ["Asia/Kolkata", "2026-06-20T18:29:59Z", 23, "sat", "2026-06-20"],
    ["Asia/Kolkata", "2026-06-20T18:30:00Z", 0, "sun", "2026-06-21"],
    ["Pacific/Kiritimati", "2026-06-20T10:00:00Z", 0, "sun", "2026-06-21"],
  ])("of %s shows at %s the hour %d of %s, %s", (zone, moment, hour, weekday, date) => {
    expect(at(zone, moment)).toEqual({ hour, weekday, date });
  });

  it("goes on, and back, with the time that it is asked for", () => {
    const clock = createZoneClock("UTC");
    const hours = [0, 59_999, 3_600_000, 3_599_999, 7_200_000].map((ms) => clock(ms).hour);
    expect(hours).toEqual([0, 0, 1, 0, 2]);
  });

  it("is read once a minute", () => {
    const clock = createZoneClock("UTC");
    expect(clock(60_000)).toBe(clock(119_999));
    expect(clock(60_000)).not.toBe(clock(120_000));
  });

  it.each(["Mars/Olympus", "", "Europe/Berlin "])("of the zone %j is refused", (zone) => {
    expect(() => createZoneClock(zone)).toThrow(PolicyRefusedError);
  });
});
