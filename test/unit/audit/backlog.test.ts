import { describe, expect, it } from "vitest";
import { createBacklog } from "../../../src/audit/backlog.ts";
import type { Line } from "../../../src/audit/chain.ts";

function line(stream: string, seq: number, chars: number): Line {
  return { stream, seq, hash: "", text: "x".repeat(chars) };
}

describe("the backlog", () => {
  it("takes nothing of a stream after a dropped line until the stream is empty, so that the hole is one", () => {
    const backlog = createBacklog(100);
    expect(backlog.add(line("a", 1, 40))).toBe(true);
    expect(backlog.add(line("a", 2, 20))).toBe(false);
    expect(backlog.add(line("a", 3, 1))).toBe(false);
    expect(backlog.takeHoles()).toEqual([]);
    backlog.remove("a", backlog.first("a", 10));
    expect(backlog.add(line("a", 4, 1))).toBe(false);
    expect(backlog.takeHoles()).toEqual([{ stream: "a", first: 2, last: 4 }]);
    expect(backlog.add(line("a", 5, 1))).toBe(true);
  });

  it("gives no stream more than half, and all together no more than its bound", () => {
    const backlog = createBacklog(100);
    expect(backlog.add(line("a", 1, 51))).toBe(false);
    expect(backlog.add(line("b", 1, 50))).toBe(true);
    expect(backlog.add(line("c", 1, 50))).toBe(true);
    expect(backlog.add(line("d", 1, 1))).toBe(false);
    expect([backlog.chars(), backlog.lines(), backlog.streams()]).toEqual([100, 2, ["b", "c"]]);
  });

  it("forgets what was written and keeps what came meanwhile", () => {
    const backlog = createBacklog(100);
    backlog.add(line("a", 1, 10));
    const written = backlog.first("a", 10);
    backlog.add(line("a", 2, 7));
    backlog.remove("a", written);
    expect([backlog.chars(), backlog.lines(), backlog.first("a", 10).map(({ seq }) => seq)]).toEqual([7, 1, [2]]);
  });
});
