import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { testPolicy } from "../../../src/operate/test-policy.ts";
import { validatePolicy } from "../../../src/operate/validate-policy.ts";
import { readBlock, readBlocks } from "./blocks.ts";
import { ROOT } from "./source-files.ts";

const BENCH = { wasm: await readFile(join(ROOT, "policies/engine/policy.wasm")), nowMs: Date.UTC(2026, 0, 1), threads: 1 };
const NAMES = ["policy", "tools", "cases"] as const;

describe("docs/policy.md", () => {
  it("marks every example", async () => {
    const blocks = (await readBlocks("docs/policy.md")).filter(({ language }) => language === "yaml");
    expect(blocks.map(({ text }) => text.split("\n")[0])).toEqual(NAMES.map((name) => `# ${name}`));
  });

  it("shows a folder that is valid without a doubt, and whose cases pass and hit every rule", async () => {
    const folder = await mkdtemp(join(tmpdir(), "sluice-docs-"));
    try {
      for (const name of NAMES) await writeFile(join(folder, `${name}.yaml`), await readBlock("docs/policy.md", name));
      expect(await validatePolicy({ folder, strict: true })).toMatchObject({ kind: "valid", rules: 7, tools: 1, cases: 4, warnings: [] });
      expect(await testPolicy({ folder, ...BENCH })).toMatchObject({ kind: "tested", failed: 0, neverHit: [] });
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
