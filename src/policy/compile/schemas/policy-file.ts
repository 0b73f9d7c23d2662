import { z } from "zod";
import { form, id, object, text, texts } from "./object.ts";

const SEMVER = /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(?:-[0-9A-Za-z.-]+)?(?:\+[0-9A-Za-z.-]+)?$/;

const match = object(
  {
    agents: texts.optional(),
    hosts: texts.optional(),
    methods: texts.optional(),
    paths: texts.optional(),
    tools: texts.optional(),
    protocols: texts.optional(),
  },
  ["roles", "groups", "operations", "models"],
);

const approval = object(
  {
    from: texts.optional(),
    count: z.number().optional(),
    expires: text.optional(),
    use_within: text.optional(),
    summary: text.optional(),
  },
  ["exclude", "note", "bind", "hold", "scoped"],
);

const redaction = object(
  {
    find: text.optional(),
    header: text.optional(),
    query: text.optional(),
    with: z.enum(["remove", "mask", "hash", "label"]).optional(),
    on: z.enum(["request", "response", "both"]).optional(),
  },
  ["form", "json"],
);

const mode = z.enum(["enforce", "shadow"]);

const code = form(/^[a-z][a-z0-9]*(?:_[a-z0-9]+)*$/, "a code in lower_snake_case");

const rule = object(
  {
    id,
    match: match.optional(),
    if: text.optional(),
    // biome-ignore lint/suspicious/noThenProperty: `then` is the language's key; the value is a schema and no promise.
    then: z.enum(["allow", "sanitize", "approval_needed", "deny"]).optional(),
    redact: z.array(redaction).optional(),
    approval: approval.optional(),
    code: code.optional(),
    reason: text.optional(),
    hint: text.optional(),
    mode: mode.optional(),
  },
  ["set", "remove", "cache", "priority", "scan", "audit"],
);

const limit = object(
  {
    id,
    per: texts,
    match: match.optional(),
    if: text.optional(),
    of: z.enum(["amount", "cost"]).optional(),
    rate: text.optional(),
    burst: z.number().optional(),
    budget: text.optional(),
    beyond: z.enum(["deny", "approval_needed"]).optional(),
    mode: mode.optional(),
    time_zone: text.optional(),
  },
  ["quota", "concurrency", "approval", "thresholds", "on_store_failure", "unknown_price"],
);

/** A file with the key `policy`: a named set of rules and limits. */
export const policyFile = object(
  {
    policy: id,
    version: form(SEMVER, "a semantic version such as 1.2.0, quoted if it has one dot").optional(),
    description: text.optional(),
    time_zone: text.optional(),
    match: match.optional(),
    mode: mode.optional(),
    rules: z.array(rule).optional(),
    limits: z.array(limit).optional(),
  },
  ["max_requests_per_second", "max_daily_budget", "allowed_domains"],
);

export type PolicyFile = z.infer<typeof policyFile>;
export type RuleSource = NonNullable<PolicyFile["rules"]>[number];
export type LimitSource = NonNullable<PolicyFile["limits"]>[number];
export type MatchSource = z.infer<typeof match>;
export type ApprovalSource = z.infer<typeof approval>;
export type RedactionSource = z.infer<typeof redaction>;
