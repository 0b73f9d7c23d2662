import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createAuthorize } from "../../../src/authorize/authorize.ts";
import type { OpenPolicy, TenantPolicy } from "../../../src/authorize/world.ts";
import { createMemoryLedger } from "../../../src/limits/ledger.memory.ts";
import type { CallText } from "../../../src/understanding/create-understanding.ts";
import { ASK, CALL, createWorld, type Parts, PERMIT_LIMITED, RATE } from "./a-world.ts";

const DEADLINE_MS = 100;

/** Each place a step reaches, given a function that misbehaves in one way. */
const PLACES: Readonly<Record<string, (misbehave: () => never) => Parts>> = {
  identify: (act) => ({ identifier: { identify: act } }),
  "revocation look-up": (act) => ({ revocations: { find: act } }),
  understand: (act) => ({ tenant: { policy: readyTo(act) } }),
  "reading a long body": (act) => ({
    tenant: { policy: readyTo(misbehaving(() => ({ kind: "too_long" }))) },
    longBodies: { ...createWorld().world.longBodies, read: act },
  }),
  inspect: (act) => ({ inspect: act, tenant: { policy: readyTo(detected()) } }),
  "usage of limits": (act) => ({ policy: { usage: [RATE] }, ledger: { ...createMemoryLedger(), usage: act } }),
  decide: (act) => ({ policy: { decide: act } }),
  "approvals: find": (act) => ({ ruling: ASK, approvals: { ...createWorld().world.approvals, find: act } }),
  "approvals: request": (act) => ({ ruling: ASK, approvals: { ...createWorld().world.approvals, request: act } }),
  charge: (act) => ({ ruling: PERMIT_LIMITED, ledger: { ...createMemoryLedger(), charge: act } }),
};

const AWAITED = ["identify", "reading a long body", "usage of limits", "approvals: request", "charge"] as const;

function opened(): OpenPolicy {
  const { policy } = createWorld().world.soleTenant() ?? {};
  if (policy?.kind !== "ready") throw new Error("the sample world has no policy");
  return policy.open();
}

function readyTo(understand: OpenPolicy["understand"]): TenantPolicy {
  return { kind: "ready", goodUntilMs: Number.POSITIVE_INFINITY, open: () => ({ ...opened(), understand }) };
}

/** Understands the call as one that a detector has to look at. */
function detected() {
  const { understand } = opened();
  return (call: CallText) => {
    const understood = understand(call);
    return understood.kind === "understood" ? { ...understood, detectors: ["pii.ssn"] } : understood;
  };
}

const FAULT = { kind: "deny", class: "fault", code: "internal" };
const TOO_LATE = { kind: "deny", class: "fault", code: "deadline_exceeded" };

// The point of this table is behaviour that no type allows.
const misbehaving = (act: () => unknown) => act as () => never;

describe("a step that misbehaves is an explicit deny fault", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it.each(Object.keys(PLACES))("when %s throws", async (place) => {
    const { world, receipts } = createWorld(
      PLACES[place]?.(
        misbehaving(() => {
          throw new Error("broken");
        }),
      ),
    );
    expect(await createAuthorize(world)({ kind: "call", call: CALL }, DEADLINE_MS * 1000)).toMatchObject(FAULT);
    expect(receipts).toMatchObject([{ decision: "deny", class: "fault", code: "internal", fault: "Error: broken" }]);
  });

  it.each(Object.keys(PLACES).filter((place) => place !== "revocation look-up"))("when %s gives nonsense", async (place) => {
    for (const nonsense of [undefined, 7, "allow", {}, { kind: "allow" }, { kind: "yes" }, []]) {
      const { world, receipts } = createWorld(PLACES[place]?.(misbehaving(() => nonsense)));
      const decided = createAuthorize(world)({ kind: "call", call: CALL }, DEADLINE_MS * 1000);
      expect({ place, nonsense, decision: await decided }).toMatchObject({ decision: FAULT });
      expect(receipts).toHaveLength(1);
    }
  });

  it.each(AWAITED)("when %s never settles", async (place) => {
    const { world, receipts } = createWorld(PLACES[place]?.(misbehaving(() => new Promise(() => {}))));
    const decided = createAuthorize(world)({ kind: "call", call: CALL }, DEADLINE_MS * 1000);
    await vi.advanceTimersByTimeAsync(DEADLINE_MS);
    expect(await decided).toMatchObject(TOO_LATE);
    expect(receipts).toMatchObject([{ code: "deadline_exceeded" }]);
  });

  it.each(AWAITED)("when %s rejects", async (place) => {
    const { world } = createWorld(PLACES[place]?.(misbehaving(() => Promise.reject(new Error("broken")))));
    expect(await createAuthorize(world)({ kind: "call", call: CALL }, DEADLINE_MS * 1000)).toMatchObject(FAULT);
  });

  it("when the deadline has passed before a step begins", async () => {
    let us = 0;
    const { world } = createWorld({
      clock: {
        nowMs: () => 0,
        monotonicUs: () => {
          us += 30_000;
          return us;
        },
      },
    });
    expect(await createAuthorize(world)({ kind: "call", call: CALL }, DEADLINE_MS * 1000)).toMatchObject(TOO_LATE);
  });

  it("when the call cannot be recorded, and gives back what it took", async () => {
    const ledger = createMemoryLedger();
    const { world } = createWorld({
      ruling: PERMIT_LIMITED,
      ledger,
      recorder: {
        record: () => {
          throw new Error("disk full");
        },
      },
    });
    expect(await createAuthorize(world)({ kind: "call", call: CALL }, DEADLINE_MS * 1000)).toMatchObject(FAULT);
    const good = createWorld({ ruling: PERMIT_LIMITED, ledger });
    expect(await createAuthorize(good.world)({ kind: "call", call: CALL }, DEADLINE_MS * 1000)).toMatchObject({ kind: "allow" });
    expect(await createAuthorize(good.world)({ kind: "call", call: CALL }, DEADLINE_MS * 1000)).toMatchObject({
      class: "limit",
      code: "rate_exceeded",
      rule: RATE.id,
    });
  });

  it("when a charge settles too late, and gives it back", async () => {
    const ledger = createMemoryLedger();
    const late = Promise.withResolvers<void>();
    const slow = { ...ledger, charge: (...args: Parameters<typeof ledger.charge>) => late.promise.then(() => ledger.charge(...args)) };
    const { world } = createWorld({ ruling: PERMIT_LIMITED, ledger: slow });
    const decided = createAuthorize(world)({ kind: "call", call: CALL }, DEADLINE_MS * 1000);
    await vi.advanceTimersByTimeAsync(DEADLINE_MS);
    expect(await decided).toMatchObject(TOO_LATE);
    late.resolve();
    await vi.advanceTimersByTimeAsync(1);
    const good = createWorld({ ruling: PERMIT_LIMITED, ledger });
    expect(await createAuthorize(good.world)({ kind: "call", call: CALL }, DEADLINE_MS * 1000)).toMatchObject({ kind: "allow" });
  });
});
