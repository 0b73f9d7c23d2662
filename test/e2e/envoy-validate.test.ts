import { execFile } from "node:child_process";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { needTool } from "../tools/need-tool.ts";

const run = promisify(execFile);
const FILES = join(import.meta.dirname, "..", "..", "envoy");
const envoy = await needTool("envoy");

describe.skipIf(envoy === null)("the files of envoy/", () => {
  let folder = "";
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "sluice-validate-"));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const validate = (file: string) => run(envoy ?? "", ["--mode", "validate", "--log-level", "error", "-c", file], { cwd: folder });

  it("are the two that the product ships", async () => {
    expect((await readdir(FILES)).sort()).toEqual(["forward-proxy.yaml", "sidecar.yaml"]);
  });

  it.each(["sidecar.yaml", "forward-proxy.yaml"])("are accepted by a real Envoy as they stand: %s", async (name) => {
    const file = join(FILES, name);
    expect((await validate(file)).stdout.trim()).toBe(`configuration '${file}' OK`);
  });

  it("would be refused with a field that Envoy does not know", async () => {
    const file = join(folder, "broken.yaml");
    await writeFile(file, "static_resources: { listeners: [ { name: x, no_such_field: 1 } ] }");
    await expect(validate(file)).rejects.toThrow("no_such_field");
  });
});
