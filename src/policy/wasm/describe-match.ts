import type { Tool } from "../../core/intent.ts";
import type { PolicyInput } from "../../core/policy-input.ts";
import { isCarried } from "./trim-value.ts";

/** `input.match`: what rules match by. Null is undetermined; `tools` are all that the call may be. */
export type MatchFacts = {
  readonly agent: string;
  readonly host: string;
  readonly method: string | null;
  readonly segments: readonly string[] | null;
  readonly tool: string | null;
  readonly tools: readonly string[];
  readonly protocol: string;
};

export const UNKNOWN_TOOL = "unknown";

export function describeMatch(input: PolicyInput): MatchFacts {
  const { caller, call, intent } = input;
  const hidden = intent.protocol === "tunnel";
  const { segments } = intent.target;
  return {
    agent: caller.agent,
    host: intent.target.host,
    method: hidden || !isCarried(call.method) ? null : call.method,
    segments: hidden || !segments.every(isCarried) ? null : segments,
    tool: toolName(intent.tool),
    tools: possibleTools(intent.tool),
    protocol: intent.protocol,
  };
}

export function toolName(tool: Tool): string | null {
  switch (tool.kind) {
    case "known":
      return tool.name;
    case "unknown":
      return UNKNOWN_TOOL;
    case "none":
    case "undetermined":
      return null;
  }
}

export function possibleTools(tool: Tool): readonly string[] {
  switch (tool.kind) {
    case "known":
      return [tool.name];
    case "unknown":
      return [UNKNOWN_TOOL];
    case "none":
      return [];
    case "undetermined":
      // What is hidden may also be none of the host's tools.
      return [...tool.possible, UNKNOWN_TOOL];
  }
}
