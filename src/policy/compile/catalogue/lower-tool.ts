import type { ArgumentSource, CatalogueEntry } from "../../../core/catalogue.ts";
import { parseName } from "../../../core/name.ts";
import { parseHost } from "../match/parse-host.ts";
import { parsePathPattern } from "../match/path-patterns.ts";
import type { ToolSource } from "../schemas/tools-file.ts";
import type { Spot } from "../spot.ts";
import { checkArguments } from "./check-arguments.ts";
import { findArgument } from "./find-argument.ts";
import { lowerAmount } from "./lower-amount.ts";
import { lowerArguments } from "./lower-arguments.ts";
import { lowerCost } from "./lower-cost.ts";
import type { SchemaObject } from "./walk-schema.ts";

export type ToolAt = { readonly name: string; readonly source: ToolSource; readonly spot: Spot };

/** The schema in the file that stands beside the tool's own file under that name, or null after a problem was noted. */
export type SchemaOf = (name: string, spot: Spot) => SchemaObject | null;

/** One tool of the catalogue, or null after its mistakes were noted. */
export function lowerTool({ name, source, spot }: ToolAt, schemaOf: SchemaOf): CatalogueEntry | null {
  const call = lowerCall({ name, source, spot });
  if (call === null) return null;
  const args = lowerArguments(source.args ?? {}, spot.in("args"), call);
  const cost = lowerCost(source.cost, spot.in("cost"), source.model !== undefined);
  const schema = source.schema === undefined ? null : readSchema(source.schema, spot.in("schema"), schemaOf);
  if (args === null) return null;
  const amount = lowerAmount(source.amount, spot.in("amount"), args);
  const model = source.model === undefined ? null : lowerModel(source.model, spot.in("model"), args);
  if (schema !== null) checkArguments(args, schema, { args: spot.in("args"), schema: spot.in("schema") });
  return { tool: name, ...call, args, amount, model, cost, schema };
}

function lowerModel(text: string, spot: Spot, args: readonly ArgumentSource[]): string | null {
  const argument = findArgument(text, spot, args);
  if (argument === null || argument.type === "string" || argument.type === "any") return argument?.name ?? null;
  const message = `\`${text}\` is read as a number, and the name of a model is a text`;
  return spot.problem({ code: "contradiction", message, fix: "write `type: string`" });
}

function readSchema(name: string, spot: Spot, schemaOf: SchemaOf): SchemaObject | null {
  if (/^[A-Za-z0-9._-]+\.schema\.json$/.test(name)) return schemaOf(name, spot);
  const message = `\`${name}\` cannot be the name of a schema's file`;
  return spot.problem({ code: "wrong_value", message, fix: "write NAME.schema.json, a file beside this one" });
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
  if (/:(?:80|443)$/.test(host)) {
    const message = `\`${http.host}\` is never the host of a call: the port of its scheme is left out`;
    return at.in("host").problem({ code: "wrong_value", message, fix: `write ${host.replace(/:[0-9]+$/, "")}` });
  }
  return { method: http.method, host, path, body: http.body ?? "none" };
}
