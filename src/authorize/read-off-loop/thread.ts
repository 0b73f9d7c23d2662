import { parentPort } from "node:worker_threads";
import { inspect } from "../../detectors/inspect.ts";
import { createUnderstanding, type Understand } from "../../understanding/create-understanding.ts";
import { findFirstInBody } from "../find-in-body.ts";
import type { FromThread, ToThread } from "./messages.ts";
import { readWhole } from "./read-whole.ts";

const understandings = new Map<number, Understand>();

/** The thread that reads calls; it answers each call once and keeps nothing of it. */
parentPort?.on("message", (message: ToThread) => {
  switch (message.kind) {
    case "policy":
      understandings.set(message.number, createUnderstanding(message.policy));
      return;
    case "forget":
      understandings.delete(message.number);
      return;
    case "read":
    case "find":
      parentPort?.postMessage(answer(message));
  }
});

function answer(message: Extract<ToThread, { readonly kind: "read" | "find" }>): FromThread {
  try {
    if (message.kind === "find") return { kind: "looked", found: findFirstInBody(message.call, message.obligations) };
    const understand = understandings.get(message.number);
    if (understand === undefined) throw new Error("the policy was not sent");
    return readWhole({ understand, inspect }, message.call);
  } catch (error) {
    return { kind: "threw", name: error instanceof Error ? error.name : "unknown" };
  }
}
