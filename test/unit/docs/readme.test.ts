import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse, parseDocument } from "yaml";
import { loadSettings } from "../../../src/config/load-settings.ts";
import { DEMO_STEPS } from "../../../src/edge/cli/demo/demo-steps.ts";
import { doctorEnvoy } from "../../../src/operate/doctor-envoy.ts";
import { readBlock, readBlocks } from "./blocks.ts";
import { ROOT } from "./source-files.ts";

const FILTERS_PATH = ["static_resources", "listeners", 0, "filter_chains", 0, "filters", 0, "typed_config", "http_filters"];

const GENERATED = ["docs/configuration.md", "docs/codes.md"];
const PAGES = ["README.md", "SECURITY.md", "CHANGELOG.md", ...(await readdir(join(ROOT, "docs"))).map((name) => `docs/${name}`)];

describe("the README", () => {
  it("shows what the demo does", async () => {
    const [table] = (await readBlocks("README.md")).filter(({ language }) => language === "console");
    const shown = table?.text.split("\n").map((line) => line.split("│").map((cell) => cell.trim()));
    const rows = DEMO_STEPS.map((step) => {
      const expect = step.kind === "approve" ? { decision: "", class: null } : step.expect;
      return [`✓ ${step.title}`, [expect.decision, expect.class].filter((part) => part !== null).join(" ")];
    });
    expect(shown?.filter((cells) => cells[1]?.startsWith("✓")).map((cells) => [cells[1], cells[3]])).toEqual(rows);
  });

  it("has the two commands, each on a line of its own", async () => {
    const lines = (await readBlocks("README.md"))
      .filter(({ language }) => language === "sh")
      .flatMap(({ text }) => text.trim().split("\n"));
    expect(lines.slice(0, 2)).toEqual(["npm ci && npm start", "npm cit"]);
  });

  it("shows the filters and the cluster of envoy/sidecar.yaml", async () => {
    const sidecar = parse(await readFile(join(ROOT, "envoy/sidecar.yaml"), "utf8"));
    const { filters, clusters } = await readSnippets();
    const names = filters.map(({ name }: { name: string }) => name);
    const shipped = sidecar.static_resources.listeners[0].filter_chains[0].filters[0].typed_config.http_filters;
    expect(filters).toEqual(shipped.filter(({ name }: { name: string }) => names.includes(name)));
    expect(clusters).toEqual(sidecar.static_resources.clusters.filter(({ name }: { name: string }) => name === "sluice"));
    expect([filters.length, clusters.length]).toEqual([2, 1]);
  });

  it("gives a file with them to the doctor without a finding", async () => {
    const file = parseDocument(await readFile(join(ROOT, "envoy/sidecar.yaml"), "utf8"));
    const { filters, clusters } = await readSnippets();
    for (const [i, filter] of filters.entries()) file.setIn([...FILTERS_PATH, i], file.createNode(filter));
    file.setIn(["static_resources", "clusters", 0], file.createNode(clusters[0]));
    expect(doctorEnvoy(file.toString(), { deadlineMs: 150 })).toEqual([]);
  });
});

describe("every page", () => {
  it.each(["README.md", "docs/approvals.md", "docs/identity.md"])("shows a configuration that loads: %s", async (page) => {
    const folder = await mkdtemp(join(tmpdir(), "sluice-docs-"));
    try {
      await writeFile(join(folder, "sluice.yaml"), await readBlock(page, "sluice.yaml"));
      expect(loadSettings({ file: null, policies: null, env: {}, cwd: folder })).toMatchObject({ kind: "settings" });
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it.each(PAGES.filter((page) => !GENERATED.includes(page)))("is short: %s", async (page) => {
    const lines = (await readFile(join(ROOT, page), "utf8")).split("\n").length - 1;
    expect(lines).toBeLessThanOrEqual(page === "README.md" ? 200 : 120);
  });

  it.each(PAGES)("links to files that are there: %s", async (page) => {
    const text = await readFile(join(ROOT, page), "utf8");
    for (const [, target = ""] of text.matchAll(/\]\((?!https?:)([^)#]+)[^)]*\)/g)) {
      await expect(stat(join(ROOT, page, "..", target)), target).resolves.toBeDefined();
    }
  });
});

async function readSnippets() {
  return {
    filters: parse(await readBlock("README.md", "envoy: http_filters")),
    clusters: parse(await readBlock("README.md", "envoy: clusters")),
  };
}
