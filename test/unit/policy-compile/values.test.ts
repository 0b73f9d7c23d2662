import { describe, expect, it } from "vitest";
import { isDate, parseMoment } from "../../../src/policy/compile/values/parse-moment.ts";
import { parseNetwork } from "../../../src/policy/compile/values/parse-network.ts";
import { parsePattern } from "../../../src/policy/compile/values/parse-pattern.ts";
import { parseSeconds } from "../../../src/policy/compile/values/parse-seconds.ts";

describe("a duration in seconds", () => {
  it.each([
    ["0s", 0],
    ["-0s", 0],
    ["90m", 5400],
    ["1h30m", 5400],
    ["30m1h", 5400],
    ["1.5s", 1.5],
    ["0.25h", 900],
    ["500ms", 0.5],
    ["1us", 0.000001],
    ["1µs", 0.000001],
    ["1ns", 1e-9],
    ["7d", 604_800],
    ["-1h1m", -3660],
    ["315576000000s", 315_576_000_000],
  ])("is read of %s", (text, seconds) => {
    expect(parseSeconds(text)).toBe(seconds);
  });

  it.each(["", "5", "s", "-", "+5s", "5 s", " 5s", "5S", "5w", ".5s", "5.s", "1h-5m", "0.1ns", "1e3s", "315576000001s", "9999999999999s"])(
    "is not read of %j",
    (text) => {
      expect(parseSeconds(text)).toBeNull();
    },
  );
});

describe("a moment in milliseconds", () => {
  it.each([
    ["1970-01-01T00:00:00Z", 0],
    ["2026-12-24T00:00:00Z", 1_798_070_400_000],
    ["2026-12-24T01:30:00+01:30", 1_798_070_400_000],
    ["2026-12-23T19:00:00-05:00", 1_798_070_400_000],
    ["2026-12-24T00:00:00.5Z", 1_798_070_400_500],
    ["2026-12-24T00:00:00.123000Z", 1_798_070_400_123],
    ["2024-02-29T00:00:00Z", 1_709_164_800_000],
    ["1969-12-31T23:59:59.999Z", -1],
    ["0001-01-01T00:00:00Z", -62_135_596_800_000],
  ])("is read of %s", (text, ms) => {
    expect(parseMoment(text)).toBe(ms);
  });

  it.each([
    "",
    "2026-12-24",
    "2026-12-24T00:00:00",
    "2026-12-24 00:00:00Z",
    "2026-12-24t00:00:00z",
    "2026-02-29T00:00:00Z",
    "2026-13-01T00:00:00Z",
    "2026-12-24T24:00:00Z",
    "2026-12-24T23:60:00Z",
    "2026-12-24T23:59:60Z",
    "2026-12-24T00:00:00.1234Z",
    "2026-12-24T00:00:00.Z",
    "2026-12-24T00:00:00+24:00",
    "2026-12-24T00:00:00+0100",
    "12026-12-24T00:00:00Z",
  ])("is not read of %j", (text) => {
    expect(parseMoment(text)).toBeNull();
  });
});

describe("a day", () => {
  it.each([
    ["2026-12-24", true],
    ["2024-02-29", true],
    ["2026-02-29", false],
    ["2026-1-1", false],
    ["24.12.2026", false],
    ["2026-12-24T00:00:00Z", false],
  ])("is %s: %s", (text, is) => {
    expect(isDate(text)).toBe(is);
  });
});

describe("a network", () => {
  it.each([
    ["10.0.0.0/8", "10.0.0.0/8"],
    ["0.0.0.0/0", "0.0.0.0/0"],
    ["10.1.2.3/32", "10.1.2.3/32"],
    ["10.0.0.128/25", "10.0.0.128/25"],
    ["2001:DB8:0:0::/32", "2001:db8::/32"],
    ["::/0", "::/0"],
    ["::1/128", "::1/128"],
  ])("is %s", (text, canonical) => {
    expect(parseNetwork(text)).toEqual({ kind: "network", text: canonical });
  });

  const EXAMPLE = 'for example "10.0.0.0/8" or "2001:db8::/32"';
  it.each([
    ["", "is no network", EXAMPLE],
    ["10.0.0.0/", "is no network", EXAMPLE],
    ["10.0/8", "is no network", EXAMPLE],
    ["010.0.0.0/8", "is no network", EXAMPLE],
    ["0x0a.0.0.0/8", "is no network", EXAMPLE],
    ["256.0.0.0/8", "is no network", EXAMPLE],
    ["fe80::1%eth0/64", "is no network", EXAMPLE],
    ["example.com/8", "is no network", EXAMPLE],
    ["10.0.0.1", "is an address without the length of a network", 'write "10.0.0.1/32"'],
    ["::1", "is an address without the length of a network", 'write "::1/128"'],
    ["10.0.0.0/33", "has the length 33", "0 … 32"],
    ["::/129", "has the length 129", "0 … 128"],
    ["10.0.0.0/08", "has the length 08", "0 … 32"],
    ["10.1.0.0/8", "has bits set behind its length", 'write "10.0.0.0/8"'],
    ["10.0.0.1/25", "has bits set behind its length", 'write "10.0.0.0/25"'],
    ["2001:db8::/28", "has bits set behind its length", 'write "2001:db0::/28"'],
    ["::ffff:10.0.0.0/104", "is an IPv4 network written as IPv6", "write the IPv4 network"],
  ])("is not %j", (text, reason, fix) => {
    expect(parseNetwork(text)).toEqual({ kind: "refused", reason, fix });
  });
});

describe("a pattern", () => {
  it.each(["a", "^sha256:[0-9a-f]{64}$", "(?i)x", "\\p{L}+", "[[:alpha:]]", "(?P<x>a)|b", "x".repeat(250)])("is %s", (text) => {
    expect(parsePattern(text)).toEqual({ kind: "pattern", text });
  });

  it.each([
    ["(?=a)", "is no RE2 pattern: invalid or unsupported Perl syntax: `(?=`"],
    ["(a)\\1", "is no RE2 pattern: invalid escape sequence: `\\1`"],
    ["[", "is no RE2 pattern: missing closing ]: `[`"],
    ["a{1001}", "is no RE2 pattern: invalid repeat count: `{1001}`"],
    ["(a{100}){100}", "is no RE2 pattern: invalid repeat count: `{100}`"],
    ["[ab]{300}", "needs more than 256 steps when its repetitions are written out"],
    ["(?:.{1,50}a){5}$", "needs more than 256 steps when its repetitions are written out"],
    ["x".repeat(513), "has more than 512 characters"],
    ["\ud800", "is no well-formed text"],
  ])("is not %s", (text, reason) => {
    expect(parsePattern(text)).toEqual({ kind: "refused", reason });
  });
});
