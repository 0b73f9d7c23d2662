import { z } from "zod";
import { fileSchema, object, text, texts } from "./object.ts";

const decision = z.enum(["allow", "sanitize", "approval_needed", "deny"]);

const caller = object({
  agent: text.describe("The agent that calls."),
  tenant: text.optional(),
  subject: text.optional().describe("The principal the agent acts for."),
  actors: texts.optional().describe("Earlier actors, latest first."),
  roles: texts.optional(),
  groups: texts.optional(),
  scope: texts.optional(),
  labels: z.record(text, text).optional(),
  session: text.optional(),
  agent_version: text.optional(),
}).describe("The caller as its token would name it.");

const fields = z.record(text, z.union([text, z.number(), z.boolean()]));

const call = object({
  method: text.optional(),
  scheme: z.enum(["http", "https"]).optional().describe("https if absent."),
  host: text.optional(),
  path: text.optional().describe("The path as it is sent, with its query or beside `query`."),
  query: fields.optional(),
  headers: z.record(text, text).optional(),
  form: fields.optional().describe("A form as the body."),
  json: z.json().optional().describe("A JSON value as the body."),
  tool: text.optional().describe("A tool of the catalogue, instead of method, host, path and body."),
  args: z.record(text, z.json()).optional().describe("With `tool`: its arguments."),
}).describe("The call: either method, host and path, or a tool.");

const usage = object({
  used: z.number().optional().describe("Calls of a rate, or main units of a budget's currency."),
  remaining: z.number().optional(),
  share: z.number().optional().describe("The used part of the whole, 0 to 1."),
}).describe("Exactly one of used, remaining, share; the others follow from the limit.");

const finding = object({
  kind: text.describe("For example pii.ssn."),
  where: text.describe("header:NAME, query:KEY, form:KEY, json:/pointer, path or text."),
  confidence: z.number().optional().describe("0 to 1; 1 if absent."),
});

const expectation = object({
  decision,
  rule: text.optional().describe("The first deciding rule, `policy/id`."),
  code: text.optional(),
  class: z.enum(["policy", "identity", "revoked", "limit", "budget", "malformed", "fault"]).optional(),
  tool: text.optional().describe("The tool the call is: a name of the catalogue, `unknown` or `none`."),
  model: text.optional().describe("The model the call asks, or `none`."),
  redactions: texts.optional().describe("find:KIND, header:NAME, query:KEY, form:KEY, json:$.a.b: exactly these, in any order."),
  limits: texts.optional().describe("Ids of the limits that are charged: exactly these, in any order."),
  shadow: z
    .union([object({ decision, rule: text.optional() }), z.null()])
    .optional()
    .describe("What the rules in shadow would have decided; null: nothing else."),
  set: z.record(text, text).optional().describe("Headers that rules set, with their values: exactly these."),
  removed: texts.optional().describe("Headers of the call that do not go on: exactly these, in any order."),
});

const oneCase = object({
  name: text.describe("What the case claims."),
  caller,
  call,
  usage: z.record(text, usage).optional().describe("How far limits are used up, by `policy/id`."),
  time: text.optional().describe("When the call is made, for example 2026-12-24T18:00:00Z."),
  findings: z.array(finding).optional().describe("What detectors see of the call, instead of what they would see."),
  context: z.record(text, text).optional().describe("Context extensions (`envoy.context`), as a proxy trusted for them sends."),
  expect: z.union([decision, expectation]).describe("The decision, or a map of what is looked at."),
});

/** A file with the key `cases`: tests of the policies beside it. */
export const casesFile = object({
  $schema: fileSchema,
  cases: z.array(oneCase),
}).describe("A cases file: tests of the policies beside it.");

export type CaseSource = z.infer<typeof casesFile>["cases"][number];
