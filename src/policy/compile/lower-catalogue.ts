import type { AmountSource, ArgumentSource, CatalogueEntry, PathSegment } from "../../core/catalogue.ts";
import { parseCurrency } from "../../core/money.ts";
import { parseName } from "../../core/name.ts";
import { parseHost } from "./match/parse-host.ts";
import { bindingsOf, parsePathPattern } from "./match/path-patterns.ts";
import { suggestName } from "./nearest-name.ts";
import { compareText } from "./problem.ts";
import type { ToolSource } from "./schemas/tools-file.ts";
import type { Spot } from "./spot.ts";
import { parseAmount } from "./values/parse-amount.ts";

export type ToolAt = { readonly name: string; readonly source: ToolSource; readonly spot: Spot };

/** The catalogue in one order; tools with mistakes are left out after they were noted. */
export function lowerCatalogue(tools: readonly ToolAt[]): readonly CatalogueEntry[] {
  const seen = new Map<string, ToolAt>();
  const shapes = new Map<string, string>();
  const entries: CatalogueEntry[] = [];
  for (const tool of tools.toSorted((a, b) => compareText(a.name, b.name))) {
    const twin = seen.get(tool.name);
    if (twin !== undefined) {
      const where = `${twin.spot.file}:${twin.spot.line}`;
      tool.spot.problem({ code: "duplicate", message: `the tool \`${tool.name}\` stands in ${where} too`, atKey: true });
      continue;
    }
    seen.set(tool.name, tool);
    const entry = lowerTool(tool);
    if (entry === null) continue;
    const shape = shapeOf(entry);
    const same = shapes.get(shape);
    if (same !== undefined) {
      const message = `\`${tool.name}\` and \`${same}\` are the same method, host and path: which tool a call is would be a guess`;
      tool.spot.problem({ code: "contradiction", message, atKey: true });
    }
    shapes.set(shape, tool.name);
    entries.push(entry);
  }
  return entries;
}

function shapeOf(entry: CatalogueEntry): string {
  const path = entry.path.map((segment) => (segment.kind === "literal" ? `=${segment.text}` : segment.kind === "rest" ? "**" : "*"));
  return JSON.stringify([entry.method, entry.host, path]);
}

function lowerTool({ name, source, spot }: ToolAt): CatalogueEntry | null {
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
  const body = http.body ?? "none";
  const args = lowerArguments(source.args ?? {}, spot.in("args"), { body, path });
  const amount = lowerAmount(source.amount, spot.in("amount"), args);
  const cost = source.cost === undefined ? null : parseAmount(source.cost);
  if (source.cost !== undefined && cost === null) {
    return spot.in("cost").problem({ code: "wrong_value", message: `\`${source.cost}\` is no cost`, fix: "for example 0.30 usd" });
  }
  if (cost !== null && cost.currency !== "usd") {
    return spot.in("cost").problem({ code: "wrong_value", message: "costs are in usd", fix: "for example 0.30 usd" });
  }
  return { tool: name, method: http.method, host, path, body, args, amount, cost };
}

type Carrier = { readonly body: "none" | "json" | "form"; readonly path: readonly PathSegment[] };

function lowerArguments(args: NonNullable<ToolSource["args"]>, spot: Spot, carrier: Carrier): readonly ArgumentSource[] {
  const lowered = Object.entries(args).map(([name, { from, type }]): ArgumentSource | null => {
    const at = spot.in(name);
    if (!/^[A-Za-z_][A-Za-z0-9_]{0,63}$/.test(name)) {
      return at.problem({ code: "wrong_value", message: `\`${name}\` cannot be the name of an argument`, atKey: true });
    }
    const source = parseSource(from, at.in("from"), carrier);
    return source === null ? null : { name, from: source, type: type ?? "any" };
  });
  return lowered.filter((argument) => argument !== null).toSorted((a, b) => compareText(a.name, b.name));
}

const LOCATIONS = ["form", "json", "query", "path", "header"];

function parseSource(text: string, spot: Spot, { body, path }: Carrier): ArgumentSource["from"] | null {
  const [, location = "", key = ""] = /^([a-z]+)\.(.+)$/.exec(text) ?? [];
  const wrong = (message: string, fix: string | null = null) =>
    spot.problem({ code: "wrong_value", message: `\`${text}\` ${message}`, fix });
  switch (location) {
    case "json":
      if (body !== "json") return wrong("is read from a JSON body, which the tool does not declare", "write `body: json`");
      return key.split(".").includes("") ? wrong("has an empty part") : { kind: "json", path: key.split(".") };
    case "form":
      return body === "form" ? { kind: "form", key } : wrong("is read from a form, which the tool does not declare", "write `body: form`");
    case "path":
      if (bindingsOf(path).includes(key)) return { kind: "path", key };
      return wrong("is not bound by the tool's path", `write \`:${key}\` as a segment of the path`);
    case "header":
      return { kind: "header", key: key.toLowerCase() };
    case "query":
      return { kind: "query", key };
    default:
      return wrong("is no place of an argument", suggestName(location || text, LOCATIONS));
  }
}

function lowerAmount(source: ToolSource["amount"], spot: Spot, args: readonly ArgumentSource[]): AmountSource | null {
  if (source === undefined) return null;
  const argument = argumentIn(source.value, spot.in("value"), args);
  if (argument === null) return null;
  if (source.currency.startsWith("args.")) {
    const name = argumentIn(source.currency, spot.in("currency"), args);
    return name === null ? null : { argument, unit: source.unit, currency: { kind: "argument", name } };
  }
  const code = parseCurrency(source.currency);
  if (code !== null && code === source.currency) return { argument, unit: source.unit, currency: { kind: "fixed", code } };
  const message = `\`${source.currency}\` is no currency`;
  return spot.in("currency").problem({ code: "wrong_value", message, fix: "write args.NAME or a code such as usd" });
}

function argumentIn(text: string, spot: Spot, args: readonly ArgumentSource[]): string | null {
  const name = text.startsWith("args.") ? text.slice(5) : "";
  if (args.some((argument) => argument.name === name)) return name;
  return spot.problem({
    code: "wrong_value",
    message: `\`${text}\` is no argument of this tool`,
    fix: suggestName(
      text,
      args.map((argument) => `args.${argument.name}`),
    ),
  });
}
