import type { Approval, ApprovalSubject } from "../core/approval.ts";
import type { ApprovalRequirement, RuleOutcome } from "../core/ruling.ts";
import { digestBound } from "./digest-bound.ts";
import { need, type Progress } from "./progress.ts";
import type { Stop } from "./stop.ts";
import { summarize } from "./summarize.ts";
import type { World } from "./world.ts";

/** Step 6: finds the open grant of every rule that asks, or asks. Finding leaves no mark; spending uses the grant up. */
export function approveCall(progress: Progress, world: World): Stop | null | Promise<Stop | null> {
  const ruling = need(progress.ruling, "the ruling");
  if (ruling.kind !== "approval_needed") return null;
  const { body } = progress.call;
  // What was not seen cannot be approved: the approver would say yes to something else than what goes out.
  if (body.kind === "partial" || body.kind === "unseen") return { kind: "malformed", code: "body_partial", detail: `body ${body.kind}` };
  const grants: Approval[] = [];
  for (const [i, by] of ruling.by.entries()) {
    const requirement = ruling.requirements[i];
    if (requirement === undefined) throw new Error("a rule asks for an approval without saying whose");
    const found = world.approvals.find(subjectOf(progress, world, { by, requirement }), progress.nowMs);
    if (found === null || found.state === "pending") return ask(progress, world, { by, requirement });
    if (found.state === "rejected") return { kind: "policy", code: "approval_rejected", by, approval: found };
    if (found.state !== "approved") throw new Error("the approval found is neither open nor rejected");
    grants.push(found);
  }
  progress.grants = grants;
  return null;
}

type Asked = { readonly by: RuleOutcome; readonly requirement: ApprovalRequirement };

/** Opens a request, or joins the identical one. In shadow nobody is asked. */
export function ask(progress: Progress, world: World, { by, requirement }: Asked): Stop | Promise<Stop> {
  if (progress.tenant?.mode === "shadow") return { kind: "approval_needed", by, approval: null };
  const intent = need(progress.intent, "the intent");
  const description = {
    reason: by.reason,
    summary: summarize(requirement.summary, intent),
    method: progress.call.method,
    host: intent.target.host,
    path: intent.target.path,
    tool: intent.tool.kind === "known" ? intent.tool.name : null,
  };
  return world.approvals.request(subjectOf(progress, world, { by, requirement }), description, progress.nowMs).then((result): Stop => {
    if (result.kind === "flood") return { kind: "limit", code: "approval_flood", retryAfterMs: requirement.expiresMs, rule: by.rule };
    progress.asked = result.approval;
    return { kind: "approval_needed", by, approval: result.approval };
  });
}

function subjectOf(progress: Progress, { pseudonyms }: World, { by, requirement }: Asked): ApprovalSubject {
  const caller = need(progress.caller, "the caller");
  const { tenant, agent, subject } = caller;
  const { bind } = requirement;
  const whole = need(progress.digest, "the digest");
  const { method } = progress.call;
  const intent = need(progress.intent, "the intent");
  return {
    tenant,
    agent,
    subject,
    rule: by.rule,
    code: by.code ?? "approval_required",
    digest: bind === null ? whole : (digestBound({ caller, method, intent, rule: by.rule, bind, pseudonyms }) ?? whole),
    requirement,
  };
}
