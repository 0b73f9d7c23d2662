import type { CatalogueEntry } from "../../../core/catalogue.ts";
import { parseName } from "../../../core/name.ts";
import { parseHost } from "../match/parse-host.ts";
import { parsePathPattern } from "../match/path-patterns.ts";
import type { ToolSource } from "../schemas/tools-file.ts";
import type { Spot } from "../spot.ts";
import { findArgument } from "./find-argument.ts";
import { lowerAmount } from "./lower-amount.ts";
import { lowerArguments } from "./lower-arguments.ts";
import { lowerCost } from "./lower-cost.ts";

export type ToolAt = { readonly name: string; readonly source: ToolSource; readonly spot: Spot };

/** One tool of the catalogue, or null after its mistakes were noted. */
export function lowerTool({ name, source, spot }: ToolAt): CatalogueEntry | null {
  const call = lowerCall({ name, source, spot });
  if (call === null) return null;
  const args = lowerArguments(source.args ?? {}, spot.in("args"), call);
  const amount = lowerAmount(source.amount, spot.in("amount"), args);
  const model = source.model === undefined ? null : (findArgument(source.model, spot.in("model"), args)?.name ?? null);
  const cost = lowerCost(source.cost, spot.in("cost"), source.model !== undefined);
  return { tool: name, ...call, args, amount, model, cost, schema: null };
}

type ToolCall = Pick<CatalogueEntry, "method" | "host" | "path" | "body">;

function lowerCall({ name, source, spot }: ToolAt): ToolCall | null {
  if (parseName(name) === null || name === "unknown" || name === "__proto__") {
    const message = `\`${name}\` cannot be the name of a tool`;
    return spot.problem({ code: "wrong_value", message, fix: "letters, digits, `.`, `_`, `:`, `/`, `-`; not `unknown`", atKey: true });
  }
  const { http } = source;
  if (http === undefined)
    return spot.problem({ code: "missing_key", message: `the tool \`${name}\` says no \`http\`: which call it is`, atKey: true });
  const at = spot.in("http");
  const host = parseHost(http.host, at.in("host"));
  const path = parsePathPattern(http.path, at.in("path"));
  if (!/^[A-Z][A-Z-]{0,31}$/.test(http.method)) {
    at.in("method").problem({ code: "wrong_value", message: `\`${http.method}\` is no method: methods are in upper case` });
    return null;
  }
  if (host === null || path === null) return null;
  if (host.startsWith(".")) return at.in("host").problem({ code: "wrong_value", message: "the host of a tool is exact" });
  return { method: http.method, host, path, body: http.body ?? "none" };
}
