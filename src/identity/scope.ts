import type { Tool } from "../core/intent.ts";

const TOOL = "tool:";
const HOST = "host:";

/**
 * Whether a token's scope reaches a call. `host:` covers whatever goes to the host; `tool:` covers a call that the
 * catalogue knows, never one that it does not.
 * @param host as in `Target.host`.
 */
export function isInScope(scope: readonly string[] | null, tool: Tool, host: string): boolean {
  if (scope === null) return true;
  return scope.some((entry) => {
    if (entry.startsWith(HOST)) return isCovered(entry.slice(HOST.length).toLowerCase(), host);
    return entry.startsWith(TOOL) && tool.kind === "known" && isCovered(entry.slice(TOOL.length), tool.name);
  });
}

function isCovered(pattern: string, name: string): boolean {
  return pattern.endsWith("*") ? name.startsWith(pattern.slice(0, -1)) : name === pattern;
}
