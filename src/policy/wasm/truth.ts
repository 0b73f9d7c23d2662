import type { Truth } from "../../core/explanation.ts";

export type { Truth };

export function anyOf(truths: readonly Truth[]): Truth {
  if (truths.includes("true")) return "true";
  return truths.includes("unknown") ? "unknown" : "false";
}

export function allOf(truths: readonly Truth[]): Truth {
  if (truths.includes("false")) return "false";
  return truths.includes("unknown") ? "unknown" : "true";
}

export function truthOf(is: boolean): Truth {
  return is ? "true" : "false";
}

export function not(truth: Truth): Truth {
  if (truth === "unknown") return "unknown";
  return truthOf(truth === "false");
}
