import { describe, expect, it } from "vitest";
import { createEngine } from "../../../src/policy/wasm/create-engine.ts";
import { PolicyRefusedError } from "../../../src/policy/wasm/policy-refused-error.ts";
import { allow, deny, program, WASM } from "./sample.ts";

const DATA = JSON.stringify({ policies: program([allow(), deny({ maybe: [[["has", ["args", "deep"], null]]] })]) });
const MATCH = { agent: "a", host: "h", method: "GET", segments: [], tool: null, tools: [], protocol: "http" };
const CALL = JSON.stringify({ keys: ["*"], match: MATCH });
const PERMITTED = '[{"result":[0,[0],[],[],[],[],[]]}]';
const DEEP = `{"keys":["*"],"args":{"deep":${"[".repeat(200_000)}${"]".repeat(200_000)}}}`;

function load(data = DATA) {
  const replaced: string[] = [];
  const engine = createEngine({ wasm: WASM }).load(data, { replaced: (why) => replaced.push(why) });
  return { replaced, verdict: (input: string) => engine.evaluate("sluice/verdict", input), evaluate: engine.evaluate };
}

describe("the engine", () => {
  it.each([
    ["no Wasm", Buffer.from("not wasm")],
    ["an empty module", Buffer.from([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0])],
    ["half a module", WASM.subarray(0, WASM.length / 2)],
  ])("refuses %s", (_, wasm) => {
    expect(() => createEngine({ wasm })).toThrow(PolicyRefusedError);
  });

  it.each([
    ["no JSON", "{"],
    ["a lone surrogate", '{"policies":"\\ud800"}'],
    ["nothing", ""],
  ])("refuses data that is %s", (_, data) => {
    expect(() => load(data)).toThrow(PolicyRefusedError);
  });

  it("denies whatever is asked of data that holds no policy", () => {
    for (const data of ["{}", "[]", "null", '{"policies":null}', '{"policies":{"format":1}}']) {
      expect(load(data).verdict(CALL)).toBe('[{"result":[3,[],[],[],[],[],[]]}]');
    }
  });

  it("denies a text that is no input", () => {
    const { verdict } = load();
    for (const input of ["", "{", "null", "[]", '{"keys":["*"]}']) expect(verdict(input)).toBe('[{"result":[3,[],[],[],[],[],[]]}]');
    expect(verdict(CALL)).toBe(PERMITTED);
  });

  it("spells the same verdict out in its other entry", () => {
    const [{ result }] = JSON.parse(load().evaluate("sluice/ruling", CALL));
    expect(result).toMatchObject({ decision: "allow", by: [{ id: "p/r" }] });
  });

  it("answers from a fresh instance after each throw, for ever", () => {
    const { verdict, replaced } = load();
    for (let i = 0; i < 20; i++) {
      expect(() => verdict(DEEP)).toThrow();
      expect(verdict(CALL)).toBe(PERMITTED);
    }
    expect(replaced).toEqual(Array(20).fill("threw"));
  });

  it("gives an instance up that grew past the mark", () => {
    const { verdict, replaced } = load();
    const large = JSON.stringify({ keys: ["*"], match: MATCH, args: Array(400_000).fill("x") });
    expect(verdict(large)).toBe(PERMITTED);
    expect(replaced).toEqual(["grown"]);
    expect(verdict(CALL)).toBe(PERMITTED);
    expect(replaced).toEqual(["grown"]);
  });

  it("takes characters of every width where they are", () => {
    const { verdict } = load(JSON.stringify({ policies: program([allow({ sure: [[["eq", ["args", "x"], "aé€😀\u0000\u2028"]]] })]) }));
    const asked = (x: string) => verdict(JSON.stringify({ keys: ["*"], match: MATCH, args: { x } }));
    expect(asked("aé€😀\u0000\u2028")).toBe(PERMITTED);
    expect(asked("aé€😀\u0001\u2028")).not.toBe(PERMITTED);
  });

  it("does not grow over many calls", () => {
    const { verdict, replaced } = load();
    for (let i = 0; i < 20_000; i++) verdict(CALL);
    expect(verdict(CALL)).toBe(PERMITTED);
    expect(replaced).toEqual([]);
  });
});
