import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { LINT_KINDS } from "../../../src/policy/compile/lint/index.ts";

const PAGE = join(import.meta.dirname, "../../../docs/policy-commands.md");

describe("docs/policy-commands.md", () => {
  it("says of every kind of doubt what it is", async () => {
    const text = await readFile(PAGE, "utf8");
    const [, section = ""] = /^## What the linter doubts\n([\s\S]*?)^## /m.exec(text) ?? [];
    const rows = section.split("\n").filter((line) => line.startsWith("| `"));
    const told = rows.flatMap((row) => [...(row.split(" | ")[0] ?? "").matchAll(/`([a-z_]+)`/g)].map(([, code]) => code));
    expect(told.toSorted()).toEqual([...Object.keys(LINT_KINDS), "crowded_key"].sort());
  });
});
