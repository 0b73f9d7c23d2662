import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { createBuiltins } from "../../../src/policy/wasm/builtins/index.ts";
import { judgeAddress } from "../../../src/policy/wasm/judge-address.ts";
import { needTool } from "../../tools/need-tool.ts";

const builtins = createBuiltins();
const call = (name: string, ...args: readonly unknown[]) => builtins[name]?.(args);
const ENGINE = join(import.meta.dirname, "../../../policies/engine/engine.rego");
const opa = await needTool("opa");
const folder = mkdtempSync(join(tmpdir(), "sluice-builtins-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("regex.find_n", () => {
  it.each<[string, string, string, number, readonly string[]]>([
    ["the first match", "a+", "baab a", 1, ["aa"]],
    ["nothing", "x", "baab", 1, []],
    ["an empty match", "a*", "b", 1, [""]],
    ["all of them", "a|b", "abc ab", -1, ["a", "b", "a", "b"]],
    ["no empty match behind another", "a*", "baab", -1, ["", "aa", ""]],
    ["so many and no more", "a", "aaa", 2, ["a", "a"]],
    ["characters of every width", "^.$", "😀", 1, ["😀"]],
  ])("finds %s", (_, pattern, text, n, found) => {
    expect(call("regex.find_n", pattern, text, n)).toBe(JSON.stringify(found));
  });

  it("is done in time linear to the text, where a backtracking one would hang", () => {
    expect(call("regex.find_n", "^(a|a)*$", `${"a".repeat(16_000)}b`, 1)).toBe("[]");
  });

  it.each<[string, readonly unknown[]]>([
    ["a pattern that is none", ["(", "a", 1]],
    ["a pattern that RE2 has not", ["(?=a)", "a", 1]],
    ["the same pattern again", ["(", "a", 1]],
    ["a number for a pattern", [1, "a", 1]],
    ["a list for a text", ["a", ["a"], 1]],
    ["null for a text", ["a", null, 1]],
    ["a text for a count", ["a", "a", "1"]],
    ["half a count", ["a", "a", 0.5]],
    ["a count beyond all counting", ["a", "a", 1e30]],
    ["nothing", []],
  ])("gives nothing for %s", (_, args) => {
    expect(call("regex.find_n", ...args)).toBeUndefined();
  });
});

describe("time.parse_rfc3339_ns", () => {
  it.each([
    ["1970-01-01T00:00:00Z", "0"],
    ["1969-12-31T23:59:59.999999999Z", "-1"],
    ["2026-06-21T14:00:00.5+02:00", "1782043200500000000"],
    ["2026-06-21T12:00:00.123456789Z", "1782043200123456789"],
    ["2026-06-21T12:00:00.1234567899Z", "1782043200123456789"],
    ["2024-02-29T00:00:00Z", "1709164800000000000"],
    ["2262-04-11T23:47:16.854775807Z", "9223372036854775807"],
    ["1677-09-21T00:12:43.145224192Z", "-9223372036854775808"],
  ])("reads %s to the nanosecond", (text, nanos) => {
    expect(call("time.parse_rfc3339_ns", text)).toBe(nanos);
  });

  it.each([
    "2026-02-29T00:00:00Z",
    "2026-13-01T00:00:00Z",
    "2026-01-00T00:00:00Z",
    "2026-06-21T24:00:00Z",
    "2026-06-21T12:00:60Z",
    "2026-06-21T12:00:00",
    "2026-06-21 12:00:00Z",
    "2026-06-21t12:00:00z",
    "2026-06-21T12:00:00+25:00",
    "2026-06-21T12:00:00+0200",
    "2026-06-21",
    "2026-06-21T12:00:00Z\n",
    "2262-04-11T23:47:16.854775808Z",
    "9999-12-31T23:59:59Z",
    "",
    null,
    1_782_043_200,
    ["2026-06-21T12:00:00Z"],
    undefined,
  ])("gives nothing for %s", (value) => {
    expect(call("time.parse_rfc3339_ns", value)).toBeUndefined();
  });
});

