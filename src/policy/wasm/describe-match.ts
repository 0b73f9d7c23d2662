import type { Caller } from "../../core/caller.ts";
import type { Aspect, Tool } from "../../core/intent.ts";
import type { PolicyInput } from "../../core/policy-input.ts";
import type { Match, Program } from "../program.ts";
import { createGroupsOf } from "./groups-of.ts";
import { isCarried, LIST_LENGTH_MAX } from "./trim-value.ts";

/**
 * `input.match`: what rules match by. Null is undetermined; `tools` are all that the call may be; an operation or model
 * that the call has none of is empty. What no rule of the program matches by is left out.
 */
export type MatchFacts = CallerMatchFacts & {
  readonly host: string;
  readonly method: string | null;
  readonly segments?: readonly string[] | null;
  readonly tool: string | null;
  readonly tools: readonly string[];
  readonly protocol: string;
  readonly operation?: string | null;
  readonly model?: string | null;
};

export type CallerMatchFacts = {
  readonly agent: string;
  readonly roles?: readonly string[] | null;
  readonly groups?: readonly string[] | null;
};

export const UNKNOWN_TOOL = "unknown";

export function createMatchDescriber(program: Program): (input: PolicyInput) => MatchFacts {
  const isMatchedBy = (dimension: keyof Match) => program.rules.some(({ match }) => match[dimension] !== undefined);
  const describeCaller = createCallerDescriber(program, { roles: isMatchedBy("role"), groups: isMatchedBy("group") });
  const [byPath, byOperation, byModel] = [isMatchedBy("path"), isMatchedBy("operation"), isMatchedBy("model")];

  return function describeMatch({ caller, call, intent }) {
    const hidden = intent.protocol === "tunnel";
    const { segments } = intent.target;
    return {
      ...describeCaller(caller),
      host: intent.target.host,
      method: hidden || !isCarried(call.method) ? null : call.method,
      tool: toolName(intent.tool),
      tools: possibleTools(intent.tool),
      protocol: intent.protocol,
      ...(byPath && { segments: hidden || !segments.every(isCarried) ? null : segments }),
      ...(byOperation && { operation: aspectName(intent.operation) }),
      ...(byModel && { model: aspectName(intent.model) }),
    };
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

function createCallerDescriber(program: Program, by: { readonly roles: boolean; readonly groups: boolean }) {
  const groupsOf = createGroupsOf(program.groups);
  const known = new WeakMap<Caller, CallerMatchFacts>();

  return function describeCaller(caller: Caller): CallerMatchFacts {
    const cached = known.get(caller);
    if (cached !== undefined) return cached;
    const facts: CallerMatchFacts = {
      agent: caller.agent,
      ...(by.roles && { roles: carriedNames(caller.roles) }),
      ...(by.groups && { groups: carriedNames(groupsOf(caller)) }),
    };
    known.set(caller, facts);
    return facts;
  };
}

/** Names that the engine cannot take leave open which ones a caller has. */
function carriedNames(names: readonly string[]): readonly string[] | null {
  return names.length <= LIST_LENGTH_MAX && names.every(isCarried) ? names : null;
}

function aspectName(aspect: Aspect): string | null {
  switch (aspect.kind) {
    case "known":
      return isCarried(aspect.name) ? aspect.name : null;
    case "none":
      return "";
    case "undetermined":
      return null;
  }
}
