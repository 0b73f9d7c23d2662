import { z } from "zod";
import type { Json } from "../../core/intent.ts";
import type { PolicyCase } from "../compile/cases.ts";

export type ParsedCases =
  | { readonly kind: "cases"; readonly cases: readonly PolicyCase[] }
  | { readonly kind: "malformed"; readonly reason: string };

const CASES_MAX = 10_000;

/** The cases that a bundle carries, as `build` compiled them. Unknown keys refuse them: each may be a fact that this version would not look at. */
export function parseCases(given: unknown): ParsedCases {
  if (given === null) return { kind: "cases", cases: [] };
  const parsed = casesSchema.safeParse(given);
  if (parsed.success) return { kind: "cases", cases: parsed.data };
  const [issue] = parsed.error.issues;
  return { kind: "malformed", reason: `its cases are malformed at ${issue?.path.join(".") || "their root"}` };
}

const texts = z.array(z.string()).readonly();
const textOrNull = z.string().nullable();
const fields = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).readonly();
const headers = z.record(z.string(), z.string()).readonly();
const json: z.ZodType<Json> = z.json();

const caller = z
  .strictObject({
    tenant: z.string(),
    agent: z.string(),
    subject: textOrNull,
    actors: texts,
    roles: texts,
    groups: texts,
    scope: texts.nullable(),
    labels: headers,
    session: textOrNull,
    agentVersion: textOrNull,
  })
  .readonly();

const body = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("none") }).readonly(),
  z.strictObject({ kind: z.literal("form"), fields }).readonly(),
  z.strictObject({ kind: z.literal("json"), value: json }).readonly(),
]);

const call = z.discriminatedUnion("kind", [
  z
    .strictObject({
      kind: z.literal("http"),
      method: z.string(),
      scheme: z.enum(["http", "https"]),
      host: z.string(),
      path: z.string(),
      query: fields,
      headers,
      body,
    })
    .readonly(),
  z
    .strictObject({ kind: z.literal("tool"), tool: z.string(), args: z.record(z.string(), json).readonly(), query: fields, headers })
    .readonly(),
]);

const place = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("header"), name: z.string() }).readonly(),
  z.strictObject({ kind: z.literal("query"), key: z.string() }).readonly(),
  z.strictObject({ kind: z.literal("form"), key: z.string() }).readonly(),
  z.strictObject({ kind: z.literal("json"), pointer: z.string() }).readonly(),
  z.strictObject({ kind: z.literal("path") }).readonly(),
  z.strictObject({ kind: z.literal("text") }).readonly(),
]);

const usage = z.strictObject({ part: z.enum(["used", "remaining", "share"]), value: z.number() }).readonly();

const expectation = z
  .strictObject({
    decision: z.enum(["allow", "sanitize", "approval_needed", "deny"]),
    rule: textOrNull,
    code: textOrNull,
    class: z.enum(["policy", "identity", "revoked", "limit", "budget", "malformed", "fault"]).nullable(),
    tool: textOrNull,
    model: textOrNull,
    redactions: texts.nullable(),
    limits: texts.nullable(),
    shadow: z.union([z.literal("none"), z.strictObject({ decision: z.string(), rule: textOrNull }).readonly()]).nullable(),
    set: headers.nullable(),
    removed: texts.nullable(),
  })
  .readonly();

const policyCase = z
  .strictObject({
    name: z.string(),
    file: z.string(),
    line: z.number(),
    caller,
    call,
    context: headers,
    usage: z.record(z.string(), usage).readonly(),
    nowMs: z.number().nullable(),
    findings: z
      .array(z.strictObject({ kind: z.string(), place, confidence: z.number() }).readonly())
      .readonly()
      .nullable(),
    expect: expectation,
  })
  .readonly();

const casesSchema: z.ZodType<readonly PolicyCase[]> = z.array(policyCase).max(CASES_MAX).readonly();
