import type { Received } from "../../core/call.ts";
import type { Clock } from "../../core/clock.ts";
import type { Decision } from "../../core/decision.ts";
import { createUlid } from "../../core/id.ts";
import type { Observer } from "../../core/observer.ts";
import { decodeCall } from "./decode-call.ts";
import { denyFault, unknownFacts } from "./deny-fault.ts";
import { type Asked, ENCODED_FAULT, encodeDecision } from "./encode-decision.ts";
import type { IdentifyProxy } from "./identify-proxy.ts";
import { parseGrpcTimeout } from "./parse-grpc-timeout.ts";
import { replyWith } from "./reply.ts";
import type { Method, Rpc } from "./rpc.ts";

export type CheckOptions = {
  readonly authorize: (received: Received, deadlineUs: number) => Decision | Promise<Decision>;
  readonly identifyProxy: IdentifyProxy;
  readonly clock: Clock;
  readonly observer: Observer;
  /** Calls that wait for something at once; more are denied at once. */
  readonly maxInFlight: number;
  readonly deadlineMs: () => number;
};

export type CheckAnswerer = { readonly answer: Method; readonly inFlight: () => number };

/** Answers every Check with an explicit decision: a proxy may let pass what ends as a gRPC error. */
export function createCheckAnswerer(options: CheckOptions): CheckAnswerer {
  const { clock } = options;
  let inFlight = 0;

  function answerCheck(rpc: Rpc): void {
    const received = inFlight >= options.maxInFlight ? overloaded(rpc) : readReceived(rpc, options.identifyProxy);
    const asked = askedOf(received);
    const deadlineUs = clock.monotonicUs() + budgetUs(rpc.headers["grpc-timeout"], options.deadlineMs());
    const given = attempt(received, deadlineUs);
    if (!(given instanceof Promise)) {
      replyWith(rpc.stream, encodeSafely(given, asked));
      return;
    }
    inFlight += 1;
    settleBy(given, deadlineUs).then((decision) => {
      inFlight -= 1;
      replyWith(rpc.stream, encodeSafely(decision, asked));
    }, ignore);
  }

  function attempt(received: Received, deadlineUs: number): Decision | Promise<Decision> {
    try {
      return options.authorize(received, deadlineUs);
    } catch (error) {
      return broken(error);
    }
  }

  /** The authorizer keeps the deadline itself; this is for one that never settles. */
  function settleBy(given: Promise<Decision>, deadlineUs: number): Promise<Decision> {
    return new Promise((resolve) => {
      const leftMs = (deadlineUs - clock.monotonicUs()) / 1000 + LATE_MS;
      const timer = setTimeout(() => resolve(fault("deadline_exceeded", "the decision never came")), leftMs);
      const settle = (decision: Decision): void => {
        clearTimeout(timer);
        resolve(decision);
      };
      given.then(settle, (error: unknown) => settle(broken(error)));
    });
  }

  function broken(error: unknown): Decision {
    return fault("internal", error instanceof Error ? error.name : "not an error");
  }

  function fault(code: "internal" | "deadline_exceeded", detail: string): Decision {
    options.observer.faulted("authorize", "deny", detail);
    return denyFault(code, unknownFacts(createUlid(clock.nowMs())));
  }

  function encodeSafely(decision: Decision, asked: Asked): Uint8Array {
    try {
      return encodeDecision(decision, asked, reportViolation);
    } catch (error) {
      options.observer.faulted("encode", "deny", error instanceof Error ? error.name : "not an error");
      return ENCODED_FAULT;
    }
  }

  function reportViolation(violation: string): void {
    options.observer.faulted("encode", "deny", violation);
  }

  return { answer: answerCheck, inFlight: () => inFlight };
}

/** What is left of the proxy's patience for the answer's way back. */
const MARGIN_US = 10_000;
const LATE_MS = 4;

function budgetUs(timeout: string | string[] | undefined, deadlineMs: number): number {
  const given = parseGrpcTimeout(typeof timeout === "string" ? timeout : undefined);
  const ownUs = deadlineMs * 1000;
  return given === null ? ownUs : Math.min(ownUs, given - Math.min(MARGIN_US, given / 2));
}

function overloaded(rpc: Rpc): Received {
  return { kind: "overloaded", traceparent: traceparentOf(rpc) };
}

function readReceived(rpc: Rpc, identifyProxy: IdentifyProxy): Received {
  const traceparent = traceparentOf(rpc);
  const { message } = rpc;
  switch (message.kind) {
    case "refused":
      return { kind: "overloaded", traceparent };
    case "unreadable":
      return { kind: "unreadable", reason: message.reason, traceparent };
    case "whole": {
      const secret = rpc.headers["x-sluice-proxy"];
      const proxy = identifyProxy(rpc.connection, typeof secret === "string" ? secret : undefined);
      const decoded = decodeCall(message.bytes, { proxy, traceparent });
      return decoded.kind === "call" ? decoded : { kind: "unreadable", reason: decoded.reason, traceparent };
    }
  }
}

function traceparentOf(rpc: Rpc): string | null {
  const value = rpc.headers["traceparent"];
  return typeof value === "string" ? value : null;
}

/** As Envoy tells a gRPC call: by this media type alone, whatever the method. */
const GRPC_TYPE = /^application\/grpc(?:\+|$)/;
const UNKNOWN: Asked = { method: "", grpc: false };

function askedOf(received: Received): Asked {
  if (received.kind !== "call") return UNKNOWN;
  const { method, headers } = received.call;
  return { method, grpc: GRPC_TYPE.test(headers.get("content-type") ?? "") };
}

function ignore(): void {}
