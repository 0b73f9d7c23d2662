import type { DimensionExplanation, MatchExplanation, Truth } from "../../core/explanation.ts";
import type { Json } from "../../core/intent.ts";
import type { Match, Names, PathGlob } from "../program.ts";
import { listCovered } from "../wording/describe-names.ts";
import { UNKNOWN_TOOL } from "./describe-match.ts";
import { isNamed } from "./is-named.ts";
import { valueAt } from "./judge-atom.ts";
import { allOf, anyOf, truthOf } from "./truth.ts";

/** Enough to see which path was meant. */
const WANTS_MAX = 8;

export function judgeMatch(match: Match, input: Json): MatchExplanation {
  const facts = valueAt(input, ["match"]) ?? null;
  const dimensions = DIMENSIONS.filter((dimension) => match[dimension] !== undefined).map((dimension) =>
    judgeDimension(dimension, match, facts),
  );
  const fits = allOf(dimensions.map(({ truth }) => truth));
  const opens = namesWhatItMust(match, facts);
  return { fits, permits: fits === "true" && opens, opens, dimensions };
}

const DIMENSIONS = ["agent", "host", "method", "tool", "protocol", "operation", "model", "role", "group", "path"] as const;

function judgeDimension(dimension: keyof Match, match: Match, facts: Json): DimensionExplanation {
  if (dimension === "path") {
    const saw = valueAt(facts, ["segments"]);
    return { dimension, saw, wants: listCovered(match, "path").slice(0, WANTS_MAX), truth: judgePath(match.path ?? [], saw) };
  }
  const names = match[dimension] ?? { is: {}, starts: [], ends: [] };
  if (dimension === "role" || dimension === "group") {
    const saw = valueAt(facts, [`${dimension}s`]);
    return { dimension, saw, truth: judgeAny(names, saw) };
  }
  const saw = valueAt(facts, [dimension]);
  if (dimension === "tool") return { dimension, saw, truth: judgeTool(names, saw, valueAt(facts, ["tools"])) };
  return { dimension, saw, truth: typeof saw === "string" ? truthOf(fitsOne(saw, names, dimension)) : "unknown" };
}

/** A call without an operation or a model, which is empty, fits no name of one. */
function fitsOne(text: string, names: Names, dimension: keyof Match): boolean {
  return isNamed(text, names) && (text !== "" || (dimension !== "operation" && dimension !== "model"));
}

/** Any of the caller's roles or groups. */
function judgeAny(names: Names, all: Json | undefined): Truth {
  if (!Array.isArray(all)) return "unknown";
  return truthOf(all.some((name) => typeof name === "string" && isNamed(name, names)));
}

function judgeTool(names: Names, tool: Json | undefined, possible: Json | undefined): Truth {
  const tools = Array.isArray(possible) ? possible : [];
  const isPossible = tools.some((name) => typeof name === "string" && isNamed(name, names));
  if (!isPossible) return "false";
  return typeof tool === "string" ? "true" : "unknown";
}

function judgePath(globs: readonly PathGlob[], segments: Json | undefined): Truth {
  if (!Array.isArray(segments)) return "unknown";
  return anyOf(
    globs.map(({ open, n, fixed }) => {
      const isLongEnough = open ? segments.length >= n : segments.length === n;
      return truthOf(isLongEnough && fixed.every(([position, text]) => segments[position] === text));
    }),
  );
}

function namesWhatItMust(match: Match, facts: Json): boolean {
  const protocol = valueAt(facts, ["protocol"]);
  const isOpen =
    protocol === "http" || (typeof protocol === "string" && match.protocol !== undefined && Object.hasOwn(match.protocol.is, protocol));
  const isToolNamed = valueAt(facts, ["tool"]) !== UNKNOWN_TOOL || (match.tool !== undefined && Object.hasOwn(match.tool.is, UNKNOWN_TOOL));
  return isOpen && isToolNamed;
}
