import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { type Ended, runSluice } from "../../tools/run-sluice.ts";
import { aFolder } from "./a-folder.ts";

const ENVOY = join(import.meta.dirname, "..", "..", "..", "envoy");

describe("sluice doctor", () => {
  let cwd: string;
  const doctor = (...args: readonly string[]): Promise<Ended> => runSluice(["doctor", ...args], { cwd });

  beforeAll(async () => {
    const sidecar = await readFile(join(ENVOY, "sidecar.yaml"), "utf8");
    cwd = await aFolder({
      "open.yaml": sidecar.replace("failure_mode_allow: false", "failure_mode_allow: true"),
      "sick.yaml": 'policies: ./broken\nstate: { folder: "state" }\n',
      "broken/p.yaml": "policy: p\nrules: [{ id: one, then: perhaps }]\n",
    });
  });

  it.each(["sidecar.yaml", "forward-proxy.yaml"])("finds nothing in the shipped %s, and answers 0", async (name) => {
    const { code, stdout, stderr } = await doctor("--envoy", join(ENVOY, name));
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toContain("works   envoy: nothing in the file weakens the check\n");
  });

  it("names the line that lets calls pass when Sluice is gone, and answers 1", async () => {
    const { code, stdout } = await doctor("--envoy", "open.yaml");
    const line =
      (await readFile(join(cwd, "open.yaml"), "utf8")).split("\n").findIndex((one) => one.includes("failure_mode_allow: true")) + 1;
    expect(code).toBe(1);
    expect(stdout).toMatch(new RegExp(`^[a-z]+ +open\\.yaml:${line} .*failure_mode_allow.*; .+$`, "m"));
    const json = await doctor("--envoy", "open.yaml", "--json");
    expect([json.code, JSON.parse(json.stdout).envoy]).toEqual([1, [expect.objectContaining({ line })]]);
  });

  it("answers 1 where a server would deny everything", async () => {
    const { code, stdout } = await doctor("--config", "sick.yaml");
    expect(code).toBe(1);
    expect(stdout).toMatch(/tenant default: .*perhaps/);
  });
});
