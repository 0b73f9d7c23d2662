import { readdirSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { formatFile } from "../../../src/policy/format/format-file.ts";

const policies = join(import.meta.dirname, "..", "..", "..", "policies");
const files = ["examples", "packs", "starters"].flatMap((kind) =>
  readdirSync(join(policies, kind), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".yaml"))
    .map((name) => join(kind, name)),
);

describe("examples, packs and starters", () => {
  it.each(files)("stand as the formatter leaves them: %s", async (name) => {
    const text = await readFile(join(policies, name), "utf8");
    expect(formatFile({ name, text })).toMatchObject({ kind: "formatted", text });
  });
});
