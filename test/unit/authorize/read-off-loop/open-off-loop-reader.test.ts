import fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";
import { createAuthorize } from "../../../../src/authorize/authorize.ts";
import { type BodyObligation, findFirstInBody } from "../../../../src/authorize/find-in-body.ts";
import { type LongBodies, type LongRead, type ReadBy, readInPlace } from "../../../../src/authorize/read-off-loop/long-bodies.ts";
import {
  type OffLoopOptions,
  type OffLoopReader,
  openOffLoopReader,
} from "../../../../src/authorize/read-off-loop/open-off-loop-reader.ts";
import { readWhole } from "../../../../src/authorize/read-off-loop/read-whole.ts";
import type { Call } from "../../../../src/core/call.ts";
import type { PreparedPolicy } from "../../../../src/core/policy.ts";
import type { PolicyInput } from "../../../../src/core/policy-input.ts";
import { inspect } from "../../../../src/detectors/inspect.ts";
import { BODY_BYTES_IN_PLACE_MAX, createUnderstanding } from "../../../../src/understanding/create-understanding.ts";
import { createWorld, type Parts, PERMIT } from "../a-world.ts";
import { type BodyText, callWith, LONG_JSON, READING } from "./sample-calls.ts";

const MISBEHAVING = new URL("./misbehaving-thread.ts", import.meta.url);
const SSN = "536-22-8145";
const NEVER = Number.POSITIVE_INFINITY;
const IN_A_MINUTE = 60_000_000;

const open: OffLoopReader[] = [];
afterEach(async () => {
  for (const reader of open.splice(0)) await reader.close();
});

function start(options: Partial<OffLoopOptions> = {}) {
  const ends: string[] = [];
  const clock = { us: 0, monotonicUs: () => clock.us };
  const reader = openOffLoopReader({ clock, observer: { faulted: (...fault) => ends.push(fault.join(" ")) }, ...options });
  open.push(reader);
  return { reader, ends, clock };
}

function policyOf(reading: Partial<PreparedPolicy> = {}): ReadBy {
  const tenant = createWorld({ policy: { ...READING, ...reading } }).world.soleTenant();
  if (tenant?.policy.kind !== "ready") throw new Error("the sample world has no policy");
  return tenant.policy.open();
}

const BY = policyOf();
const LONG = callWith({ type: "json", text: LONG_JSON });
const ENDS = callWith({ type: "json", text: LONG_JSON, headers: { "x-end": "1" } });
const HANGS = callWith({ type: "json", text: LONG_JSON, headers: { "x-hang": "1" } });

const inPlace = (call: Call) => readWhole({ understand: createUnderstanding(READING), inspect }, call);
const outcomeOf = (read: LongRead | Promise<LongRead>) =>
  Promise.resolve(read).then(
    ({ kind }) => ({ kind, name: "" }),
    (error: Error) => ({ kind: "rejected", name: error.message }),
  );

const filling = fc.oneof(fc.constant(""), fc.constant("x".repeat(70_000)), fc.string({ maxLength: 40 }), fc.constant("ssn 536-22-8145 "));
const jsonBody = fc
  .record(
    {
      amount: fc.oneof(fc.integer(), fc.double(), fc.string()),
      model: fc.oneof(fc.constant("gpt-5"), fc.string()),
      constructor: fc.jsonValue(),
      items: fc.oneof(fc.jsonValue(), fc.array(fc.integer(), { maxLength: 50 }), fc.constant(new Array(10_001).fill(1))),
      "4111 1111 1111 1111": filling,
      ssn: fc.constantFrom("536228145", 536228145),
      Amount: fc.integer(),
    },
    { requiredKeys: [] },
  )
  .map((value): BodyText => ({ type: "json", text: JSON.stringify(value) }));
const formBody = fc
  .array(fc.tuple(fc.constantFrom("amount", "note", "amount[]", "ssn", "a%zz"), fc.oneof(fc.integer().map(String), filling)), {
    maxLength: 6,
  })
  .map(
    (pairs): BodyText => ({
      type: "form",
      text: pairs.map(([key, value]) => `${key}=${encodeURIComponent(value.toWellFormed())}`).join("&"),
    }),
  );
const brokenBody = fc
  .tuple(fc.oneof(jsonBody, formBody), fc.nat(), fc.string({ maxLength: 4 }))
  .map(([body, at, junk]): BodyText => ({ ...body, text: body.text.slice(0, at % (body.text.length + 1)) + junk + body.text.slice(at) }));
const swapped = fc.oneof(jsonBody, formBody).map((body): BodyText => ({ ...body, type: body.type === "json" ? "form" : "json" }));

