import type { CatalogueEntry } from "../../core/catalogue.ts";
import type { CaseBody, CaseCall, CaseFields } from "./cases.ts";
import { checkMethod } from "./match/check-method.ts";
import { parseHost } from "./match/parse-host.ts";
import { suggestName } from "./nearest-name.ts";
import type { CaseSource } from "./schemas/cases-file.ts";
import type { Spot } from "./spot.ts";

type CallSource = CaseSource["call"];

type CallScope = {
  readonly catalogue: readonly CatalogueEntry[];
  /** The code that is expected: what a case is about may be wrong. */
  readonly code: string | undefined;
};

/** The call of a case, or null after its mistakes were noted. */
export function lowerCall(source: CallSource, spot: Spot, scope: CallScope): CaseCall | null {
  if (!areAsWritten(source.query, spot.in("query"))) return null;
  return source.tool === undefined ? lowerHttpCall(source, spot, scope) : lowerToolCall({ ...source, tool: source.tool }, spot, scope);
}

function lowerToolCall(source: CallSource & { readonly tool: string }, spot: Spot, { catalogue }: CallScope): CaseCall | null {
  const { tool, args = {}, query = {}, headers = {} } = source;
  for (const key of ["method", "scheme", "host", "path", "form", "json"] as const) {
    if (source[key] === undefined) continue;
    return spot.in(key).problem({
      code: "contradiction",
      message: `\`${key}\` follows from \`tool\``,
      fix: "write either the tool or the call",
      atKey: true,
    });
  }
  const entry = catalogue.find((one) => one.tool === tool);
  if (entry === undefined) {
    const fix = suggestName(
      tool,
      catalogue.map((one) => one.tool),
    );
    return spot.in("tool").problem({ code: "no_such_tool", message: `no tool of the catalogue is \`${tool}\``, fix });
  }
  const names = entry.args.map((argument) => argument.name);
  const stranger = Object.keys(args).find((name) => !names.includes(name));
  if (stranger !== undefined) {
    const message = `\`${tool}\` has no argument \`${stranger}\``;
    return spot.in("args", stranger).problem({ code: "unknown_key", message, fix: suggestName(stranger, names), atKey: true });
  }
  const asText = Object.entries(args).filter(([name]) => entry.args.some((one) => one.name === name && one.from.kind !== "json"));
  if (!areAsWritten(Object.fromEntries(asText), spot.in("args"))) return null;
  return { kind: "tool", tool, args, query, headers };
}

function lowerHttpCall(source: CallSource, spot: Spot, { code }: CallScope): CaseCall | null {
  const { method, host, path, form, json } = source;
  if (source.args !== undefined)
    return spot.in("args").problem({ code: "contradiction", message: "`args` stands only with `tool`", atKey: true });
  if (method === undefined) return spot.problem({ code: "missing_key", message: "the key `method` is missing (or `tool`)" });
  if (host === undefined) return spot.problem({ code: "missing_key", message: "the key `host` is missing" });
  if (path === undefined && method !== "CONNECT") return spot.problem({ code: "missing_key", message: "the key `path` is missing" });
  if (form !== undefined && json !== undefined)
    return spot.in("json").problem({ code: "contradiction", message: "a call has one body: `form` or `json`", atKey: true });
  if (code !== "request_invalid" && !checkMethod(method, spot.in("method"))) return null;
  if (code !== "host_invalid" && !isOneHost(host, spot.in("host"))) return null;
  if (!areAsWritten(form, spot.in("form"))) return null;
  const body: CaseBody =
    form !== undefined ? { kind: "form", fields: form } : json !== undefined ? { kind: "json", value: json } : { kind: "none" };
  const { scheme = "https", query = {}, headers = {} } = source;
  return { kind: "http", method, scheme, host, path: path ?? "", query, headers, body };
}

/** A call goes to one host, and may name it with a dot at its end. */
function isOneHost(text: string, spot: Spot): boolean {
  if (!text.startsWith(".")) return parseHost(text.replace(/\.(?=:|$)/, ""), spot) !== null;
  spot.problem({ code: "wrong_value", message: `\`${text}\` is no host of a call`, fix: `write one host, for example api${text}` });
  return false;
}

/** Whether every number goes out as it is written: YAML reads `007` as 7 and `+49151` without its sign. */
function areAsWritten(fields: CaseFields | Readonly<Record<string, unknown>> = {}, spot: Spot): boolean {
  const wrong = Object.entries(fields).filter(([key, value]) => {
    if (typeof value !== "number" && typeof value !== "boolean") return false;
    const { written } = spot.in(key);
    if (written === null || written === String(value)) return false;
    const message = `YAML reads ${written} as ${String(value)}, and so it would be sent`;
    spot.in(key).problem({ code: "yaml_trap", message, fix: `quote it: "${written}", or write ${String(value)}` });
    return true;
  });
  return wrong.length === 0;
}
