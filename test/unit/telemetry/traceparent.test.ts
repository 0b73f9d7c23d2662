import { describe, expect, it } from "vitest";
import { parseTraceparent } from "../../../src/telemetry/traceparent.ts";

const TRACE = "0af7651916cd43dd8448eb211c80319c";
const SPAN = "b7ad6b7169203331";

describe("parseTraceparent", () => {
  it.each([
    ["nothing", null],
    ["an empty text", ""],
    ["a zero trace", `00-${"0".repeat(32)}-${SPAN}-01`],
    ["a zero span", `00-${TRACE}-${"0".repeat(16)}-01`],
    ["upper case", `00-${TRACE.toUpperCase()}-${SPAN}-01`],
    ["version ff", `ff-${TRACE}-${SPAN}-01`],
    ["more than version 00 has", `00-${TRACE}-${SPAN}-01-x`],
    ["two joined", `00-${TRACE}-${SPAN}-01,00-${TRACE}-${SPAN}-01`],
    ["no flags", `00-${TRACE}-${SPAN}`],
    ["a space before", ` 00-${TRACE}-${SPAN}-01`],
  ])("has nothing for %s", (_name, text) => {
    expect(parseTraceparent(text)).toBeNull();
  });

  it.each([
    ["01", true],
    ["00", false],
    ["03", true],
    ["02", false],
  ])("reads the flags %s", (flags, sampled) => {
    expect(parseTraceparent(`00-${TRACE}-${SPAN}-${flags}`)).toEqual({ traceId: TRACE, spanId: SPAN, sampled });
  });

  it("reads a later version that has more", () => {
    expect(parseTraceparent(`01-${TRACE}-${SPAN}-01-more`)).toEqual({ traceId: TRACE, spanId: SPAN, sampled: true });
  });
});
