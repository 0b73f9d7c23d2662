import { describe, expect, it } from "vitest";
import type { Target } from "../../../src/core/intent.ts";
import { collectPassages } from "../../../src/understanding/collect-passages.ts";
import { NO_BODY } from "../../../src/understanding/read-body.ts";

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
