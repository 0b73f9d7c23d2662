import type { CatalogueEntry } from "../../core/catalogue.ts";
import type { Limit } from "../../core/ruling.ts";
import type { Program } from "../program.ts";
import { lowerFindings, lowerUsages } from "./case-facts.ts";
import type { CaseBody, CaseCall, CaseCaller, CaseExpectation, PolicyCase } from "./cases.ts";
import { suggestName } from "./nearest-name.ts";
import type { CaseSource } from "./schemas/cases-file.ts";
import type { Spot } from "./spot.ts";
import { parseMoment } from "./values/parse-moment.ts";

/** What a case may speak of: the tools, and the limits by their ids. */
export type CaseScope = { readonly catalogue: readonly CatalogueEntry[]; readonly limits: ReadonlyMap<string, Limit> };

/** The limits of a program by their ids. */
export function limitsIn({ rules }: Pick<Program, "rules">): CaseScope["limits"] {
  return new Map(rules.flatMap(({ id, limit }): readonly (readonly [string, Limit])[] => (limit === null ? [] : [[id, limit]])));
}

/** One case made complete, or null after its mistakes were noted. */
export function lowerCase(source: CaseSource, spot: Spot, { catalogue, limits }: CaseScope): PolicyCase | null {
  const call = lowerCall(source.call, spot.in("call"), catalogue);
  const usage = lowerUsages(source.usage ?? {}, spot.in("usage"), limits);
  const findings = source.findings === undefined ? [] : lowerFindings(source.findings, spot.in("findings"));
  const nowMs = source.time === undefined ? 0 : lowerTime(source.time, spot.in("time"));
  if (call === null || usage === null || findings === null || nowMs === null) return null;
  return {
    name: source.name,
    file: spot.file,
    line: spot.line,
    caller: lowerCaller(source.caller),
    call,
    usage,
    nowMs: source.time === undefined ? null : nowMs,
    findings: source.findings === undefined ? null : findings,
    expect: lowerExpectation(source.expect),
  };
}

function lowerTime(text: string, spot: Spot): number | null {
  const ms = parseMoment(text);
  if (ms !== null) return ms;
  return spot.problem({ code: "wrong_value", message: `\`${text}\` is no moment`, fix: "for example 2026-12-24T18:00:00Z" });
}

function lowerCaller(source: CaseSource["caller"]): CaseCaller {
  return {
    agent: source.agent,
    tenant: source.tenant ?? "default",
    subject: source.subject ?? null,
    actors: source.actors ?? [],
    roles: source.roles ?? [],
    groups: source.groups ?? [],
    scope: source.scope ?? null,
    labels: source.labels ?? {},
    session: source.session ?? null,
    agentVersion: source.agent_version ?? null,
  };
}

type CallSource = CaseSource["call"];

function lowerCall(source: CallSource, spot: Spot, catalogue: readonly CatalogueEntry[]): CaseCall | null {
  if (source.tool === undefined) return lowerHttpCall(source, spot);
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
  const stranger = Object.keys(args).find((name) => !entry.args.some((argument) => argument.name === name));
  if (stranger !== undefined) {
    const fix = suggestName(
      stranger,
      entry.args.map((argument) => argument.name),
    );
    return spot
      .in("args", stranger)
      .problem({ code: "unknown_key", message: `\`${tool}\` has no argument \`${stranger}\``, fix, atKey: true });
  }
  return { kind: "tool", tool, args, query, headers };
}

function lowerHttpCall(source: CallSource, spot: Spot): CaseCall | null {
  const { method, host, path, form, json } = source;
  if (source.args !== undefined)
    return spot.in("args").problem({ code: "contradiction", message: "`args` stands only with `tool`", atKey: true });
  if (method === undefined) return spot.problem({ code: "missing_key", message: "the key `method` is missing (or `tool`)" });
  if (host === undefined) return spot.problem({ code: "missing_key", message: "the key `host` is missing" });
  if (path === undefined && method !== "CONNECT") return spot.problem({ code: "missing_key", message: "the key `path` is missing" });
  if (form !== undefined && json !== undefined)
    return spot.in("json").problem({ code: "contradiction", message: "a call has one body: `form` or `json`", atKey: true });
  const body: CaseBody =
    form !== undefined ? { kind: "form", fields: form } : json !== undefined ? { kind: "json", value: json } : { kind: "none" };
  const { scheme = "https", query = {}, headers = {} } = source;
  return { kind: "http", method, scheme, host, path: path ?? "", query, headers, body };
}

function lowerExpectation(source: CaseSource["expect"]): CaseExpectation {
  const full = typeof source === "string" ? { decision: source } : source;
  return {
    decision: full.decision,
    rule: full.rule ?? null,
    code: full.code ?? null,
    class: full.class ?? null,
    tool: full.tool ?? null,
    model: full.model ?? null,
    redactions: full.redactions ?? null,
    limits: full.limits ?? null,
  };
}
