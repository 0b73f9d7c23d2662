import { describe, expect, it } from "vitest";
import { parseGrpcTimeout } from "../../../src/edge/grpc/parse-grpc-timeout.ts";

describe("a grpc-timeout", () => {
  it.each([
    ["1H", 3_600_000_000],
    ["2M", 120_000_000],
    ["1S", 1_000_000],
    ["200m", 200_000],
    ["7u", 7],
    ["500n", 0.5],
    ["0m", 0],
    ["99999999m", 99_999_999_000],
  ])("of %s is %d microseconds", (text, us) => {
    expect(parseGrpcTimeout(text)).toBe(us);
  });

  it.each([undefined, "", "m", "100", "-1m", "1.5S", "100000000m", "1s", "1 m", "1m "])("of %s is none", (text) => {
    expect(parseGrpcTimeout(text)).toBeNull();
  });
});
