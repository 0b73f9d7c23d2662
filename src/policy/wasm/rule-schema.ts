import { z } from "zod";
import type { Currency, Micros } from "../../core/money.ts";
import { parseCurrency, parseMicros } from "../../core/money.ts";
import type { JsonPath, LimitDimension } from "../../core/ruling.ts";
import type { Atom } from "../program.ts";
import { maybeAtomSchema, sureAtomSchema } from "./parse-atom.ts";

const text = z.string();
const texts = z.array(text).readonly();
const count = z.int().min(0);
const atLeastOne = z.int().min(1);
const micros = z.custom<Micros>((value) => typeof value === "number" && parseMicros(value) !== null, "not whole micros");
const currency = z.custom<Currency>((value) => typeof value === "string" && parseCurrency(value) === value, "not a currency");
const dimension = z.custom<LimitDimension>(
  (value) => typeof value === "string" && /^(tenant|agent|subject|group|tool|model|host|session|labels\..+)$/.test(value),
  "not a dimension of a limit",
);

export const namesSchema = z.strictObject({ is: z.record(text, z.literal(true)), starts: texts, ends: texts }).readonly();
const pathGlob = z.strictObject({ open: z.boolean(), n: count, fixed: z.array(z.tuple([count, text]).readonly()).readonly() }).readonly();
const dimensionNames = namesSchema.exactOptional();
const match = z
  .strictObject({
    agent: dimensionNames,
    host: dimensionNames,
    method: dimensionNames,
    tool: dimensionNames,
    protocol: dimensionNames,
    operation: dimensionNames,
    model: dimensionNames,
    role: dimensionNames,
    group: dimensionNames,
    path: z.array(pathGlob).readonly().exactOptional(),
  })
  .readonly();

const redactWith = z.enum(["remove", "mask", "hash", "label"]);
const redactOn = z.enum(["default", "request", "response", "both"]);
const jsonPath: z.ZodType<JsonPath> = z
  .array(
    z.discriminatedUnion("kind", [
      z.strictObject({ kind: z.literal("member"), name: text }).readonly(),
      z.strictObject({ kind: z.literal("elements") }).readonly(),
    ]),
  )
  .readonly();
const obligation = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("redact_finding"), finding: text, with: redactWith, on: redactOn }).readonly(),
  z.strictObject({ kind: z.literal("redact_header"), name: text, with: redactWith, on: redactOn }).readonly(),
  z.strictObject({ kind: z.literal("redact_query"), key: text, with: redactWith }).readonly(),
  z.strictObject({ kind: z.literal("redact_form"), key: text, with: redactWith }).readonly(),
  z.strictObject({ kind: z.literal("redact_json"), path: jsonPath, with: redactWith, on: redactOn }).readonly(),
  z.strictObject({ kind: z.literal("remove_header"), name: text }).readonly(),
]);
const headerSet = z.strictObject({ name: text, value: text }).readonly();
const approval = z
  .strictObject({
    from: z.array(text).min(1).readonly(),
    people: texts,
    count: atLeastOne,
    exclude: texts,
    note: z.boolean(),
    bind: texts.nullable(),
    expiresMs: atLeastOne,
    useWithinMs: atLeastOne,
    summary: text.nullable(),
  })
  .readonly();
const bound = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("rate"), count: atLeastOne, periodMs: atLeastOne, burst: atLeastOne }).readonly(),
  z.strictObject({ kind: z.literal("budget"), micros, currency, period: z.literal("day"), of: z.enum(["amount", "cost"]) }).readonly(),
]);
const limit = z.strictObject({ id: text, per: z.array(dimension).readonly(), bound, timeZone: text }).readonly();
const conditionOf = (atom: z.ZodType<Atom>) => z.array(z.array(atom).readonly()).readonly().nullable();

export const moneySchema = z.strictObject({ currency, micros }).readonly();

export const ruleSchema = z
  .strictObject({
    id: text,
    effect: z.enum(["deny", "approval_needed", "allow", "add", "limit"]),
    shadow: z.boolean(),
    guard: z.boolean(),
    match,
    sure: conditionOf(sureAtomSchema),
    maybe: conditionOf(maybeAtomSchema),
    code: text.nullable(),
    reason: text.nullable(),
    hint: text.nullable(),
    obligations: z.array(obligation).readonly(),
    sets: z.array(headerSet).readonly(),
    approval: approval.nullable(),
    limit: limit.nullable(),
    facts: z.array(texts).readonly(),
  })
  .readonly();
