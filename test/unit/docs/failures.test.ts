import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { CODES } from "../../../src/core/codes.ts";
import { ROOT } from "./source-files.ts";

const page = await readFile(join(ROOT, "docs/failures.md"), "utf8");
const rows = page.split("\n").filter((line) => line.startsWith("| ") && !line.startsWith("| what") && !line.startsWith("| ---"));
const proofs = rows.map((row) => {
  const [what = "", happens = "", , shown = ""] = row.split(" | ");
  const tests = [...shown.matchAll(/`(test\/[^`]+)`: ([^;|]+?)(?=;| \||$)/g)].map(([, file = "", claim = ""]) => ({ file, claim }));
  return { what: what.replace(/^\| /, ""), happens, tests };
});

describe("docs/failures.md", () => {
  it.each(proofs)("names a test that is there: $what", async ({ tests }) => {
    expect(tests.length).toBeGreaterThan(0);
    for (const { file, claim } of tests) expect(await readFile(join(ROOT, file), "utf8")).toContain(claim);
  });

  it("names only codes there are, and has a row for each thing a server leans on", () => {
    const codes = proofs.flatMap(({ happens }) => [...happens.matchAll(/deny (?:malformed )?`([a-z_]+)`/g)].map(([, code = ""]) => code));
    expect(codes.filter((code) => !Object.hasOwn(CODES, code))).toEqual([]);
    expect(codes.length).toBeGreaterThan(5);
    expect(proofs.length).toBeGreaterThan(20);
  });
});
