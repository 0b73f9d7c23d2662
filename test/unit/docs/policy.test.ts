import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { testPolicy } from "../../../src/operate/test-policy.ts";
import { validatePolicy } from "../../../src/operate/validate-policy.ts";
import { INPUT_NAMES } from "../../../src/policy/compile/condition/input-names.ts";
import { LINT_KINDS } from "../../../src/policy/compile/lint/index.ts";
import { readBlock, readBlocks } from "./blocks.ts";
import { ROOT } from "./source-files.ts";

const BENCH = { wasm: await readFile(join(ROOT, "policies/engine/policy.wasm")), nowMs: Date.UTC(2026, 0, 1), threads: 1 };
const NAMES = ["policy", "groups", "tools", "cases"] as const;
const pageOf = (name: string) => readFile(join(ROOT, `docs/${name}.md`), "utf8");

let root = "";
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "sluice-docs-"));
});
afterAll(() => rm(root, { recursive: true }));

async function folderOf(name: string, files: Readonly<Record<string, string>>): Promise<string> {
  const folder = join(root, name);
  await mkdir(folder);
  for (const [file, text] of Object.entries(files)) await writeFile(join(folder, file), text);
  return folder;
}

describe("docs/policy.md", () => {
  it("marks every example", async () => {
    const blocks = (await readBlocks("docs/policy.md")).filter(({ language }) => language === "yaml");
    expect(blocks.map(({ text }) => text.split("\n")[0])).toEqual(NAMES.map((name) => `# ${name}`));
  });

  it("shows a folder that is valid without a doubt, and whose cases pass and hit every rule", async () => {
    const texts = await Promise.all(NAMES.map(async (name) => [`${name}.yaml`, await readBlock("docs/policy.md", name)] as const));
    const folder = await folderOf("policy", Object.fromEntries(texts));
    expect(await validatePolicy({ folder, strict: true })).toMatchObject({ kind: "valid", rules: 7, tools: 1, cases: 4, warnings: [] });
    const tested = await testPolicy({ folder, ...BENCH });
    expect(tested).toMatchObject({ kind: "tested", failed: 0, neverHit: [] });
  });
});

describe("docs/tools.md", () => {
  it("shows a catalogue that compiles", async () => {
    const folder = await folderOf("tools", {
      "tools.yaml": await readBlock("docs/tools.md", "tools"),
      "shop.refund.schema.json": '{"type":"object","properties":{"order":{},"cents":{"type":"integer"},"currency":{"type":"string"}}}',
      "policy.yaml": "policy: p\nrules: [{ id: none, match: { tools: [shop.refund, shop.ask] }, then: deny }]\n",
    });
    expect(await validatePolicy({ folder, strict: true })).toMatchObject({ kind: "valid", tools: 2, warnings: [] });
  });
});

describe("docs/conditions.md", () => {
  it("names everything that a condition reads", async () => {
    const page = await pageOf("conditions");
    const absent = Object.keys(INPUT_NAMES).filter((name) => {
      const [root = "", part] = name.split(".");
      return !page.includes(`\`${name}`) && !(page.includes(`\`${root}.`) && page.includes(`.${part}`)) && !page.includes(`\`${root}`);
    });
    expect(absent).toEqual([]);
  });
});

describe("docs/policy-commands.md", () => {
  it("names every doubt of the linter", async () => {
    const page = await pageOf("policy-commands");
    expect(Object.keys(LINT_KINDS).filter((code) => !page.includes(`\`${code}\``))).toEqual([]);
  });
});
