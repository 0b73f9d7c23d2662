import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { formatPolicies } from "../../../src/operate/format-policy.ts";

const UGLY = "policy:   p\nrules: []\n";
const FINE = "policy: p\nrules: []\n";

let cwd = "";
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), "sluice-fmt-"));
  await mkdir(join(cwd, "d", "e"), { recursive: true });
  const files = {
    "d/a.yaml": UGLY,
    "d/b.yml": FINE,
    "d/e/c.json": '{"policy":"p"}',
    "d/x.rego": "package  x",
    "d/t.schema.json": "{}",
    "d/broken.yaml": "policy: p\npolicy: q\n",
  };
  for (const [name, text] of Object.entries(files)) await writeFile(join(cwd, name), text);
});
afterEach(() => rm(cwd, { recursive: true }));

describe("policy fmt", () => {
  it("writes what changes, tells what is broken, and leaves Rego and schemas alone", async () => {
    const formatted = await formatPolicies({ cwd, paths: ["d"], write: true });
    expect(formatted).toEqual({
      kind: "formatted",
      files: 4,
      changed: ["d/a.yaml", "d/e/c.json"],
      problems: [expect.objectContaining({ file: "d/broken.yaml", line: 2, code: "syntax" })],
    });
    expect(await readFile(join(cwd, "d/a.yaml"), "utf8")).toBe(FINE);
    expect(await readFile(join(cwd, "d/e/c.json"), "utf8")).toBe('{\n  "policy": "p"\n}\n');
    expect(await readFile(join(cwd, "d/broken.yaml"), "utf8")).toBe("policy: p\npolicy: q\n");
    expect(await formatPolicies({ cwd, paths: ["d"], write: true })).toMatchObject({ changed: [] });
  });

  it("writes nothing when it is only asked", async () => {
    expect(await formatPolicies({ cwd, paths: ["d/a.yaml", "d/b.yml"], write: false })).toEqual({
      kind: "formatted",
      files: 2,
      changed: ["d/a.yaml"],
      problems: [],
    });
    expect(await readFile(join(cwd, "d/a.yaml"), "utf8")).toBe(UGLY);
  });

  it.each(["nowhere", "d/latin.yaml"])("does not go on where %s cannot be read", async (path) => {
    await writeFile(join(cwd, "d/latin.yaml"), new Uint8Array([0x70, 0xe9]));
    expect(await formatPolicies({ cwd, paths: [path], write: true })).toMatchObject({ kind: "unreadable", path });
  });
});
