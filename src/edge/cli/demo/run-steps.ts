import { createOperatorClient } from "../../http/client.ts";
import type { DemoRequest, DemoServer, Seen, Sender } from "./demo-parts.ts";
import type { DemoStep, Expectation } from "./demo-steps.ts";
import type { StepResult } from "./show-steps.ts";

const BURST_AT_ONCE = 4;

/** Makes the calls one after the other: each rests on what the ones before left behind. */
export async function runSteps(steps: readonly DemoStep[], server: DemoServer, sender: Sender): Promise<readonly StepResult[]> {
  const results: StepResult[] = [];
  let last: Seen | null = null;
  for (const step of steps) {
    switch (step.kind) {
      case "call": {
        last = await sender.send(await withToken(step.request, step.agent, server));
        results.push(await judge(step, last, { server, note: null, isRight: true }));
        break;
      }
      case "approve":
        results.push(await approve(step, last?.approvalId ?? null, server));
        break;
      case "burst": {
        const { seen, sent } = await burst(step, await withToken(step.request, step.agent, server), sender);
        const wait = seen.retryAfter === null ? "no retry-after" : `retry-after: ${seen.retryAfter}`;
        results.push(await judge(step, seen, { server, note: `${wait} (${sent} calls made)`, isRight: seen.retryAfter !== null }));
        break;
      }
    }
  }
  return results;
}

async function withToken(request: DemoRequest, agent: string | null, server: DemoServer): Promise<DemoRequest> {
  if (agent === null) return request;
  const { token } = await server.issueToken(agent);
  return { ...request, headers: { ...request.headers, "x-sluice-token": token } };
}

type Judging = { readonly server: DemoServer; readonly note: string | null; readonly isRight: boolean };

async function judge(
  step: { readonly title: string; readonly expect: Expectation },
  seen: Seen,
  { server, note, isRight }: Judging,
): Promise<StepResult> {
  const receipt = seen.decisionId === null ? null : await server.findReceipt(seen.decisionId);
  return { title: step.title, isExpected: isRight && isAsExpected(seen, step.expect), seen, receipt, note };
}

function isAsExpected(seen: Seen, expect: Expectation): boolean {
  return seen.decision === expect.decision && seen.class === expect.class && hasReached(seen, expect);
}

/** A call that goes on reaches the upstream, and no other does. */
function hasReached({ upstream }: Seen, { decision }: Expectation): boolean {
  if (upstream.kind === "not_forwarded") return true;
  return (upstream.kind === "received") === (decision === "allow" || decision === "sanitize");
}

type ApproveStep = DemoStep & { readonly kind: "approve" };

async function approve({ title, by, status }: ApproveStep, approvalId: string | null, server: DemoServer): Promise<StepResult> {
  const result = { title, seen: null, receipt: null };
  const token = server.approverTokens[by];
  if (token === undefined) throw new Error(`the demo has no approver number ${by}`);
  if (approvalId === null) return { ...result, isExpected: false, note: "the call before asked for no approval" };
  const client = createOperatorClient({ server: server.operatorUrl, token });
  const answer = await client.approve(approvalId, null);
  return answer.kind === "ok"
    ? { ...result, isExpected: answer.value.status === status, note: `POST /v1/approvals/${approvalId}:approve` }
    : { ...result, isExpected: false, note: answer.message };
}

async function burst(
  step: DemoStep & { readonly kind: "burst" },
  request: DemoRequest,
  sender: Sender,
): Promise<{ readonly seen: Seen; readonly sent: number }> {
  let sent = 0;
  while (true) {
    const batch = Math.min(BURST_AT_ONCE, step.callsMax - sent);
    const answers = await Promise.all(Array.from({ length: batch }, () => sender.send(request)));
    sent += batch;
    const first = answers[0];
    if (first === undefined) throw new Error("a burst makes at least one call");
    const hit = answers.find((seen) => isAsExpected(seen, step.expect));
    if (hit !== undefined || sent >= step.callsMax) return { seen: hit ?? first, sent };
  }
}
