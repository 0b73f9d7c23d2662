import type { Json } from "../../../src/core/intent.ts";
import { SILENT } from "../../../src/core/observer.ts";
import type { PolicyInput } from "../../../src/core/policy-input.ts";
import { createCaseDecider } from "../../../src/operate/decide-case.ts";
import { parseCases } from "../../../src/policy/bundle/parse-cases.ts";
import { readBundleFiles } from "../../../src/policy/bundle/read-bundle.ts";
import { createInputBuilder } from "../../../src/policy/wasm/build-input.ts";
import { createEngine, type Entry } from "../../../src/policy/wasm/create-engine.ts";
import { preparePolicy } from "../../../src/policy/wasm/prepare-policy.ts";

export type Asked = {
  readonly name: string;
  readonly decision: string;
  readonly input: Json;
  readonly verdict: Json;
  readonly ruling: Json;
};

/** What the engine is asked for each case that a bundle carries, when the case is decided as `sluice check` decides it, and what it answers. */
export async function askedOfCases(files: ReadonlyMap<string, Uint8Array>, wasm: Uint8Array): Promise<readonly Asked[]> {
  const read = readBundleFiles(files, "");
  if (read.kind === "refused") throw new Error(read.reason);
  const { program, cases } = read.bundle;
  const parsed = parseCases(cases);
  if (parsed.kind === "malformed") throw new Error(parsed.reason);
  const prepared = preparePolicy({ program, wasm, name: "p", revision: "r", digest: "d", observer: SILENT });
  const build = createInputBuilder(program);
  const engine = createEngine({ wasm }).load(JSON.stringify({ policies: program }));
  const answer = (entry: Entry, input: string): Json => JSON.parse(engine.evaluate(entry, input))[0].result;
  const asked: Asked[] = [];
  for (const policyCase of parsed.cases) {
    const inputs: PolicyInput[] = [];
    const decide = (input: PolicyInput) => {
      inputs.push(input);
      return prepared.decide(input);
    };
    const pseudonyms = { hmacHex: () => "0" };
    const { decision } = await createCaseDecider({ policy: { ...prepared, decide }, pseudonyms, nowMs: 0 })(policyCase);
    for (const input of inputs.map(build)) {
      const [verdict, ruling] = [answer("sluice/verdict", input), answer("sluice/ruling", input)];
      asked.push({ name: policyCase.name, decision, input: JSON.parse(input), verdict, ruling });
    }
  }
  return asked;
}
