import { describe, expect, it } from "vitest";
import { describePlace } from "../../../src/core/finding.ts";
import type { Target } from "../../../src/core/intent.ts";
import { collectPassages } from "../../../src/understanding/collect-passages.ts";
import { type BodyRead, NO_BODY } from "../../../src/understanding/read-body.ts";

const TARGET: Target = {
  scheme: "https",
  host: "a.example",
  hostname: "a.example",
  port: 443,
  private: false,
  path: "/",
  segments: [],
  query: [],
  text: "/",
  rewritten: { path: false, authority: false },
};
const placesOf = (headers: Readonly<Record<string, string>>) =>
  collectPassages({ headers: new Map(Object.entries(headers)) }, TARGET, NO_BODY).map(({ place }) => place);

describe("the headers that detectors look at", () => {
  it.each(["trailer", "te", "expect", "connection", "transfer-encoding", "upgrade", "x-note", "cookie"])(
    "include %s, which can carry any text upstream",
    (name) => {
      expect(placesOf({ [name]: "536-22-8145" })).toEqual([{ kind: "header", name }]);
    },
  );

  it.each(["host", "content-length", "proxy-authorization", "x-sluice-token"])("leave out %s, which goes no further as text", (name) => {
    expect(placesOf({ [name]: "536-22-8145" })).toEqual([]);
  });
});

describe("a place in a body", () => {
  const placesIn = (body: BodyRead) =>
    collectPassages({ headers: new Map() }, TARGET, body).map(({ place, text }) => [describePlace(place), text.length]);
  const LONG = "k".repeat(2000);

  it("is told whole up to a bound, and then by its end", () => {
    const deep = { [LONG]: { ssn: "1" }, a: { [`${"k".repeat(1020)}`]: { ssn: "2" } } };
    expect(placesIn({ kind: "json", value: deep })).toEqual([
      ["json:", 2000],
      [`json:/…${"k".repeat(512)}`, 3],
      [`json:/…${"k".repeat(512)}/ssn`, 1],
      ["json:", 1],
      ["json:/a", 1020],
      [`json:/a/${"k".repeat(1020)}`, 3],
      ["json:/…ssn", 1],
    ]);
    const pairs = [
      { key: LONG, value: "1" },
      { key: "k".repeat(1024), value: "2" },
    ];
    expect(placesIn({ kind: "form", text: "", pairs })).toEqual([
      ["form:", 2000],
      [`form:…${"k".repeat(512)}`, 1],
      ["form:", 1024],
      [`form:${"k".repeat(1024)}`, 1],
    ]);
  });

  it("holds no half of a character", () => {
    const [, value] = placesIn({ kind: "form", text: "", pairs: [{ key: `${"🔑".repeat(600)}k`, value: "1" }] });
    expect(String(value?.[0]).isWellFormed()).toBe(true);
  });
});
