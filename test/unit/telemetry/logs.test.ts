import { describe, expect, it } from "vitest";
import { createTelemetry } from "../../../src/telemetry/create-telemetry.ts";
import { CANARY, sampleOutcome } from "./sample-outcomes.ts";

function create(logLevel: "debug" | "info" | "warn" | "error") {
  const lines: string[] = [];
  let nowMs = 0;
  const destination = { write: (line: string) => lines.push(line) };
  const telemetry = createTelemetry({ otlp: null, sample: 1, logLevel, serviceName: "sluice", destination, nowMs: () => nowMs });
  const advance = (ms: number) => {
    nowMs += ms;
  };
  return { ...telemetry, lines, advance };
}

describe("the log", () => {
  it("is JSON lines with the fields that were given and nothing of the machine", () => {
    const { observer, lines } = create("info");
    observer.log("warn", "policy reloaded\u202e", { tenant: "default", rules: 3, ok: true, error: null });
    expect(lines).toHaveLength(1);
    const { time, ...rest } = JSON.parse(lines[0] ?? "");
    expect(rest).toEqual({
      level: "warn",
      service: "sluice",
      msg: "policy reloaded\u202e",
      tenant: "default",
      rules: 3,
      ok: true,
      error: null,
    });
    expect(new Date(time).toISOString()).toBe(time);
  });

  it("leaves out what is below its level", () => {
    const { observer, lines } = create("warn");
    for (const level of ["debug", "info", "warn", "error"] as const) observer.log(level, level);
    expect(lines.map((line) => JSON.parse(line).msg)).toEqual(["warn", "error"]);
  });

  it("says nothing of decisions, so nothing of their content", () => {
    const { observer, lines } = create("debug");
    observer.startDecision(null, CANARY).end(sampleOutcome());
    expect(lines).toEqual([]);
  });

  it("has one line a second for each kind of fault, and counts the rest", () => {
    const { observer, lines, advance } = create("info");
    for (let i = 0; i < 1_000; i++) observer.faulted("receipts", "retry", "file ENOSPC");
    observer.faulted("otlp", "dropped", "x");
    advance(1_000);
    observer.faulted("receipts", "retry", "file ENOSPC");
    expect(lines.map((line) => JSON.parse(line)).map(({ dependency, unlogged }) => [dependency, unlogged])).toEqual([
      ["receipts", 0],
      ["otlp", 0],
      ["receipts", 999],
    ]);
  });
});
