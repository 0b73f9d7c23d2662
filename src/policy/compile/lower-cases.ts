import type { CatalogueEntry } from "../../core/catalogue.ts";
import type { Limit } from "../../core/ruling.ts";
import type { Program } from "../program.ts";
import { lowerFindings, lowerUsages } from "./case-facts.ts";
import type { CaseCaller, PolicyCase } from "./cases.ts";
import { lowerCall } from "./lower-call.ts";
import { type ExpectedNames, lowerExpectation } from "./lower-expectation.ts";
import type { CaseSource } from "./schemas/cases-file.ts";
import type { Spot } from "./spot.ts";
import { parseMoment } from "./values/parse-moment.ts";

/** What a case may speak of: the tools, the limits by their ids, and what may be expected. */
export type CaseScope = {
  readonly catalogue: readonly CatalogueEntry[];
  readonly limits: ReadonlyMap<string, Limit>;
  readonly expected: ExpectedNames;
};

/** The limits of a program by their ids. */
export function limitsIn({ rules }: Pick<Program, "rules">): CaseScope["limits"] {
  return new Map(rules.flatMap(({ id, limit }): readonly (readonly [string, Limit])[] => (limit === null ? [] : [[id, limit]])));
}

/** One case made complete, or null after its mistakes were noted. */
export function lowerCase(source: CaseSource, spot: Spot, { catalogue, limits, expected }: CaseScope): PolicyCase | null {
  const code = typeof source.expect === "string" ? undefined : source.expect.code;
  const call = lowerCall(source.call, spot.in("call"), { catalogue, code });
  const usage = lowerUsages(source.usage ?? {}, spot.in("usage"), limits);
  const findings = source.findings === undefined ? [] : lowerFindings(source.findings, spot.in("findings"));
  const nowMs = source.time === undefined ? 0 : lowerTime(source.time, spot.in("time"));
  const expect = lowerExpectation(source.expect, spot.in("expect"), expected);
  if (call === null || usage === null || findings === null || nowMs === null || expect === null) return null;
  return {
    name: source.name,
    file: spot.file,
    line: spot.line,
    caller: lowerCaller(source.caller),
    call,
    usage,
    nowMs: source.time === undefined ? null : nowMs,
    findings: source.findings === undefined ? null : findings,
    context: source.context ?? {},
    expect,
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

/** Notes every case that has the name of another in its file: nobody could tell them apart. */
export function noteCaseDoubles(cases: readonly { readonly source: CaseSource; readonly spot: Spot }[]): void {
  const seen = new Map<string, Spot>();
  for (const { source, spot } of cases) {
    const key = JSON.stringify([spot.file, source.name]);
    const twin = seen.get(key);
    if (twin === undefined) seen.set(key, spot);
    else spot.in("name").problem({ code: "duplicate", message: `the case on line ${twin.line} has this name too` });
  }
}
