import type { Aspect, Json, Protocol } from "../core/intent.ts";
import type { CatalogueMatch } from "./match-catalogue.ts";

// Providers trim and fold what they read: a name that could be read as another one is none that can be judged.
const MODEL = /^[!-~]{1,128}$/;
const NONE: Aspect = { kind: "none" };
const UNDETERMINED: Aspect = { kind: "undetermined" };

/** The model a call asks. Undetermined where it could ask one and does not say which in a form that has one reading. */
export function readModel(
  { prepared, modelExpected }: Pick<CatalogueMatch, "prepared" | "modelExpected">,
  protocol: Protocol,
  args: Readonly<Record<string, Json>>,
): Aspect {
  if (protocol !== "http") return UNDETERMINED;
  if (!modelExpected) return NONE;
  const name = prepared === null || prepared.entry.model === null ? undefined : args[prepared.entry.model];
  return typeof name === "string" && MODEL.test(name) ? { kind: "known", name } : UNDETERMINED;
}
