import { describe, expect, it } from "vitest";
import { SILENT } from "../../../src/core/observer.ts";
import { makePolicyImage, type PolicyImage } from "../../../src/policy/wasm/make-policy-image.ts";
import { createRestingPolicy } from "../../../src/policy/wasm/resting-policy.ts";
import { compileFiles } from "../policy-compile/compile-one.ts";
import { input, WASM } from "./sample.ts";

const FACTS = { name: "p", revision: "1", digest: "d", observer: SILENT };

const rules = (count: number) =>
  Array.from(
    { length: count },
    (_, n) => `  - { id: r${n}, match: { hosts: [h${n}.example.com] }, if: "http.path.startsWith('/v${n}')", then: allow }`,
  );
const imageOf = (count: number): PolicyImage =>
  makePolicyImage(compileFiles(`policy: p\nrules:\n${rules(count).join("\n")}\n  - { id: stop, then: deny, code: stopped }\n`), WASM);

describe.each([
  ["a small policy", 3, false],
  ["a small policy that takes the place of one in use", 3, true],
  ["a large policy", 400, false],
  ["a large policy that takes the place of one in use", 400, true],
])("%s", (_, count, isUsed) => {
  const image = imageOf(count);

  it("decides the same before and after it rested", () => {
    const resting = createRestingPolicy(image, FACTS, isUsed);
    const before = resting.open();
    const ruling = before.decide(input({}));
    expect(ruling).toMatchObject({ kind: "deny", by: [{ rule: "p/stop", code: "stopped" }] });
    expect(resting.open()).toBe(before);
    resting.rest();
    const after = resting.open();
    expect(after.decide(input({}))).toEqual(ruling);
    expect([after.name, after.revision, after.digest]).toEqual(["p", "1", "d"]);
  });

  it("can rest before it was ever used, and while a call still holds it", () => {
    const resting = createRestingPolicy(image, FACTS, isUsed);
    resting.rest();
    const held = resting.open();
    resting.rest();
    expect(held.decide(input({}))).toMatchObject({ kind: "deny", by: [{ rule: "p/stop" }] });
  });

  it("tells its program whether it rests or not", () => {
    const resting = createRestingPolicy(image, FACTS, isUsed);
    expect(resting.readProgram()).toEqual(image.program);
    resting.rest();
    expect(resting.readProgram()).toEqual(image.program);
  });
});
