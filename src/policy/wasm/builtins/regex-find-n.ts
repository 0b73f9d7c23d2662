import { LRUCache } from "lru-cache";
import { RE2JS } from "re2js";
import type { Builtin } from "./index.ts";

/** Patterns come from the policy alone, so a policy with more of them is what makes one compile again. */
const PATTERNS_MAX = 4_096;
const INVALID = "invalid";

/** `regex.find_n(pattern, text, n)`: the first n matches, or all of them where n is negative. */
export function createFindN(): Builtin {
  const patterns = new LRUCache<string, RE2JS | typeof INVALID>({ max: PATTERNS_MAX });

  return function findN([pattern, text, n]) {
    if (typeof pattern !== "string" || typeof text !== "string" || typeof n !== "number") return undefined;
    const compiled = compile(pattern);
    if (compiled === INVALID || !Number.isSafeInteger(n)) return undefined;
    return JSON.stringify(findAll(compiled, text, n < 0 ? Number.POSITIVE_INFINITY : n));
  };

  function compile(pattern: string): RE2JS | typeof INVALID {
    const known = patterns.get(pattern);
    if (known !== undefined) return known;
    const compiled = compileOrRefuse(pattern);
    patterns.set(pattern, compiled);
    return compiled;
  }
}

function compileOrRefuse(pattern: string): RE2JS | typeof INVALID {
  try {
    return RE2JS.compile(pattern);
  } catch {
    return INVALID;
  }
}

function findAll(compiled: RE2JS, text: string, most: number): readonly string[] {
  const found: string[] = [];
  const matcher = compiled.matcher(text);
  let lastEnd = -1;
  while (found.length < most && matcher.find()) {
    // As in Go: an empty match right behind another one does not count.
    const isRepeat = matcher.start() === matcher.end() && matcher.start() === lastEnd;
    if (!isRepeat) found.push(matcher.group() ?? "");
    lastEnd = matcher.end();
  }
  return found;
}
