import { describe, expect, it } from "vitest";
import type { Json } from "../../../src/core/intent.ts";
import { comparePrograms } from "../../../src/policy/diff/compare-programs.ts";
import { mayWiden } from "../../../src/policy/diff/differences.ts";
import type { Program } from "../../../src/policy/program.ts";
import { SOAK_FACTOR, seedOf } from "../../tools/soak-factor.ts";
import { createRandom } from "../policy-differential/random.ts";
import { makeCall } from "../policy-differential/random-call.ts";
import { makeProgram } from "../policy-differential/random-program.ts";
import { referenceVerdict } from "../policy-differential/reference-verdict.ts";
import { program } from "../policy-wasm/sample.ts";
import { mutateProgram } from "./mutate-program.ts";

const PAIRS = 800 * SOAK_FACTOR;
const CALLS_EACH = 20;
const DENY = 3;
const FIRST_SEED = seedOf(0);

const pairs = Array.from({ length: PAIRS }, (_, seed) => {
  const random = createRandom(FIRST_SEED + seed);
  const was = program(makeProgram(random).rules);
  const is = mutateProgram(was, random);
  const calls = Array.from(
    { length: CALLS_EACH },
    () => ({ ...Object(makeCall(random)), keys: ["*"] }) as { readonly [key: string]: Json },
  );
  const { rules, others } = comparePrograms(was, is);
  return {
    seed,
    was,
    is,
    differs: rules.length > 0,
    flagged: [...rules, ...others].some(mayWiden),
    widening: calls.filter((call) => widens(was, is, call)),
  };
});

describe(`what may widen, over ${PAIRS} edited policies and ${CALLS_EACH} calls each`, () => {
  it("is told of every edit by which some call is let through that was not, or with less taken out, or with fewer limits", () => {
    expect(
      pairs
        .filter(({ flagged, widening }) => !flagged && widening.length > 0)
        .map(({ seed, was, is, widening }) => ({ seed, was, is, widening })),
    ).toEqual([]);
  });

  it("is not told of many edits that cannot widen", () => {
    const differing = pairs.filter(({ differs }) => differs);
    expect(differing.length).toBeGreaterThan(PAIRS / 2);
    expect(differing.filter(({ flagged }) => !flagged).length).toBeGreaterThan(PAIRS / 8);
    expect(pairs.filter(({ widening }) => widening.length > 0).length).toBeGreaterThan(PAIRS / 20);
  });
});

function widens(was: Program, is: Program, call: Json): boolean {
  const [before, after] = [outcomeOf(was, call), outcomeOf(is, call)];
  if (after.decision !== before.decision) return after.decision < before.decision;
  if (after.decision === DENY) return false;
  return before.burdens.some((burden) => !after.burdens.includes(burden));
}

/** Greater is stricter. Burdens are what is taken out and what is limited. */
function outcomeOf(of: Program, call: Json): { readonly decision: number; readonly burdens: readonly string[] } {
  const [decision, , adding, limits] = referenceVerdict(of, call);
  const rules = (numbers: unknown) => (Array.isArray(numbers) ? numbers : []).flatMap((number) => of.rules[Number(number)] ?? []);
  const taken = rules(adding).flatMap(({ obligations }) => obligations.map((obligation) => JSON.stringify(obligation)));
  return { decision: Number(decision), burdens: [...taken, ...rules(limits).map(({ id }) => id)] };
}
