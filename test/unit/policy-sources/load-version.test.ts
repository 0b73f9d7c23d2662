import { describe, expect, it } from "vitest";
import { loadInPlace } from "../../../src/operate/load-policy/load-in-place.ts";
import { openPolicyLoader } from "../../../src/operate/load-policy/open-policy-loader.ts";
import type { BundleParts } from "../../../src/policy/bundle/write-bundle.ts";
import type { PolicyCase } from "../../../src/policy/compile/cases.ts";
import { type LoadJob, loadVersion } from "../../../src/policy/sources/load-version.ts";
import { bundleOf, TRUST } from "./a-source.ts";

const jobOf = async (parts: Partial<BundleParts> = {}): Promise<LoadJob & { readonly kind: "bundle" }> => ({
  kind: "bundle",
  source: "pushed",
  packed: await bundleOf(3, parts),
  rules: { ...TRUST, tenant: "acme", serialMark: null, nowMs: Date.parse("2026-11-25T12:00:00Z") },
  isLastGood: false,
});

const denied: PolicyCase = {
  name: "everything is denied",
  file: "p.yaml",
  line: 3,
  caller: {
    tenant: "acme",
    agent: "a",
    subject: null,
    actors: [],
    roles: [],
    groups: [],
    scope: null,
    labels: {},
    session: null,
    agentVersion: null,
  },
  call: {
    kind: "http",
    method: "GET",
    scheme: "https",
    host: "example.com",
    path: "/",
    query: {},
    headers: {},
    body: { kind: "none" },
  },
  context: {},
  usage: {},
  nowMs: null,
  findings: null,
  expect: {
    decision: "deny",
    rule: "p/r3",
    code: null,
    class: null,
    tool: null,
    model: null,
    redactions: null,
    limits: null,
    shadow: null,
    set: null,
    removed: null,
  },
};

describe("loading a bundle", () => {
  it("gives a version that needs only to be opened", async () => {
    expect(await loadInPlace(await jobOf({ notAfter: "2027-01-01T00:00:00Z", cases: [denied] }))).toMatchObject({
      kind: "version",
      name: "p",
      revision: "r3",
      origin: { source: "pushed", serial: 3, signedBy: "ci-1", notAfterMs: Date.parse("2027-01-01T00:00:00Z"), isLastGood: false },
    });
  });

  it.each<readonly [string, Partial<BundleParts>, string, string]>([
    ["of another tenant", { tenant: "globex" }, "tenant_differs", "it is for the tenant globex"],
    ["whose engine is none", { wasm: new Uint8Array([0, 97, 115, 109]) }, "wasm_refused", "the engine is no module"],
    [
      "whose case does not come out so",
      { cases: [denied, { ...denied, name: "passes", line: 9, expect: { ...denied.expect, decision: "allow", rule: null } }] },
      "cases_failed",
      'p.yaml:9: case "passes": decision: expected allow, got deny',
    ],
    [
      "whose case cannot even be decided",
      { cases: [{ ...denied, call: { kind: "tool", tool: "gone", args: {}, query: {}, headers: {} } }] },
      "cases_failed",
      'p.yaml:3: case "everything is denied": the case names a tool',
    ],
  ])("refuses one %s", async (_, parts, code, reason) => {
    expect(await loadInPlace(await jobOf(parts))).toMatchObject({ kind: "refused", code, reason: expect.stringContaining(reason) });
  });

  it("refuses cases that say more than this version looks at", async () => {
    const strange: PolicyCase[] = [Object.assign({ weather: "fair" }, denied)];
    expect(await loadInPlace(await jobOf({ cases: strange }))).toMatchObject({
      kind: "refused",
      code: "data_malformed",
      reason: "its cases are malformed at 0",
    });
  });

  it("refuses one whose first call always takes longer than its budget", async () => {
    let us = 0;
    const slow = () => (us += 5_001);
    const tools = { tryCases: async () => null, monotonicUs: slow };
    expect(await loadVersion(await jobOf(), tools)).toMatchObject({
      kind: "refused",
      code: "warm_up_failed",
      reason: expect.stringContaining("5001 µs"),
    });
  });

  it("counts the fastest of several first calls, because a busy machine may stretch any one", async () => {
    const ticks = [0, 90_000, 90_000, 94_000];
    const tools = { tryCases: async () => null, monotonicUs: () => ticks.shift() ?? 1_000_000 };
    expect(await loadVersion(await jobOf(), tools)).toMatchObject({ kind: "version" });
  });
});

describe("the loader of policies", () => {
  it("gives in a thread what it gives in place, and one thread does many", async () => {
    const loader = openPolicyLoader();
    try {
      const job = await jobOf({ cases: [denied] });
      const load = loader.forTenant("acme");
      const here = await load(job);
      loader.goOffLoop();
      expect(await load(job)).toEqual(structuredClone(here));
      expect(await load({ ...job, rules: { ...job.rules, serialMark: 9 } })).toMatchObject({ kind: "refused", code: "serial_too_old" });
      await expect(
        load({ kind: "folder", place: { folder: "/absent", guardrailFolders: [], engineFile: "/absent" } }),
      ).resolves.toMatchObject({
        kind: "refused",
        code: "policy_invalid",
      });
    } finally {
      await loader.close();
    }
  });

  it("gives up a load that takes too long, and goes on with the next", async () => {
    const loader = openPolicyLoader({ loadMsMax: 1 });
    try {
      loader.goOffLoop();
      const load = loader.forTenant("acme");
      const job = await jobOf();
      const both = await Promise.allSettled([load(job), load(job)]);
      expect(both.map((one) => (one.status === "rejected" ? String(one.reason) : one))).toEqual([
        "Error: the policy was not loaded within 1 ms",
        "Error: the policy was not loaded within 1 ms",
      ]);
    } finally {
      await loader.close();
    }
  });

  it("loads nothing more once it is closed", async () => {
    const loader = openPolicyLoader();
    await loader.close();
    await expect(loader.forTenant("acme")(await jobOf())).rejects.toThrow("no more policies are loaded");
  });
});
