import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkpointStreamOf, fileNameOf, isCheckpointStream, streamOf } from "../../../src/audit/stream-name.ts";
import { parseName } from "../../../src/core/name.ts";

const name = fc.stringMatching(/^[A-Za-z0-9._:@/+-]{1,128}$/);

describe("streamOf", () => {
  it.each([
    ["default", null, "default"],
    [null, null, "-"],
    ["-", null, "~-"],
    ["default", "w2", "default~w2"],
    [null, "w2", "-~w2"],
  ])("names the stream of tenant %j and writer %j", (tenant, writer, stream) => {
    expect(streamOf(tenant, writer)).toBe(stream);
  });

  it("gives no tenant the stream of the unidentified or of checkpoints", () => {
    fc.assert(
      fc.property(name, (tenant) => {
        expect(parseName(tenant)).toBe(tenant);
        expect(streamOf(tenant, null)).not.toBe(streamOf(null, null));
        expect(isCheckpointStream(streamOf(tenant, null))).toBe(false);
      }),
    );
    expect(isCheckpointStream(checkpointStreamOf(null))).toBe(true);
    expect(isCheckpointStream(checkpointStreamOf("w1"))).toBe(true);
  });
});

describe("fileNameOf", () => {
  it.each([
    ["default", "default.jsonl"],
    ["-", "-.jsonl"],
    ["~checkpoints", "~checkpoints.jsonl"],
    ["..", "%2e..jsonl"],
    ["a/b", "a%2fb.jsonl"],
    ["A", "%41.jsonl"],
  ])("makes one safe path segment of %j", (stream, file) => {
    expect(fileNameOf(stream)).toBe(file);
  });

  it("keeps every two tenants apart, also where the file system ignores case", () => {
    fc.assert(
      fc.property(name, name, (one, other) => {
        const [a, b] = [fileNameOf(one), fileNameOf(other)];
        for (const file of [a, b]) expect(file).toMatch(/^[a-z0-9_~@+.%-]{1,200}\.jsonl$/);
        expect(a.toLowerCase() === b.toLowerCase()).toBe(one === other);
      }),
    );
    expect(fileNameOf("A".repeat(128))).not.toBe(fileNameOf(`${"A".repeat(127)}B`));
  });
});
