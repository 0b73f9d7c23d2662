import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { createEngine } from "../../../src/policy/wasm/create-engine.ts";
import { needTool } from "../../tools/need-tool.ts";

const opa = await needTool("opa");
const folder = mkdtempSync(join(tmpdir(), "sluice-admit-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What opa makes of a module with these rules. */
function compile(name: string, rego: string, entries: readonly string[]): Uint8Array {
  const source = join(folder, `${name}.rego`);
  const bundle = join(folder, `${name}.tar.gz`);
  writeFileSync(source, `package sluice\n\n${rego}\n`);
  execFileSync(opa ?? "", ["build", "-t", "wasm", ...entries.flatMap((entry) => ["-e", entry]), "-o", bundle, source]);
  // opa names its members with a leading slash.
  execFileSync("tar", ["-xzf", bundle, "-C", folder, "/policy.wasm"], { stdio: "ignore" });
  return readFileSync(join(folder, "policy.wasm"));
}

describe.skipIf(opa === null)("an engine that opa compiled", () => {
  const both = ["sluice/verdict", "sluice/ruling"];

  it("is taken where it needs nothing of the host", () => {
    const engine = createEngine({ wasm: compile("plain", "verdict := input.x\nruling := data.y", both) }).load('{"y":[1]}');
    expect(engine.evaluate("sluice/verdict", '{"x":{"a":"é"}}')).toBe('[{"result":{"a":"é"}}]');
    expect(engine.evaluate("sluice/ruling", "{}")).toBe('[{"result":[1]}]');
    expect(engine.evaluate("sluice/verdict", "{}")).toBe("[]");
  });

  it("is refused where it calls built-ins that nobody supplies, whether or not a call would reach them", () => {
    const wasm = compile("calls", 'verdict := http.send({"url": input.x}) if input.never\nruling := time.now_ns()', both);
    expect(() => createEngine({ wasm })).toThrow(/^the engine needs built-ins that are not supplied: http\.send, time\.now_ns$/);
  });

  it("gets what it calls, and nothing where it calls with what cannot be", () => {
    const rego = "verdict := regex.find_n(input.pattern, input.text, 1)\nruling := time.parse_rfc3339_ns(input.at) + 1";
    const engine = createEngine({ wasm: compile("supplied", rego, both) }).load("{}");
    const find = (pattern: unknown, text: unknown) => engine.evaluate("sluice/verdict", JSON.stringify({ pattern, text }));
    expect(find("é.", "aé\u0000b")).toBe('[{"result":["é\\u0000"]}]');
    for (const [pattern, text] of [
      ["(", "a"],
      [1, "a"],
      ["a", null],
      ["a", ["a"]],
      [{}, {}],
    ])
      expect(find(pattern, text)).toBe("[]");
    const read = (at: unknown) => engine.evaluate("sluice/ruling", JSON.stringify({ at }));
    expect(read("2026-06-21T12:00:00.123456789Z")).toBe('[{"result":1782043200123456790}]');
    for (const at of ["", null, 1]) expect(read(at)).toBe("[]");
    expect(find("a", "a")).toBe('[{"result":["a"]}]');
  });

  it("is refused where it lacks an entry point", () => {
    const wasm = compile("half", "verdict := 1", ["sluice/verdict"]);
    expect(() => createEngine({ wasm })).toThrow("the engine has no entry point sluice/ruling");
  });

  it("cannot print", () => {
    const wasm = compile("prints", 'verdict := 1 if print("x")\nruling := 1', both);
    expect(createEngine({ wasm }).load("{}").evaluate("sluice/ruling", "{}")).toBe('[{"result":1}]');
  });
});
