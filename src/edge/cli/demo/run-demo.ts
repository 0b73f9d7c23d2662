import type { DemoServer, Sender, StartDemoEnvoy } from "./demo-parts.ts";
import { AGENTS, DEMO_STEPS } from "./demo-steps.ts";
import { linesToTry } from "./lines-to-try.ts";
import { runSteps } from "./run-steps.ts";
import { sendChecks } from "./send-checks.ts";
import { sendThroughEnvoy } from "./send-through-envoy.ts";
import { type StepResult, showReceived, showSteps } from "./show-steps.ts";
import { startEchoUpstream } from "./start-echo-upstream.ts";

export type Demo = {
  readonly server: DemoServer;
  /** Null: no Envoy is wanted. */
  readonly startEnvoy: StartDemoEnvoy | null;
  readonly out: (text: string) => void;
  readonly isColored: boolean;
  /** Settles when the demo shall end; it goes on serving until then. Null: it ends after the calls. */
  readonly untilStopped: Promise<void> | null;
};

/** Makes the demo's calls and shows each answer; `ok` says whether every decision was the expected one and the receipts verify. */
export async function runDemo(demo: Demo): Promise<{ readonly ok: boolean }> {
  const { server, out } = demo;
  const upstream = await startEchoUpstream();
  try {
    const envoy = (await demo.startEnvoy?.({ sluice: server.grpcAddress, upstream: upstream.address, secret: server.proxySecret })) ?? null;
    if (envoy === null) out("Without an Envoy: Sluice is asked directly and nothing is forwarded.\n");
    const sender = envoy === null ? sendChecks(server) : sendThroughEnvoy(envoy.listenerPort);
    try {
      const ok = await showCalls(demo, sender);
      out(`${await linesToTry({ server, listenerPort: envoy?.listenerPort ?? null, agent: AGENTS.finance })}\n`);
      if (demo.untilStopped !== null) {
        out("Still serving; Ctrl-C ends it.\n");
        await demo.untilStopped;
      }
      return { ok };
    } finally {
      await sender.close();
      await envoy?.stop();
    }
  } finally {
    await upstream.close();
  }
}

async function showCalls({ server, out, isColored }: Demo, sender: Sender): Promise<boolean> {
  const results = await runSteps(DEMO_STEPS, server, sender);
  out(`${showSteps(results, isColored)}\n`);
  const sanitized = results.find((result) => result.seen?.decision === "sanitize")?.seen;
  const received = sanitized === undefined || sanitized === null ? "" : showReceived(sanitized.upstream);
  if (received !== "") out(`${received}\n`);
  const receipts = await server.verifyReceipts();
  out(`receipts: ${receipts.text}\n`);
  return receipts.ok && everyOneExpected(results);
}

function everyOneExpected(results: readonly StepResult[]): boolean {
  return results.length === DEMO_STEPS.length && results.every((result) => result.isExpected);
}
