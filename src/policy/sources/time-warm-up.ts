import { createEngine } from "../wasm/create-engine.ts";
import type { PolicyImage } from "../wasm/make-policy-image.ts";

/** The first runs also compile the module, and a busy machine may stretch any one: the fastest counts. */
const RUNS = 8;

/** How long a call takes that all the rules behind the most crowded key are tried for, in microseconds. */
export function timeWarmUp({ program, wasm, image }: PolicyImage, monotonicUs: () => number): number {
  const engine = createEngine({ wasm }).open(image);
  const input = JSON.stringify({ keys: crowdedKey(program.index) });
  let fastestUs = Number.POSITIVE_INFINITY;
  for (let run = 0; run < RUNS; run += 1) {
    const beganUs = monotonicUs();
    engine.evaluate("sluice/verdict", input);
    fastestUs = Math.min(fastestUs, monotonicUs() - beganUs);
  }
  return fastestUs;
}

function crowdedKey(index: PolicyImage["program"]["index"]): readonly string[] {
  let crowded: string | null = null;
  let most = 0;
  for (const [key, rules] of Object.entries(index)) {
    if (rules.length <= most) continue;
    crowded = key;
    most = rules.length;
  }
  return crowded === null ? [] : [crowded];
}
