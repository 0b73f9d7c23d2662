import { parseName } from "../core/name.ts";

/** One line of `revocations.jsonl` (contract section 2). */
export type Revocation = {
  readonly tenant: string;
  readonly kind: "agent";
  readonly name: string;
  readonly reason: string;
  /** RFC 3339. */
  readonly at: string;
};

const REASON_CHARS_MAX = 500;
const TIME = /^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]{8,18}(?:Z|[+-][0-9]{2}:[0-9]{2})$/;

export type ParsedRevocations = {
  readonly good: readonly Revocation[] /** Numbers of the lines that are none, from 1. */;
  readonly broken: readonly number[];
};

/** Lines of JSON; empty ones are skipped. */
export function parseRevocations(text: string): ParsedRevocations {
  const good: Revocation[] = [];
  const broken: number[] = [];
  for (const [index, line] of text.split("\n").entries()) {
    if (line.trim() === "") continue;
    const revocation = parseLine(line);
    if (revocation === null) broken.push(index + 1);
    else good.push(revocation);
  }
  return { good, broken };
}

/** The revocation, or null when a member is missing or of another form. Unknown members change nothing. */
export function parseRevocation(value: unknown): Revocation | null {
  if (typeof value !== "object" || value === null) return null;
  // Any object can be asked for any member; each is checked below.
  const { tenant, kind, name, reason, at } = value as Record<string, unknown>;
  const tenantName = parseName(tenant);
  const agent = parseName(name);
  if (tenantName === null || agent === null || kind !== "agent") return null;
  if (typeof reason !== "string" || reason.length > REASON_CHARS_MAX) return null;
  if (typeof at !== "string" || !TIME.test(at) || Number.isNaN(Date.parse(at))) return null;
  return { tenant: tenantName, kind, name: agent, reason, at };
}

function parseLine(line: string): Revocation | null {
  try {
    return parseRevocation(JSON.parse(line));
  } catch {
    return null;
  }
}