describe.skipIf(opa === null)("what the host supplies and explains by", () => {
  const TIMES = [
    ..."2026-06-21T1:00:00Z 2026-06-21T12:0:00Z 2026-06-21T12:00:00,5Z 2026-06-21T12:00:00.Z 0000-01-01T00:00:00Z".split(" "),
    ..."2026-04-31T00:00:00Z 2026-06-21T12:00:00+24:00 2026-06-21T12:00:00+23:60 2026-06-21T12:00:00+23:61".split(" "),
    ..."2026-06-21T12:00:00-00:00 2026-06-21T12:00:00.5,5Z 10000-01-01T00:00:00Z 26-06-21T12:00:00Z 2262-04-12T00:00:00Z".split(" "),
    ..."1677-09-21T00:12:43.145224191Z 2262-04-11T23:47:16.854775808+00:01 2026-06-21T23:60:00Z 2026-06-21T012:00:00Z".split(" "),
    " 2026-06-21T12:00:00Z",
    "2026-06-21T12:00:00Z\n",
  ];
  const PATTERNS = [
    ..."a ^a+$ a* (a|b)* x* ^ $ \\b é (?i)É \\pL+ \\d+ \\w+ [[:alpha:]]+ (?s). . \\x{1F600} [^a] a{2,3} (?m)^a$ \\z \\A".split(" "),
    ..."(?P<n>a)(b)? \\Qa.b\\E a|ab (a|ab)(c|bcd) (?U)a+ \\pN \\p{Greek} (?i)k (?i)ſ \\s \\D \\B (?i)straße \\pZ \\p{Lu}".split(" "),
    ..."( [ a** (?=a) \\1 a{1001} x{2,1} \\p{Foo} \\h \\u0041 \\0 (?x)a \\C ^\\S+@\\S+$".split(" "),
  ];
  const TEXTS = [
    "",
    "a",
    "aaab",
    "baaab",
    "abcd",
    "é",
    "É",
    "x1y22",
    "a😀b",
    "a\nb",
    "a\r\nb",
    "a\u0000b",
    "K",
    "\u212a",
    "s",
    "ſ",
    "Σ",
    "\u00a0",
  ];
  const ADDRESSES = [
    ..."10.0.0.1 010.0.0.1 10.00.0.1 10.0.0 10.0.0.256 10.0.0.1.2 10.0.0.-1 0xa.0.0.1 167772161 10.1 a 10.0.0.1/32 10.0.0.1:80".split(" "),
    ..."::ffff:10.0.0.1 ::FFFF:a00:1 0:0:0:0:0:ffff:a00:1 ffff::1 ::ffff ::ffff:1 ::10.0.0.1 ::a00:1 64:ff9b::10.0.0.1".split(" "),
    ..."fe80::1 fe80::1%eth0 2001:DB8::1 2001:db8:0:0:0:0:0:1 2001:db8::1:: ::: :: ::1 1:: 1:2:3:4:5:6:7:8 1:2:3:4:5:6:7:8:9".split(" "),
    ..."12345:: 1:2:3:4:5:6:7:: ::2:3:4:5:6:7:8 1:2:3:4::5:6:7:8 [::1] １0.0.0.1 10..0.1 .10.0.0.1 10.0.0.1. +10.0.0.1 ::g".split(" "),
    ..."2001:db8::10.0.0.1 2001:db8::010.0.0.1 2001:db8:1.2.3.4:: 1.2.3.4:: ::1.2.3 ::1.2.3.4.5 ::1.2.3.256 1::2/64 0.0.0.0".split(" "),
    ..."1:2:3:4:5:6:1.2.3.4 1:2:3:4:5:6:7:1.2.3.4 :1 1: 1:2:3:4:5:6:7: :2:3:4:5:6:7:8 ::00001 % 10.0.0.99999999999".split(" "),
    ...["", "10.0.0.1 ", " 10.0.0.1", "10.0.0.1\u0000", "10.0.0.1\n"],
  ];
  const NETWORKS = ["10.0.0.0/8", "0.0.0.0/0", "::/0", "2001:db8::/32", "::1/128", "10.0.0.1/32", "::/96"];

  const finds = PATTERNS.flatMap((pattern) => TEXTS.flatMap((text) => [1, -1, 2, 0].map((n) => [pattern, text, n] as const)));
  const places = NETWORKS.flatMap((network) => ADDRESSES.map((address) => ({ address, network })));
  const answers = opa === null ? null : askOpa(opa, { times: TIMES, finds, places });

  it("says of moments what opa says", () => {
    const own = TIMES.map((text) => call("time.parse_rfc3339_ns", text) ?? null);
    expect(own).toEqual(answers?.times);
    expect(own.filter((nanos) => nanos !== null).length).toBeGreaterThan(5);
  });

  it("finds what opa finds", () => {
    const own = finds.map((args) => JSON.parse(call("regex.find_n", ...args) ?? "null"));
    expect(finds.filter((_, at) => JSON.stringify(own[at]) !== JSON.stringify(answers?.finds[at]))).toEqual([]);
    expect(own.filter((found) => found?.length > 0).length).toBeGreaterThan(500);
  });

  it("says of addresses what the engine says natively", () => {
    const truths = new Map<unknown, string>([
      [true, "true"],
      [false, "false"],
      [null, "unknown"],
    ]);
    const differing = places.filter(({ address, network }, at) => judgeAddress(address, network) !== truths.get(answers?.places[at]));
    expect(differing).toEqual([]);
    expect(new Set(answers?.places)).toEqual(new Set([true, false, null]));
  });
});

type Answers = { readonly times: readonly unknown[]; readonly finds: readonly unknown[]; readonly places: readonly unknown[] };

function askOpa(path: string, input: object): Answers {
  const [rego, json] = [join(folder, "ask.rego"), join(folder, "input.json")];
  writeFileSync(json, JSON.stringify(input));
  writeFileSync(
    rego,
    `package ask

default nanos(_) := null

nanos(text) := format_int(time.parse_rfc3339_ns(text), 10)

default found(_) := null

found(args) := regex.find_n(args[0], args[1], args[2])

default within(_) := null

within(place) := data.sluice.within(place.address, place.network)

answers := {
  "times": [nanos(text) | some text in input.times],
  "finds": [found(args) | some args in input.finds],
  "places": [within(place) | some place in input.places],
}
`,
  );
  const answer = execFileSync(path, ["eval", "-d", rego, "-d", ENGINE, "-i", json, "data.ask.answers"], { maxBuffer: 1 << 26 });
  return JSON.parse(answer.toString()).result[0].expressions[0].value;
}
