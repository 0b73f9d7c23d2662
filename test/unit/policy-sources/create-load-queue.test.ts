import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createLoadQueue } from "../../../src/policy/sources/create-load-queue.ts";

describe("the queue of loads", () => {
  it("runs one at a time and lets tenants take turns, however much one of them has", async () => {
    const queue = createLoadQueue();
    const ran: string[] = [];
    let running = 0;
    const work = (name: string) => async () => {
      running += 1;
      expect(running).toBe(1);
      await Promise.resolve();
      ran.push(name);
      running -= 1;
    };
    const names = ["a1", "a2", "a3", "a4", "b1", "c1", "b2"];
    await Promise.all(names.map((name) => queue(name.slice(0, 1), work(name))));
    expect(ran).toEqual(["a1", "a2", "b1", "c1", "a3", "b2", "a4"]);
  });

  it("gives each its own outcome, and goes on after one that fails", async () => {
    const queue = createLoadQueue();
    const fail = queue("a", () => Promise.reject(new Error("broken")));
    const throws = queue("a", () => {
      throw new Error("thrown");
    });
    const good = queue("a", async () => 7);
    expect(await Promise.allSettled([fail, throws, good])).toMatchObject([
      { status: "rejected", reason: { message: "broken" } },
      { status: "rejected", reason: { message: "thrown" } },
      { status: "fulfilled", value: 7 },
    ]);
  });

  it("holds eight of a tenant, and refuses the next", async () => {
    const queue = createLoadQueue();
    const { promise, resolve } = Promise.withResolvers<void>();
    const held = Array.from({ length: 9 }, () => queue("a", () => promise));
    await expect(queue("a", () => promise)).rejects.toThrow("too many versions of this tenant wait to be loaded");
    const other = queue("b", () => promise);
    resolve();
    await Promise.all([...held, other]);
  });

  it("runs everything once, whatever the tenants and their order", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 30 }), async (tenants) => {
        const queue = createLoadQueue();
        const ran: number[] = [];
        const settled = await Promise.allSettled(tenants.map((tenant, at) => queue(String(tenant), async () => ran.push(at))));
        expect(ran.length).toBe(settled.filter(({ status }) => status === "fulfilled").length);
        expect(new Set(ran).size).toBe(ran.length);
      }),
      { numRuns: 50 },
    );
  });
});
