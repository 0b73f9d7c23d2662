import type { ProgramRule } from "../../program.ts";

/** Whether unknown counts as true in the rule; what only sets headers counts it as false, like what permits. */
export function restricts({ effect, obligations }: ProgramRule): boolean {
  return effect !== "allow" && (effect !== "add" || obligations.length > 0);
}
