import { parentPort } from "node:worker_threads";
import { inspect } from "../../detectors/inspect.ts";
import { createUnderstanding, type Understand } from "../../understanding/create-understanding.ts";
import type { FromThread, ToThread } from "./messages.ts";
import { readWhole } from "./read-whole.ts";

const understandings = new Map<number, Understand>();

/** The thread that reads calls; it answers each `read` once and keeps nothing of it. */
parentPort?.on("message", (message: ToThread) => {
  switch (message.kind) {
    case "policy":
      understandings.set(message.number, createUnderstanding(message.policy));
      return;
    case "forget":
      understandings.delete(message.number);
      return;
    case "read":
      parentPort?.postMessage(answer(message));
  }
});

function answer({ number, call }: Extract<ToThread, { readonly kind: "read" }>): FromThread {
  try {
    const understand = understandings.get(number);
    if (understand === undefined) throw new Error("the policy was not sent");
    return readWhole({ understand, inspect }, call);
  } catch (error) {
    return { kind: "threw", name: error instanceof Error ? error.name : "unknown" };
  }
}
