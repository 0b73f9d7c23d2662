import { describe, expect, it } from "vitest";
import { createVerdictReader } from "../../../src/policy/wasm/read-verdict.ts";
import { add, allow, ask, CALLER, deny, limit, program } from "./sample.ts";

const SETS = [{ name: "x-b", value: "1" }];
const PROGRAM = program([
  allow(),
  ask(),
  deny(),
  add(),
  limit(),
  deny({ shadow: true }),
  allow({ shadow: true }),
  allow({ sets: SETS }),
  allow({ sets: SETS, shadow: true }),
  deny({ sets: SETS }),
]);
const reader = createVerdictReader(PROGRAM);
const read = (text: string) => reader(text, CALLER);
const answer = (...verdict: readonly unknown[]) => JSON.stringify([{ result: verdict }]);

describe("an answer of the engine", () => {
  it("is read where it is a verdict", () => {
    expect(read(answer(0, [0], [3], [4], [5, 6], [4], [])).kind).toBe("permit");
    expect(read(answer(2, [1], [], [], [], [], [])).kind).toBe("approval_needed");
    expect(read(answer(0, [0], [], [], [], [], [7]))).toMatchObject({ sets: SETS });
    expect(read(answer(3, [2], [], [], [], [], [])).kind).toBe("deny");
    expect(read(answer(3, [], [], [], [], [], [])).kind).toBe("deny");
  });

  it.each([
    ["no JSON", ""],
    ["nothing", "[]"],
    ["two answers", '[{"result":[0,[0],[],[],[],[],[]]},{"result":[0,[0],[],[],[],[],[]]}]'],
    ["no list", '[{"result":true}]'],
    ["a bare verdict", "[0,[0],[],[],[],[],[]]"],
    ["null", "[null]"],
    ["too short", answer(0, [0], [], [], [], [])],
    ["too long", answer(0, [0], [], [], [], [], [], [])],
    ["a decision that is none", answer(1, [0], [], [], [], [], [])],
    ["a decision as text", answer("0", [0], [], [], [], [], [])],
    ["true for a decision", answer(true, [0], [], [], [], [], [])],
    ["a permit by no rule", answer(0, [], [], [], [], [], [])],
    ["an approval by no rule", answer(2, [], [], [], [], [], [])],
    ["a permit by a rule that asks", answer(0, [1], [], [], [], [], [])],
    ["a permit by a rule that denies", answer(0, [2], [], [], [], [], [])],
    ["a permit by a rule in shadow", answer(0, [6], [], [], [], [], [])],
    ["a permit by a rule that is not there", answer(0, [10], [], [], [], [], [])],
    ["a permit by half a rule", answer(0, [0.5], [], [], [], [], [])],
    ["a permit by a negative rule", answer(0, [-1], [], [], [], [], [])],
    ["a permit by a rule as text", answer(0, ["0"], [], [], [], [], [])],
    ["a permit by the same rule twice", answer(0, [0, 0], [], [], [], [], [])],
    ["rules out of order", answer(3, [2], [4, 3], [], [], [], [])],
    ["a denial by a rule in shadow", answer(3, [5], [], [], [], [], [])],
    ["additions of a rule that denies", answer(3, [2], [2], [], [], [], [])],
    ["a limit that is none", answer(0, [0], [], [3], [], [], [])],
    ["an enforced rule in shadow", answer(0, [0], [], [], [2], [], [])],
    ["no list of rules", answer(0, [0], {}, [], [], [], [])],
    ["null for a list of rules", answer(0, [0], [], null, [], [], [])],
    ["headers of a rule that sets none", answer(0, [0], [], [], [], [], [0])],
    ["headers of a rule in shadow", answer(0, [0], [], [], [], [], [8])],
    ["headers of a rule that denies", answer(3, [2], [], [], [], [], [9])],
    ["an unknown rule that is not there", answer(0, [0], [], [], [], [10], [])],
  ])("throws where it is %s", (_, text) => {
    expect(() => read(text)).toThrow();
  });
});
