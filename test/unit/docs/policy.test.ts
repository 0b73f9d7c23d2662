import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { SILENT } from "../../../src/core/observer.ts";
import { createCaseDecider } from "../../../src/operate/decide-case.ts";
import { testPolicy } from "../../../src/operate/test-policy.ts";
import { validatePolicy } from "../../../src/operate/validate-policy.ts";
import type { LoadedPolicy } from "../../../src/policy/sources/load-folder.ts";
import { preparePolicy } from "../../../src/policy/wasm/prepare-policy.ts";
import { readBlock, readBlocks } from "./blocks.ts";
import { ROOT } from "./source-files.ts";

const wasm = await readFile(join(ROOT, "policies/engine/policy.wasm"));
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
      expect(await testPolicy({ folder, prepare })).toMatchObject({ kind: "tested", failed: 0, neverHit: [] });
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

function prepare({ program, revision, digest }: LoadedPolicy & { readonly kind: "loaded" }) {
  const policy = preparePolicy({ program, wasm, name: "docs", revision, digest, observer: SILENT });
  return createCaseDecider({ program, policy, pseudonyms: { hmacHex: () => "0".repeat(64) }, nowMs: Date.UTC(2026, 0, 1) });
}
