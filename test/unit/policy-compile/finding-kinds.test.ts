import { expect, it } from "vitest";
import { DETECTORS } from "../../../src/detectors/kinds/index.ts";
import { FINDING_KINDS } from "../../../src/policy/compile/condition/input-names.ts";

it("knows as kinds of findings what detectors find, and nothing else", () => {
  expect([...FINDING_KINDS].sort()).toEqual(Object.keys(DETECTORS).sort());
});
