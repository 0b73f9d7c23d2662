import { z } from "zod";
import { object, text, texts } from "./object.ts";

const decision = z.enum(["allow", "sanitize", "approval_needed", "deny"]);

const caller = object({
  agent: text,
  tenant: text.optional(),
  subject: text.optional(),
  actors: texts.optional(),
  roles: texts.optional(),
  groups: texts.optional(),
  scope: texts.optional(),
  labels: z.record(text, text).optional(),
  session: text.optional(),
  agent_version: text.optional(),
});

const fields = z.record(text, z.union([text, z.number(), z.boolean()]));

const call = object({
  method: text.optional(),
  scheme: z.enum(["http", "https"]).optional(),
  host: text.optional(),
  path: text.optional(),
  query: fields.optional(),
  headers: z.record(text, text).optional(),
  form: fields.optional(),
  json: z.json().optional(),
  tool: text.optional(),
  args: z.record(text, z.json()).optional(),
});

const expectation = object({
  decision: decision,
  rule: text.optional(),
  code: text.optional(),
  class: z.enum(["policy", "identity", "revoked", "limit", "budget", "malformed", "fault"]).optional(),
  redactions: texts.optional(),
  limits: texts.optional(),
});

/** A file with the key `cases`: tests of the policies beside it. */
export const casesFile = object({
  cases: z.array(object({ name: text, caller, call, expect: z.union([decision, expectation]) }, ["usage", "time", "findings"])),
});

export type CaseSource = z.infer<typeof casesFile>["cases"][number];
