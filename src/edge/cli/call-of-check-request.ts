import type { Call } from "../../core/call.ts";
import { bareCaller, type Caller } from "../../core/caller.ts";
import { callOfJson } from "../grpc/call-of-json.ts";
import { couldNotRun } from "./exit.ts";

/** A CheckRequest in JSON and the agent that would have proved itself. Its token is not looked at: this decides, it does not identify. */
export function callOfCheckRequest(json: object, agent: string): { readonly call: Call; readonly caller: Caller } {
  const decoded = callOfJson(json);
  if (decoded.kind !== "call") throw couldNotRun(`the CheckRequest cannot be read: ${decoded.reason}`);
  const caller = bareCaller({ tenant: "default", agent, credential: "agent_token", issuedAt: 0 });
  return { call: decoded.call, caller };
}