describe("a call that is read in a thread", () => {
  it("is read as it would be in place, whatever its body", async () => {
    const { reader } = start();
    const seen = new Set<string>();
    await fc.assert(
      fc.asyncProperty(fc.oneof(jsonBody, formBody, brokenBody, swapped), async (body) => {
        const call = callWith(body);
        const expected = inPlace(call);
        expect(await reader.read(BY, call, NEVER)).toEqual(expected);
        seen.add(expected.kind === "refused" ? expected.code : `understood, ${expected.findings.length > 0 ? "with" : "no"} findings`);
      }),
      { numRuns: 300 },
    );
    expect(seen).toEqual(new Set(["args_invalid", "body_unreadable", "understood, no findings", "understood, with findings"]));
  });

  it("has no arguments that JavaScript's objects have by themselves", async () => {
    const { reader } = start();
    const read = await reader.read(BY, LONG, NEVER);
    if (read.kind !== "understood") throw new Error("not understood");
    expect(read.intent.args["constructor"]).toBeUndefined();
    expect(read.intent.bindings["toString"]).toBeUndefined();
    expect(read.intent.args["amount"]).toBe(40);
  });

  it("keeps its own bytes", async () => {
    const { reader } = start();
    const call = callWith({ type: "json", text: LONG_JSON });
    await reader.read(BY, call, NEVER);
    expect(call.body.kind === "full" && Buffer.from(call.body.bytes).toString()).toBe(LONG_JSON);
  });

  it("is read by its own policy, of however many", async () => {
    const { reader } = start();
    const versions = Array.from({ length: 70 }, (_, i) =>
      policyOf({ reads: [{ host: "*", body: true, detectors: i % 2 === 0 ? [] : ["pii.ssn"] }] }),
    );
    const call = callWith({ type: "json", text: JSON.stringify({ amount: 1, x: "ssn 536-22-8145" }) });
    const findings: number[] = [];
    for (const version of [...versions, ...versions]) {
      const read = await reader.read(version, call, NEVER);
      findings.push(read.kind === "understood" ? read.findings.length : -1);
    }
    expect(findings).toEqual([...versions, ...versions].map((_, i) => i % 2));
  });
});

describe("a body that is looked through in a thread", () => {
  const obligations: readonly BodyObligation[] = [
    { kind: "redact_form", key: "note", with: "remove" },
    { kind: "redact_json", path: [{ kind: "member", name: "amount" }], with: "remove", on: "request" },
  ];

  it("holds what it would in place, whatever it is", async () => {
    const { reader } = start();
    const seen = new Set<boolean>();
    await fc.assert(
      fc.asyncProperty(fc.oneof(jsonBody, formBody, brokenBody, swapped), fc.subarray([...obligations]), async (body, some) => {
        const found = findFirstInBody(callWith(body), some);
        expect(await reader.find(callWith(body), some, NEVER)).toEqual({ kind: "looked", found });
        seen.add(found !== null);
      }),
      { numRuns: 100 },
    );
    expect(seen.size).toBe(2);
  });

  it("is not looked through where too many wait", async () => {
    const { reader } = start({ thread: MISBEHAVING, queuedMax: 1 });
    const waiting = [HANGS, LONG].map((call) => outcomeOf(reader.read(BY, call, NEVER)));
    expect(reader.find(LONG, obligations, NEVER)).toEqual({ kind: "overloaded" });
    await reader.close();
    await Promise.all(waiting);
  });

  it("goes on, is refused, or is a fault, as the thread says", async () => {
    const { reader } = start({ thread: MISBEHAVING });
    const redactions = obligations.slice(1).map((one) => ({ ...one, rule: "p/takes-out" }));
    const policy = { decide: () => ({ ...PERMIT, obligations: redactions }) };
    const decide = createAuthorize(createWorld({ policy, longBodies: reader }).world);
    const of = (call: Call) => decide({ kind: "call", call }, IN_A_MINUTE);
    expect(await of(LONG)).toMatchObject({ kind: "deny", code: "sanitizer_not_declared", rule: "p/takes-out" });
    expect(await of(callWith({ type: "json", text: LONG_JSON.replace("amount", "ammount") }))).toMatchObject({ kind: "allow" });
    expect(await of(ENDS)).toMatchObject({ kind: "deny", class: "fault", code: "internal" });
    expect(await of(callWith({ type: "json", text: '{"amount":1}' }))).toMatchObject({ kind: "deny", code: "sanitizer_not_declared" });
    const full = createWorld({ policy, longBodies: { ...readInPlace(inspect), find: () => ({ kind: "overloaded" }) } });
    expect(await createAuthorize(full.world)({ kind: "call", call: LONG }, 1)).toMatchObject({
      kind: "deny",
      class: "fault",
      code: "overloaded",
    });
  });
});

