import type { Progress } from "./progress.ts";
import type { World } from "./world.ts";

/** Step 4: the detectors that the bundle needs for this host. What they find is for policy to judge. */
export function inspectCall(progress: Progress, world: World): null {
  if (progress.detectors.length === 0) return null;
  const seen = world.inspect(progress.passages, progress.detectors);
  if (!Array.isArray(seen.findings) || typeof seen.cut !== "boolean") throw new Error("the detectors gave no findings");
  progress.findings = seen.findings;
  progress.findingsCut ||= seen.cut;
  return null;
}
