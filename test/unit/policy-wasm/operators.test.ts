import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { OPERATORS } from "../../../src/policy/compile/operators.ts";
import { needTool } from "../../tools/need-tool.ts";

const opa = await needTool("opa");
const ENGINE = join(import.meta.dirname, "../../../policies/engine");

describe.skipIf(opa === null)("the engine's own tests", () => {
  it("try every operator where it is true, false and unknown", () => {
    const answer = execFileSync(opa ?? "", ["eval", "-d", ENGINE, "data.sluice_test.tried"]);
    const tried: Record<string, readonly string[]> = JSON.parse(answer.toString()).result[0].expressions[0].value;
    const wanted = Object.entries(OPERATORS).map(([name, { twin }]) => [name, ["false", "true", ...(twin ? ["unknown"] : [])]]);
    expect(tried).toEqual(Object.fromEntries(wanted));
  });

  it("pass", () => {
    const told = execFileSync(opa ?? "", ["test", "--timeout", "60s", ENGINE]).toString();
    expect(told).toMatch(/^PASS: \d+\/\d+\n$/);
  });
});
