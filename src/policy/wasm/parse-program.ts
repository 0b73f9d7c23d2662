import { z } from "zod";
import type { Currency, Micros } from "../../core/money.ts";
import { parseCurrency, parseMicros } from "../../core/money.ts";
import type { LimitDimension } from "../../core/ruling.ts";
import { PROGRAM_FORMAT, type Program } from "../program.ts";
import { atomSchema } from "./parse-atom.ts";

export type ParsedProgram = { readonly kind: "parsed"; readonly program: Program } | { readonly kind: "refused"; readonly reason: string };

/** A compiled candidate looks at every rule behind the call's keys, and the cost grows faster than their number. */
export const RULES_BEHIND_A_KEY_MAX = 64;

/**
 * Checks `data.policies` of a bundle. A gap that the engine would step over in silence (a restricting rule without a
 * condition, a rule behind no key, an operator nobody knows) is refused here: it would widen.
 */
export function parseProgram(data: unknown): ParsedProgram {
  const parsed = programSchema.safeParse(data);
  if (!parsed.success) return { kind: "refused", reason: z.prettifyError(parsed.error) };
  // The schema is typed by its parts; the annotation below makes the compiler compare it with the contract.
  const program: Program = parsed.data;
  const gap = findGap(program);
  return gap === null ? { kind: "parsed", program } : { kind: "refused", reason: gap };
}

const text = z.string();
const texts = z.array(text).readonly();
const count = z.int().min(0);
const micros = z.custom<Micros>((value) => typeof value === "number" && parseMicros(value) !== null, "not whole micros");
const currency = z.custom<Currency>((value) => typeof value === "string" && parseCurrency(value) === value, "not a currency");
const dimension = z.custom<LimitDimension>(
  (value) => typeof value === "string" && /^(tenant|agent|subject|tool|model|host|session|labels\..+)$/.test(value),
  "not a dimension of a limit",
);

const names = z.strictObject({ is: z.record(text, z.literal(true)), starts: texts, ends: texts }).readonly();
const pathGlob = z.strictObject({ open: z.boolean(), n: count, fixed: z.array(z.tuple([count, text]).readonly()).readonly() }).readonly();
const match = z
  .strictObject({
    agent: names.exactOptional(),
    host: names.exactOptional(),
    method: names.exactOptional(),
    tool: names.exactOptional(),
    protocol: names.exactOptional(),
    path: z.array(pathGlob).readonly().exactOptional(),
  })
  .readonly();

const redactWith = z.enum(["remove", "mask", "hash", "label"]);
const obligation = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("redact_finding"), finding: text, with: redactWith }).readonly(),
  z.strictObject({ kind: z.literal("redact_header"), name: text, with: redactWith }).readonly(),
  z.strictObject({ kind: z.literal("redact_query"), key: text, with: redactWith }).readonly(),
]);
const approval = z
  .strictObject({
    from: z.array(text).min(1).readonly(),
    count: z.int().min(1),
    expiresMs: z.int().min(1),
    useWithinMs: z.int().min(1),
    summary: text.nullable(),
  })
  .readonly();
const bound = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("rate"), count: z.int().min(1), periodMs: z.int().min(1), burst: z.int().min(1) }).readonly(),
  z.strictObject({ kind: z.literal("budget"), micros, currency, period: z.literal("day"), of: z.enum(["amount", "cost"]) }).readonly(),
]);
const limit = z.strictObject({ id: text, per: z.array(dimension).readonly(), bound, timeZone: text }).readonly();

const condition = z.array(z.array(atomSchema).readonly()).readonly().nullable();
const rule = z
  .strictObject({
    id: text,
    effect: z.enum(["deny", "approval_needed", "allow", "add", "limit"]),
    shadow: z.boolean(),
    match,
    sure: condition,
    maybe: condition,
    code: text.nullable(),
    reason: text.nullable(),
    hint: text.nullable(),
    obligations: z.array(obligation).readonly(),
    approval: approval.nullable(),
    limit: limit.nullable(),
    facts: z.array(texts).readonly(),
  })
  .readonly();

const pathSegment = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("literal"), text }).readonly(),
  z.strictObject({ kind: z.literal("any") }).readonly(),
  z.strictObject({ kind: z.literal("bind"), name: text }).readonly(),
  z.strictObject({ kind: z.literal("rest") }).readonly(),
]);
const argumentSource = z
  .strictObject({
    name: text,
    from: z.discriminatedUnion("kind", [
      z.strictObject({ kind: z.literal("json"), path: texts }).readonly(),
      z.strictObject({ kind: z.enum(["form", "query", "path", "header"]), key: text }).readonly(),
    ]),
    type: z.enum(["string", "integer", "number", "any"]),
  })
  .readonly();
const amountSource = z
  .strictObject({
    argument: text,
    unit: z.enum(["minor", "major", "micros"]),
    currency: z.discriminatedUnion("kind", [
      z.strictObject({ kind: z.literal("argument"), name: text }).readonly(),
      z.strictObject({ kind: z.literal("fixed"), code: text }).readonly(),
    ]),
  })
  .readonly();
const catalogueEntry = z
  .strictObject({
    tool: text,
    method: text,
    host: text,
    path: z.array(pathSegment).readonly(),
    body: z.enum(["none", "json", "form"]),
    args: z.array(argumentSource).readonly(),
    amount: amountSource.nullable(),
    cost: z.strictObject({ currency, micros }).readonly().nullable(),
  })
  .readonly();

const programSchema = z
  .strictObject({
    format: z.literal(PROGRAM_FORMAT),
    rules: z.array(rule).readonly(),
    index: z.record(text, z.array(count).max(RULES_BEHIND_A_KEY_MAX).readonly()),
    reads: z.array(z.strictObject({ host: text, body: z.boolean(), detectors: texts }).readonly()).readonly(),
    catalogue: z.array(catalogueEntry).readonly(),
    fields: texts,
    namedHosts: texts,
    policies: z.array(z.strictObject({ name: text, version: text.nullable() }).readonly()).readonly(),
  })
  .readonly();

function findGap(program: Program): string | null {
  const indexed = new Set(Object.values(program.index).flat());
  for (const number of indexed) {
    if (number >= program.rules.length) return `the index names rule ${number}, which is not there`;
  }
  for (const [number, entry] of program.rules.entries()) {
    const gap = findRuleGap(entry);
    if (gap !== null) return `rule ${entry.id}: ${gap}`;
    if (!indexed.has(number)) return `rule ${entry.id}: no key of the index leads to it`;
  }
  return null;
}

function findRuleGap(entry: Program["rules"][number]): string | null {
  switch (entry.effect) {
    case "allow":
      if (entry.sure === null) return "it permits, and has no condition for it";
      return entry.obligations.length > 0 && entry.maybe === null ? "it redacts, and has no condition for that" : null;
    case "approval_needed":
      if (entry.approval === null) return "it asks for an approval, and does not say whose";
      return entry.maybe === null ? "it restricts, and has no condition" : null;
    case "limit":
      if (entry.limit === null) return "it limits, and has no limit";
      return entry.maybe === null ? "it limits, and has no condition" : null;
    case "deny":
    case "add":
      return entry.maybe === null ? "it restricts or adds, and has no condition" : null;
  }
}
