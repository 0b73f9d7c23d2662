import { MessageChannel, receiveMessageOnPort } from "node:worker_threads";
import { describe, expect, it } from "vitest";
import { SILENT } from "../../../src/core/observer.ts";
import { makePolicyImage, type PolicyImage } from "../../../src/policy/wasm/make-policy-image.ts";
import { openPolicyImage } from "../../../src/policy/wasm/prepare-policy.ts";
import { allow, deny, input, names, program, WASM } from "./sample.ts";

const FACTS = { name: "p", revision: "1", digest: "d", observer: SILENT };
const RULES = [allow({ match: { agent: names("finance-1") } }), deny({ maybe: [[["has", ["args", "x"], null]]] })];

/** As it comes to another thread: cloned, its memory moved. */
function sendOver(image: PolicyImage): PolicyImage {
  const { port1, port2 } = new MessageChannel();
  try {
    port1.postMessage(image, [image.image.bytes.buffer]);
    return receiveMessageOnPort(port2)?.message;
  } finally {
    port1.close();
  }
}

describe("a policy's image", () => {
  it("decides in another thread as in the one that made it", () => {
    const made = makePolicyImage(program(RULES), WASM);
    const here = openPolicyImage(makePolicyImage(program(RULES), WASM), FACTS);
    const there = openPolicyImage(sendOver(made), FACTS);
    expect(made.image.bytes.length).toBe(0);
    for (const asked of [input(), input({ intent: { args: { x: 1 } } }), input({ caller: { agent: "other" } })]) {
      expect(there.decide(asked)).toEqual(here.decide(asked));
    }
    expect(there.decide(input()).kind).toBe("permit");
  });

  it("can be opened more than once", () => {
    const image = makePolicyImage(program(RULES), WASM);
    const [a, b] = [openPolicyImage(image, FACTS), openPolicyImage(image, FACTS)];
    expect([a.decide(input()).kind, b.decide(input()).kind, a.decide(input()).kind]).toEqual(["permit", "permit", "permit"]);
  });

  it.each<[string, unknown, RegExp]>([
    ["a program with a gap", program([deny({ maybe: null })]), /it restricts or adds, and has no condition/],
    [
      "a condition on the time of no zone",
      program([deny({ maybe: [[["?lt", ["time", "Mars/Olympus", "hour"], 6]]] })]),
      /a zone that this system does not know/,
    ],
    ["what is no program", "x", /expected object/],
  ])("is refused of %s", (_, data, reason) => {
    expect(() => makePolicyImage(data, WASM)).toThrow(reason);
  });
});
