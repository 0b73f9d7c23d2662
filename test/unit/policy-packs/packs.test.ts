import { readdirSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { testPolicy } from "../../../src/operate/test-policy.ts";
import { validatePolicy } from "../../../src/operate/validate-policy.ts";
import type { PolicyCase } from "../../../src/policy/compile/cases.ts";
import { type LoadedPolicy, loadFolder } from "../../../src/policy/sources/load-folder.ts";

type Loaded = LoadedPolicy & { readonly kind: "loaded" };

const policies = join(import.meta.dirname, "..", "..", "..", "policies");
const packs = join(policies, "packs");
const starters = join(policies, "starters");
const packNames = readdirSync(packs).sort();
const starterNames = readdirSync(starters).sort();
const folders = [...packNames.map((name) => join(packs, name)), ...starterNames.map((name) => join(starters, name))];

const BENCH = { wasm: await readFile(join(policies, "engine", "policy.wasm")), nowMs: Date.UTC(2026, 0, 1), threads: 1 };

async function load(folder: string): Promise<Loaded> {
  const loaded = await loadFolder(folder);
  if (loaded.kind === "refused") throw new Error(JSON.stringify(loaded.problems, null, 2));
  return loaded;
}

/** Calls that change something and pass without a yes, each on purpose. */
const WRITES_THAT_PASS = ["slack.add_reaction", "slack.read_identity"];

/** Calls that carry other calls or code, which nothing here reads. */
const CARRIERS = [
  "github.graphql",
  "graph.batch",
  "salesforce.batch_composite",
  "salesforce.batch_create",
  "salesforce.batch_delete",
  "salesforce.batch_graph",
  "salesforce.batch_job",
  "salesforce.batch_requests",
  "salesforce.batch_tree",
  "salesforce.batch_update",
  "salesforce.batch_upsert",
  "salesforce.call_apex",
  "salesforce.execute_apex",
  "salesforce.graphql",
];

describe("packs and starters", () => {
  it("are those that are announced", () => {
    expect(packNames).toEqual(["github", "microsoft-graph", "salesforce", "slack", "stripe"]);
    expect(starterNames).toEqual(["allowed-domains", "business-hours", "read-only"]);
  });

  it.each(folders)("validate strictly, with nothing for the linter to say: %s", async (folder) => {
    const validated = await validatePolicy({ folder, strict: true });
    expect(validated).toMatchObject({ kind: "valid", warnings: [] });
  });

  it.each(folders)("pass their own cases on the engine and hit every rule and limit: %s", async (folder) => {
    const tested = await testPolicy({ folder, ...BENCH });
    expect(tested.kind === "tested" ? tested.results.filter(({ differences }) => differences.length > 0) : tested).toEqual([]);
    expect(tested).toMatchObject({ kind: "tested", failed: 0, neverHit: [] });
  });

  it.each(starterNames)("gives a starter at least six cases: %s", async (name) => {
    const { cases } = await load(join(starters, name));
    expect(cases.length).toBeGreaterThanOrEqual(6);
  });
});

describe("every pack", () => {
  it.each(packNames)("has a case that makes each of its calls, spelt as the API takes it: %s", async (name) => {
    const { program, cases } = await load(join(packs, name));
    const made = cases.filter(({ call }) => call.kind === "http").flatMap(({ expect: { tool } }) => tool ?? []);
    const tools = program.catalogue.map(({ tool }) => tool);
    expect(tools.filter((tool) => !made.includes(tool))).toEqual([]);
    expect(tools.length).toBeGreaterThanOrEqual(12);
  });

  it.each(packNames)("says of each call's case which rule decides it: %s", async (name) => {
    const { cases } = await load(join(packs, name));
    const vague = cases.filter(({ expect: { tool, rule } }) => tool !== null && rule === null);
    expect(vague.map(({ name: claim }) => claim)).toEqual([]);
  });

  it.each(packNames)("refuses what its catalogue does not hold: %s", async (name) => {
    const { program, cases } = await load(join(packs, name));
    const unknown = cases.filter(({ expect: { tool } }) => tool === "unknown");
    expect(unknown.length).toBeGreaterThan(0);
    expect(new Set(unknown.map(({ expect: { decision } }) => decision))).toEqual(new Set(["deny"]));
    expect(program.rules.filter(({ effect, match }) => effect === "allow" && match.tool?.is["unknown"] === true)).toEqual([]);
  });

  it.each(packNames)("limits each agent: %s", async (name) => {
    const { program } = await load(join(packs, name));
    expect(program.rules.filter(({ limit }) => limit?.per.includes("agent") === true && limit.bound.kind === "rate")).not.toEqual([]);
  });
});

describe("the packs together", () => {
  it("compile as one folder without two tools that fit one call", async () => {
    const validated = await validatePolicy({ folder: packs, strict: true });
    const alone = await Promise.all(packNames.map((name) => load(join(packs, name))));
    expect(validated).toMatchObject({
      kind: "valid",
      policies: packNames.map((name) => ({ name, version: "1.0.0" })),
      tools: alone.reduce((sum, { program }) => sum + program.catalogue.length, 0),
      cases: alone.reduce((sum, { cases }) => sum + cases.length, 0),
    });
  });

  it("decide every case as they do alone", async () => {
    expect(await testPolicy({ folder: packs, ...BENCH })).toMatchObject({ kind: "tested", failed: 0, neverHit: [] });
  });

  it("permit no write without a yes but the harmless ones that are named", async () => {
    const { program, cases } = await load(packs);
    const writes = new Set(program.catalogue.filter(({ method }) => method !== "GET").map(({ tool }) => tool));
    const passed = cases.filter(({ expect: { decision, tool } }) => decision === "allow" && tool !== null && writes.has(tool));
    expect(passed.map(({ expect: { tool } }) => tool).sort()).toEqual(WRITES_THAT_PASS);
  });

  it("refuse whole what carries other calls or code", async () => {
    const { cases } = await load(packs);
    const decisionsOf = (tool: string) => cases.filter((one: PolicyCase) => one.expect.tool === tool).map((one) => one.expect.decision);
    expect(CARRIERS.map((tool) => [tool, ...new Set(decisionsOf(tool))])).toEqual(CARRIERS.map((tool) => [tool, "deny"]));
  });

  it("hold the arguments of three calls that move money to a schema", async () => {
    const { program } = await load(packs);
    expect(program.catalogue.filter(({ schema }) => schema !== null).map(({ tool }) => tool)).toEqual([
      "stripe.create_payment",
      "stripe.create_refund",
      "stripe.create_transfer",
    ]);
  });
});