describe("a thread that ends", () => {
  it("fails the call it had, and the next call has a new one", async () => {
    const { reader, ends } = start({ thread: MISBEHAVING });
    const reads = [LONG, ENDS, LONG, ENDS, LONG].map((call) => outcomeOf(reader.read(BY, call, NEVER)));
    expect(await Promise.all(reads)).toEqual([
      { kind: "understood", name: "" },
      { kind: "rejected", name: "the thread that reads long bodies ended: ended" },
      { kind: "understood", name: "" },
      { kind: "rejected", name: "the thread that reads long bodies ended: ended" },
      { kind: "understood", name: "" },
    ]);
    expect(ends).toEqual(["understand thread_ended ended", "understand thread_ended ended"]);
  });

  it("is ended where it does not answer", async () => {
    const { reader, ends } = start({ thread: MISBEHAVING, answerMsMax: 50 });
    expect(await outcomeOf(reader.read(BY, HANGS, NEVER))).toEqual({
      kind: "rejected",
      name: "the thread that reads long bodies ended: no_answer",
    });
    expect(ends).toEqual(["understand thread_ended no_answer"]);
  });

  it("fails every call while its file cannot be run", async () => {
    const { reader } = start({ thread: new URL("./no-such-thread.ts", import.meta.url) });
    for (const read of [reader.read(BY, LONG, NEVER), reader.read(BY, LONG, NEVER)])
      expect(await outcomeOf(read)).toMatchObject({ kind: "rejected" });
  });

  it("fails the calls that wait when the reader is closed, and all that come later", async () => {
    const { reader, ends } = start({ thread: MISBEHAVING });
    const waiting = [HANGS, LONG, LONG].map((call) => outcomeOf(reader.read(BY, call, NEVER)));
    await reader.close();
    expect(await Promise.all(waiting)).toEqual([
      { kind: "rejected", name: "the thread that reads long bodies ended: closed" },
      { kind: "rejected", name: "the reader of long bodies was closed" },
      { kind: "rejected", name: "the reader of long bodies was closed" },
    ]);
    expect(() => reader.read(BY, LONG, NEVER)).toThrow("closed");
    expect(ends).toEqual([]);
  });
});

describe("calls that wait for a thread", () => {
  it("are so many and no more", async () => {
    const { reader } = start({ thread: MISBEHAVING, queuedMax: 2 });
    const reads = [HANGS, LONG, LONG, LONG].map((call) => reader.read(BY, call, NEVER));
    expect(reads.slice(0, 3).every((read) => read instanceof Promise)).toBe(true);
    expect(reads[3]).toEqual({ kind: "overloaded" });
    const settled = reads.map(outcomeOf);
    await reader.close();
    expect((await Promise.all(settled)).map(({ kind }) => kind)).toEqual(["rejected", "rejected", "rejected", "overloaded"]);
  });

  it("are not read once their deadline has passed", async () => {
    const { reader, clock } = start();
    const first = outcomeOf(reader.read(BY, LONG, NEVER));
    const late = outcomeOf(reader.read(BY, LONG, 1000));
    const last = outcomeOf(reader.read(BY, LONG, 3000));
    clock.us = 2000;
    expect(await Promise.all([first, late, last])).toEqual([
      { kind: "understood", name: "" },
      { kind: "rejected", name: "the deadline passed in line" },
      { kind: "understood", name: "" },
    ]);
  });

  it("are read side by side by several threads", async () => {
    const { reader } = start({ thread: MISBEHAVING, threads: 2 });
    const hanging = outcomeOf(reader.read(BY, HANGS, NEVER));
    expect(await outcomeOf(reader.read(BY, LONG, NEVER))).toEqual({ kind: "understood", name: "" });
    await reader.close();
    expect(await hanging).toMatchObject({ kind: "rejected" });
  });
});

