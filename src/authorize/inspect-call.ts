import { inspect } from "../detectors/inspect.ts";
import type { Progress } from "./progress.ts";

/** Step 4: the detectors that the bundle needs for this host. What they find is for policy to judge. */
export function inspectCall(progress: Progress): null {
  if (progress.detectors.length === 0) return null;
  const seen = inspect(progress.passages, progress.detectors);
  progress.findings = seen.findings;
  progress.findingsCut ||= seen.cut;
  return null;
}
