import type { Received } from "../../../src/core/call.ts";
import type { Changes, Decision, DecisionFacts } from "../../../src/core/decision.ts";
import { type Observer, SILENT } from "../../../src/core/observer.ts";
import { createGrpcServer, type GrpcServer, type GrpcServerOptions } from "../../../src/edge/grpc/server.ts";

export const FACTS: DecisionFacts = {
  id: "01J9ZZZZZZZZZZZZZZZZZZZZZZ",
  tenant: "default",
  agent: "finance-1",
  policyName: "payments",
  policyRevision: "r7",
  shadow: null,
  costMicros: null,
  hold: null,
};
export const UNCHANGED: Changes = { path: null, authority: null, set: [], remove: [] };
export const ALLOW: Decision = { kind: "allow", rule: "a/b", changes: UNCHANGED, facts: FACTS };

export type RunningServer = {
  readonly server: GrpcServer;
  readonly address: string;
  /** What the authorizer was given, in order. */
  readonly received: { readonly what: Received; readonly deadlineUs: number }[];
  /** What operators were told. */
  readonly faults: string[];
};

export const CLOCK = { nowMs: Date.now, monotonicUs: () => performance.now() * 1000 };

export async function startServer(
  authorize: (received: Received) => Decision | Promise<Decision>,
  options: Partial<GrpcServerOptions> & { readonly address?: string } = {},
): Promise<RunningServer> {
  const received: RunningServer["received"] = [];
  const faults: string[] = [];
  const observer: Observer = { ...SILENT, faulted: (dependency, action, detail) => faults.push(`${dependency} ${action}: ${detail}`) };
  const server = createGrpcServer({
    proxies: [],
    clock: CLOCK,
    observer,
    maxInFlight: 100,
    deadlineMs: 150,
    ...options,
    authorize: (what, deadlineUs) => {
      received.push({ what, deadlineUs });
      return authorize(what);
    },
  });
  const { address } = await server.listen(options.address ?? "127.0.0.1:0");
  return { server, address, received, faults };
}
