import type { CatalogueEntry, HostReads } from "../../core/catalogue.ts";
import type { Obligation } from "../../core/ruling.ts";
import type { Match } from "../program.ts";
import { covers } from "./match/names.ts";
import type { CompiledRule } from "./parts.ts";
import { compareText } from "./problem.ts";

const EVERY_HOST = "*";

/** What rules and catalogue look at, by host: a rule with detectors, or that takes something out of a body, looks at all of it. */
export function collectReads(rules: readonly CompiledRule[], catalogue: readonly CatalogueEntry[]): readonly HostReads[] {
  const reads = [
    ...rules.flatMap(({ rule, detectors }) => {
      if (detectors.length === 0 && !rule.obligations.some(isInBody)) return [];
      return hostsOf(rule.match, catalogue).map((host) => ({ host, body: true, detectors }));
    }),
    ...catalogue.flatMap(({ host, body }) => (body === "none" ? [] : [{ host, body: true, detectors: [] }])),
  ];
  const byHost = Map.groupBy(reads, ({ host }) => host);
  const hosts = [...byHost.keys()].sort(compareText);
  return hosts.map((host) => {
    const here = byHost.get(host) ?? [];
    const detectors = [...new Set(here.flatMap((read) => read.detectors))].sort(compareText);
    return { host, body: here.some((read) => read.body), detectors };
  });
}

/** Whether the place is there can be told only from the body. */
function isInBody({ kind }: Obligation): boolean {
  return kind === "redact_form" || kind === "redact_json";
}

/** Patterns that together cover every host a match can fit. */
function hostsOf({ host, tool }: Match, catalogue: readonly CatalogueEntry[]): readonly string[] {
  if (tool !== undefined && tool.starts.length === 0) {
    const entries = catalogue.filter((entry) => Object.hasOwn(tool.is, entry.tool) || Object.hasOwn(tool.is, "unknown"));
    return entries.flatMap((entry) => (host === undefined || covers(host, entry.host) ? [entry.host] : []));
  }
  if (host === undefined) return [EVERY_HOST];
  return [...Object.keys(host.is), ...host.ends.map((suffix) => suffix.replace(/:[0-9]+$/, ""))];
}

/** Groups of the input whose members are sent one by one, and how many names say one member. */
const MEMBERS: Readonly<Record<string, number>> = { caller: 2, args: 2, path: 2, usage: 2 };
const INNER_MEMBERS: Readonly<Record<string, number>> = {
  "caller.labels": 3,
  "http.headers": 3,
  "http.query": 3,
  "envoy.context": 3,
};

/** The input fields that some condition reads. */
export function collectFields(rules: readonly CompiledRule[]): readonly string[] {
  const fields = rules.flatMap(({ paths }) => paths.map(fieldOf));
  return [...new Set(fields)].sort(compareText);
}

function fieldOf(path: readonly string[]): string {
  const [root = "", second = ""] = path;
  const depth = INNER_MEMBERS[`${root}.${second}`] ?? MEMBERS[root] ?? (root === "http" || root === "envoy" ? 2 : 1);
  return path.slice(0, depth).join(".");
}

/** Ids of the limits whose usage some condition reads. */
export function collectUsage(rules: readonly CompiledRule[]): readonly string[] {
  const ids = rules.flatMap(({ paths }) => paths.flatMap(([root, id]) => (root === "usage" && id !== undefined ? [id] : [])));
  return [...new Set(ids)].sort(compareText);
}

/** Hosts that an enforced rule which permits or asks names exactly, and those of the catalogue. What guardrails ask opens nothing. */
export function collectNamedHosts(rules: readonly CompiledRule[], catalogue: readonly CatalogueEntry[]): readonly string[] {
  const named = rules.flatMap(({ rule }) => {
    const opens = !rule.shadow && !rule.guard && (rule.effect === "allow" || rule.effect === "approval_needed");
    return opens ? Object.keys(rule.match.host?.is ?? {}) : [];
  });
  return [...new Set([...named, ...catalogue.map((entry) => entry.host)])].sort(compareText);
}