describe("the path of a call with a long body", () => {
  const bodyOf = (bytes: number) => `{"amount":1,"filling":"${"x".repeat(bytes - 25)}"}`;
  const world = (parts: Parts = {}) => createWorld({ policy: READING, ...parts });
  const authorize = (parts: Parts = {}) => createAuthorize(world(parts).world);
  const readBy = (read: LongBodies["read"]): LongBodies => ({ ...readInPlace(inspect), read });
  const received = (call: Call) => ({ kind: "call", call }) as const;

  it("leaves the event loop from 65,537 bytes on", () => {
    let asked = 0;
    const decide = authorize({
      longBodies: readBy(() => {
        asked++;
        return { kind: "overloaded" };
      }),
    });
    const at = callWith({ type: "json", text: bodyOf(BODY_BYTES_IN_PLACE_MAX) });
    expect(at.body.kind === "full" && at.body.bytes.length).toBe(65_536);
    expect(decide(received(at), 1)).toMatchObject({ kind: "allow" });
    expect(asked).toBe(0);
    const over = callWith({ type: "json", text: bodyOf(BODY_BYTES_IN_PLACE_MAX + 1) });
    expect(decide(received(over), 1)).toMatchObject({ kind: "deny", class: "fault", code: "overloaded" });
    expect(asked).toBe(1);
  });

  it("stays on the event loop where nobody reads the body", () => {
    const longBodies = readBy(() => {
      throw new Error("nobody reads it");
    });
    expect(authorize({ longBodies, policy: {} })(received(LONG), 1)).toMatchObject({ kind: "allow" });
    const partial: Call = { ...LONG, body: { kind: "partial", bytes: Buffer.from(LONG_JSON) } };
    expect(authorize({ longBodies })(received(partial), 1)).toMatchObject({ kind: "deny", code: "body_partial" });
  });

  it("answers a short call that came later first", async () => {
    const { reader } = start();
    const { world: all, receipts } = world({ longBodies: reader });
    const decide = createAuthorize(all);
    const long = decide(received(LONG), IN_A_MINUTE);
    const short = decide(received(callWith({ type: "json", text: '{"amount":1}' })), IN_A_MINUTE);
    expect(short).toMatchObject({ kind: "allow" });
    expect(receipts).toHaveLength(1);
    expect(long).toBeInstanceOf(Promise);
    expect(await long).toMatchObject({ kind: "allow" });
    expect(receipts).toHaveLength(2);
  });

  it("decides and records as it would in place", async () => {
    const { reader } = start();
    const bodies: readonly BodyText[] = [
      { type: "json", text: LONG_JSON },
      { type: "json", text: LONG_JSON.replace("40", "4000") },
      { type: "json", text: `${LONG_JSON}}` },
      { type: "json", text: LONG_JSON.replace('"filling":"', `"ssn":"${SSN} `) },
      { type: "json", text: LONG_JSON.replace('"filling":"', `"filling":"${`${SSN} `.repeat(100)}`) },
      { type: "form", text: `amount=1&note=${"x".repeat(70_000)}` },
      { type: "form", text: `amount=1&amount=2&note=${"x".repeat(70_000)}` },
    ];
    const factPaths = [
      ["args", "amount"],
      ["args", "to"],
      ["args", "model"],
    ];
    const facts: unknown[] = [];
    const findings: number[] = [];
    for (const body of bodies) {
      const inputs: PolicyInput[] = [];
      const policy = {
        ...READING,
        decide: (input: PolicyInput) => {
          inputs.push(input);
          return { ...PERMIT, factPaths };
        },
      };
      const off = createWorld({ policy, longBodies: reader });
      const here = createWorld({ policy });
      const decisions = await Promise.all([off, here].map((one) => createAuthorize(one.world)(received(callWith(body)), IN_A_MINUTE)));
      const ids = { decision_id: "", facts: { id: "" } };
      expect({ ...decisions[0], ...ids }).toEqual({ ...decisions[1], ...ids });
      expect(off.receipts.map((receipt) => ({ ...receipt, decision_id: "" }))).toEqual(
        here.receipts.map((receipt) => ({ ...receipt, decision_id: "" })),
      );
      expect(inputs.map(({ intent }) => intent).slice(1)).toEqual(inputs.map(({ intent }) => intent).slice(0, -1));
      facts.push(off.receipts[0]?.facts["args.to"]);
      findings.push(...new Set(inputs.map((input) => (input.findingsCut ? 1000 : 0) + input.findings.length)));
    }
    expect(facts).toEqual(["acct_1", undefined, undefined, "acct_1", "acct_1", null, undefined]);
    expect(findings).toEqual([0, 1, 1064, 0]);
  });

  it("is a fault where the thread ends, and the next call goes on", async () => {
    const { reader } = start({ thread: MISBEHAVING });
    const decide = authorize({ longBodies: reader });
    expect(await decide(received(ENDS), IN_A_MINUTE)).toMatchObject({ kind: "deny", class: "fault", code: "internal" });
    expect(await decide(received(LONG), IN_A_MINUTE)).toMatchObject({ kind: "allow" });
  });

  it("ends with its deadline while the thread reads", async () => {
    const { reader } = start({ thread: MISBEHAVING });
    const decide = authorize({ longBodies: reader });
    expect(await decide(received(HANGS), 1000)).toMatchObject({ kind: "deny", class: "fault", code: "deadline_exceeded" });
  });

  it("is a fault once the reader is closed", async () => {
    const { reader } = start();
    await reader.close();
    expect(await authorize({ longBodies: reader })(received(LONG), IN_A_MINUTE)).toMatchObject({
      kind: "deny",
      class: "fault",
      code: "internal",
    });
  });
});
