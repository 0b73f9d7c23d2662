import { describe, expect, it } from "vitest";
import { compileFiles, findRule } from "./compile-one.ts";

describe("a short form", () => {
  const program = compileFiles(
    "policy: p\nmatch: { agents: [a-*] }\ntime_zone: Europe/Berlin\nmax_requests_per_second: 50\nmax_daily_budget: 25 usd\nallowed_domains: [.example.com, a.example]\n",
  );
  const match = { agent: { is: {}, starts: ["a-"], ends: [] } };

  it("limits the requests of each agent per second", () => {
    expect(findRule(program, "p/max_requests_per_second")).toMatchObject({
      effect: "limit",
      match,
      limit: {
        id: "p/max_requests_per_second",
        per: ["agent"],
        bound: { kind: "rate", count: 50, periodMs: 1000, burst: 50 },
        timeZone: "Europe/Berlin",
      },
    });
  });

  it("limits what the calls of each agent cost a day", () => {
    expect(findRule(program, "p/max_daily_budget")).toMatchObject({
      effect: "limit",
      match,
      limit: {
        id: "p/max_daily_budget",
        per: ["agent"],
        bound: { kind: "budget", micros: 25_000_000, currency: "usd", period: "day", of: "cost" },
        timeZone: "Europe/Berlin",
      },
    });
  });

  it("allows hosts", () => {
    expect(findRule(program, "p/allowed_domains")).toMatchObject({
      effect: "allow",
      match: { ...match, host: { is: { "a.example": true }, starts: [], ends: [".example.com"] } },
      sure: [[]],
      maybe: null,
    });
  });

  it("may stand alone or beside rules", () => {
    expect(compileFiles("policy: p\nallowed_domains: [a.example]\n").rules.map(({ id }) => id)).toEqual(["p/allowed_domains"]);
    expect(compileFiles("policy: p\nallowed_domains: [a.example]\nrules: [{ id: b, then: deny }]\n").rules.map(({ id }) => id)).toEqual([
      "p/allowed_domains",
      "p/b",
    ]);
  });

  it("may be read by its usage", () => {
    const text =
      'policy: p\nmax_requests_per_second: 5\nrules:\n  - id: a\n    then: deny\n    if: |\n      usage["max_requests_per_second"].share > 0.9\n';
    expect(compileFiles(text).usage).toEqual(["p/max_requests_per_second"]);
  });
});

describe("a limit", () => {
  it.each(["tenant", "agent", "subject", "group", "tool", "model", "host", "session", "labels.team"])("may be counted per %s", (per) => {
    expect(findRule(compileFiles(`policy: p\nlimits: [{ id: l, per: [${per}], rate: 5/s }]\n`), "p/l").limit?.per).toEqual([per]);
  });
});
