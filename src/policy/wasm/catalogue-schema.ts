import { z } from "zod";
import type { CatalogueEntry } from "../../core/catalogue.ts";
import { moneySchema } from "./rule-schema.ts";

const text = z.string();
const texts = z.array(text).readonly();

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
    record: z.boolean(),
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
const costSource = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("fixed"), money: moneySchema }).readonly(),
  z
    .strictObject({
      kind: z.literal("by_model"),
      prices: z.array(z.strictObject({ model: text, money: moneySchema }).readonly()).readonly(),
    })
    .readonly(),
]);

export const catalogueEntrySchema: z.ZodType<CatalogueEntry> = z
  .strictObject({
    tool: text,
    method: text,
    host: text,
    path: z.array(pathSegment).readonly(),
    body: z.enum(["none", "json", "form"]),
    args: z.array(argumentSource).readonly(),
    amount: amountSource.nullable(),
    model: text.nullable(),
    cost: costSource.nullable(),
    schema: z.json().nullable(),
  })
  .readonly();
