import { z } from "zod";
import { fileSchema, form, id, object, text, texts } from "./object.ts";

const SEMVER = /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(?:-[0-9A-Za-z.-]+)?(?:\+[0-9A-Za-z.-]+)?$/;

const match = object({
  agents: texts.optional().describe("Agents that call; one `*` may stand at the end."),
  roles: texts.optional().describe("Any of the caller's roles; one `*` may stand at the end."),
  groups: texts.optional().describe("Any of the caller's groups, by its token or a `groups` file; one `*` may stand at the end."),
  hosts: texts.optional().describe("Exact hosts or `.example.com` for all under it; `:port` only if it is not the scheme's default."),
  methods: texts.optional().describe("Methods in upper case."),
  paths: texts.optional().describe("Paths by segments: `*` is one, a final `**` any number, `:name` one that `path.name` reads."),
  protocols: texts.optional().describe("http, tunnel, upgrade or stream; what is not http is permitted only by rules that name it."),
  operations: texts.optional().describe("What the protocol calls the act; one `*` may stand at the end."),
  tools: texts.optional().describe("Tools of the catalogue, `unknown`, or names with one `*` at the end."),
  models: texts.optional().describe("Models by the catalogue; one `*` may stand at the end."),
}).describe("What kind of call. A list means any of, several keys mean all of.");

const approval = object(
  {
    from: texts.optional().describe("Groups whose people may approve."),
    count: z.number().optional().describe("How many different people must say yes; 1 if absent."),
    exclude: texts.optional().describe("Groups and people who may not approve, beside the requester and the agent's owner."),
    expires: text.optional().describe("How long the request lives, for example 30m; 15m if absent."),
    use_within: text.optional().describe("How long the grant lives once approved; 10m if absent."),
    note: z.enum(["required"]).optional().describe("`required`: an approver has to write why."),
    summary: text.optional().describe("For approvers, for example `Pay {amount} to {args.to}`."),
    bind: texts.optional().describe("Arguments (`args.to`) that the approval is bound to; the whole call if absent."),
  },
  ["hold", "scoped"],
).describe("Who must say yes.");

const redaction = object({
  find: text.optional().describe("A kind of finding, for example pii.ssn: the text that was found goes, wherever it is."),
  header: text.optional().describe("A header by its name."),
  query: text.optional().describe("A query key; it goes with its value."),
  form: text.optional().describe("A field of a form body."),
  json: text.optional().describe("A place in a JSON body, for example `$.a.b[*].c`."),
  with: z.enum(["remove", "mask", "hash", "label"]).optional().describe("What comes instead; remove if absent."),
  on: z.enum(["request", "response", "both"]).optional().describe("The request, and the response where it can be edited, if absent."),
}).describe("Exactly one of find, header, query, form, json.");

const mode = z.enum(["enforce", "shadow"]);

const code = form(/^[a-z][a-z0-9]*(?:_[a-z0-9]+)*$/, "a code in lower_snake_case");

const rule = object(
  {
    id: id.describe("Unique in its policy; records say `policy/id`."),
    match: match.optional(),
    if: text.optional().describe("A CEL expression, best as a block scalar. Without it the rule applies to every call it matches."),
    // biome-ignore lint/suspicious/noThenProperty: `then` is the language's key; the value is a schema and no promise.
    then: z.enum(["allow", "sanitize", "approval_needed", "deny"]).optional().describe("What is decided; absent: the rule only adds."),
    redact: z.array(redaction).optional().describe("What is taken out of the call."),
    set: z
      .record(text, text)
      .optional()
      .describe("Headers that the request gets, by name; a value may hold `{caller.agent}` and the like."),
    remove: texts.optional().describe("Headers that the request loses."),
    approval: approval.optional(),
    code: code.optional().describe("What the agent's program reads, in lower_snake_case."),
    reason: text.optional().describe("What the agent reads; may hold `{caller.agent}` and the like."),
    hint: text.optional().describe("What the agent may do instead."),
    mode: mode.optional().describe("shadow: judged and recorded, never enforced."),
  },
  ["cache", "priority", "scan", "audit"],
);

const limit = object({
  id: id.describe("Unique in its policy, among rules too."),
  per: texts.describe("What has a count of its own: tenant, agent, subject, group, tool, model, host, session, labels.NAME."),
  match: match.optional(),
  if: text.optional().describe("A CEL expression: only calls for which it is true (or cannot be judged) are charged."),
  of: z.enum(["amount", "cost"]).optional().describe("With `budget`: the money inside the call, or what the call itself costs."),
  rate: text.optional().describe("For example 50/s, 100/m or 5/h."),
  burst: z.number().optional().describe("With `rate`: how many may pass at once from rest; the number of the rate if absent."),
  budget: text.optional().describe("For example 25 usd per day."),
  quota: text.optional().describe("For example 100 per day. Refused: the ledger does not keep quotas yet."),
  concurrency: z.number().optional().describe("Calls at the same time. Refused: the ledger does not keep them yet."),
  beyond: z.enum(["deny", "approval_needed"]).optional().describe("What a call beyond the limit is; deny if absent, and only that yet."),
  approval: approval.optional().describe("With `beyond: approval_needed`."),
  mode: mode.optional().describe("shadow: judged and recorded, never enforced."),
  time_zone: text.optional().describe("Where days begin, for example Europe/Berlin; the policy's if absent."),
  thresholds: z.array(z.number()).optional().describe("Shares of the limit at which operators are told. Refused: not kept yet."),
  on_store_failure: z.enum(["local_share", "deny", "allow"]).optional().describe("Refused: not kept yet."),
  unknown_price: text.optional().describe("deny, or an amount such as 0.30 usd. Refused: not kept yet."),
});

/** A file with the key `policy`: a named set of rules and limits. */
export const policyFile = object({
  $schema: fileSchema,
  policy: id.describe("The policy's name."),
  version: form(SEMVER, "a semantic version such as 1.2.0, quoted if it has one dot").optional().describe("A semantic version."),
  description: text.optional(),
  time_zone: text.optional().describe("For `time` in conditions and for limits, for example Europe/Berlin; UTC if absent."),
  match: match.optional().describe("Holds for every rule and limit below."),
  mode: mode.optional().describe("shadow: all rules are judged and recorded, none is enforced."),
  rules: z.array(rule).optional(),
  limits: z.array(limit).optional(),
  max_requests_per_second: z.number().optional().describe("Short for a limit of this id per agent: a rate per second."),
  max_daily_budget: text.optional().describe("Short for a limit of this id per agent: what its calls cost a day, for example 25 usd."),
  allowed_domains: texts.optional().describe("Short for a rule of this id that allows calls to these hosts."),
}).describe("A policy file: a named set of rules and limits.");

export type PolicyFile = z.infer<typeof policyFile>;
export type RuleSource = NonNullable<PolicyFile["rules"]>[number];
export type LimitSource = NonNullable<PolicyFile["limits"]>[number];
export type MatchSource = z.infer<typeof match>;
export type ApprovalSource = z.infer<typeof approval>;
export type RedactionSource = z.infer<typeof redaction>;
