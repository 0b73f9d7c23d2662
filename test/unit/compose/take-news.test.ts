import { readFileSync } from "node:fs";
import { beforeEach, describe, expect, it } from "vitest";
import { createTenants, type Tenants } from "../../../src/authorize/tenants.ts";
import type { SeatState } from "../../../src/compose/policies/seat-state.ts";
import { checkGood, takeNews } from "../../../src/compose/policies/take-news.ts";
import { createPolicyTeller } from "../../../src/compose/policies/tell-policy.ts";
import { createWaiters } from "../../../src/compose/policies/waiters.ts";
import { SILENT } from "../../../src/core/observer.ts";
import type { PolicyReceipt, ReceiptDraft } from "../../../src/core/receipt.ts";
import type { BundleState } from "../../../src/policy/bundle/bundle-state.ts";
import type { PolicyFeed, PolicyOrigin, PolicyRefusal, PolicyVersion } from "../../../src/policy/sources/policy-feed.ts";
import { makePolicyImage } from "../../../src/policy/wasm/make-policy-image.ts";
import { compileFiles } from "../policy-compile/compile-one.ts";

const WASM = readFileSync(new URL("../../../policies/engine/policy.wasm", import.meta.url));
const TENANT = "acme";
const START = 1_800_000_000_000;
const MAX_AGE = 60_000;

function versionOf(serial: number, origin: Partial<PolicyOrigin> = {}, rules = `{ id: r${serial}, then: deny }`): PolicyVersion {
  return {
    kind: "version",
    name: "p",
    revision: `rev-${serial}`,
    origin: { source: "bundle_url", digest: `digest-${serial}`, serial, signedBy: "ci", notAfterMs: null, isLastGood: false, ...origin },
    image: makePolicyImage(compileFiles(`policy: p\nrules: [${rules}]\n`), WASM),
    packed: new Uint8Array(),
  };
}

const refusal = (code: PolicyRefusal["code"], digest: string | null): PolicyRefusal => ({
  kind: "refused",
  source: "bundle_url",
  code,
  reason: "why",
  digest,
});

describe("news of a tenant's source", () => {
  let nowMs: number;
  let answeredMs: number | null;
  let counted: string[];
  let receipts: PolicyReceipt[];
  let tenants: Tenants;
  let seat: SeatState;

  beforeEach(() => {
    nowMs = START;
    answeredMs = START;
    counted = [];
    receipts = [];
    tenants = createTenants([{ name: TENANT, mode: "enforce" }]);
    const observer = {
      ...SILENT,
      count: (name: string, labels: Readonly<Record<string, string>>) => void counted.push(`${name} ${labels["source"]} ${labels["code"]}`),
    };
    const record = (draft: ReceiptDraft) => {
      if (draft.kind === "policy") receipts.push(draft);
    };
    const feed: PolicyFeed = { reload: async () => {}, close: async () => {}, answeredMs: () => answeredMs, offer: null };
    seat = {
      options: {
        tenant: TENANT,
        plan: { source: "bundle_url", open: null, maxAgeMs: null, text: "" },
        state: NO_STATE,
        tenants,
        teller: createPolicyTeller(TENANT, observer, record),
        load: () => Promise.reject(new Error("nothing is loaded here")),
        clock: { nowMs: () => nowMs, monotonicUs: () => 0 },
        random: () => 0,
        observer,
        budget: { us: 1_000_000, monotonicUs: () => 0 },
        readEmbedded: () => Promise.reject(new Error("nothing is embedded here")),
        onReadsBodies: () => {},
      },
      waiters: createWaiters(),
      plan: { source: "bundle_url", open: null, maxAgeMs: MAX_AGE, text: "" },
      feed,
      live: null,
      lastError: null,
      isStale: false,
      pushedBy: null,
      changes: Promise.resolve(null),
    };
  });

  const take = async (news: Parameters<typeof takeNews>[1]) => {
    takeNews(seat, news);
    await seat.changes;
    await null;
  };
  const events = () => receipts.map(({ event, serial, code }) => [event, serial, code].filter((part) => part !== null).join(" "));
  const goodUntil = () => {
    const { policy } = tenants.find(TENANT) ?? {};
    return policy?.kind === "ready" ? policy.goodUntilMs : null;
  };

  it("activates what it brings and records what that changes", async () => {
    await take(versionOf(1));
    await take(versionOf(2, {}, "{ id: r1, then: deny, code: c }, { id: r2, then: allow }"));
    expect(receipts[1]).toEqual({
      kind: "policy",
      tenant: TENANT,
      event: "activated",
      source: "bundle_url",
      revision: "rev-2",
      digest: "digest-2",
      serial: 2,
      signed_by: "ci",
      by: null,
      code: null,
      changes: { added: ["p/r2"], removed: [], changed: ["p/r1"], widening: true },
    });
    expect(receipts[0]).toMatchObject({ event: "activated", serial: 1, changes: null });
  });

  it("calls an older version that takes the place of a newer one rolled back", async () => {
    await take(versionOf(5));
    await take(versionOf(3));
    expect(events()).toEqual(["activated 5", "rolled_back 3"]);
  });

  it("says why a version is refused, counts each time and records each cause once", async () => {
    await take(versionOf(1));
    await take(refusal("hash_mismatch", "d"));
    await take(refusal("unreachable", null));
    await take(refusal("unreachable", null));
    expect(events()).toEqual(["activated 1", "refused hash_mismatch", "refused unreachable"]);
    expect(counted).toEqual(
      ["hash_mismatch", "unreachable", "unreachable"].map((code) => `sluice_policy_load_failures_total bundle_url ${code}`),
    );
    expect(seat.lastError).toEqual({ code: "unreachable", reason: "why", digest: null, atMs: START });
    expect(goodUntil()).toBe(START + MAX_AGE);
  });

  it("forgets that the source was away once it answers, and not what was refused", async () => {
    await take(versionOf(1));
    await take(refusal("timed_out", null));
    await take({ kind: "unchanged" });
    expect(seat.lastError).toBeNull();
    await take(refusal("expired", "d"));
    await take({ kind: "unchanged" });
    expect(seat.lastError?.code).toBe("expired");
    await take(versionOf(2));
    expect(seat.lastError).toBeNull();
  });

  it("denies for itself where nothing decides", async () => {
    await take(refusal("signature_missing", "d"));
    expect(tenants.find(TENANT)?.policy).toEqual({ kind: "unavailable", reason: "signature_missing: why" });
  });

  it("tells that the source has been away for too long, once, and that it is back", async () => {
    await take(versionOf(1));
    nowMs = START + MAX_AGE - 1;
    checkGood(seat);
    expect(events()).toEqual(["activated 1"]);
    nowMs = START + MAX_AGE;
    checkGood(seat);
    checkGood(seat);
    expect(events()).toEqual(["activated 1", "stale 1 source_away"]);
    answeredMs = nowMs;
    await take({ kind: "unchanged" });
    expect(events()).toEqual(["activated 1", "stale 1 source_away", "activated 1"]);
    expect(receipts[2]?.changes).toEqual({ added: [], removed: [], changed: [], widening: false });
    expect(goodUntil()).toBe(nowMs + MAX_AGE);
  });

  it("ends what decides when it expires, whatever the source says, until a newer one is there", async () => {
    await take(versionOf(1, { notAfterMs: START + 10 }));
    expect(goodUntil()).toBe(START + 10);
    nowMs = START + 10;
    answeredMs = nowMs;
    await take({ kind: "unchanged" });
    expect(events()).toEqual(["activated 1", "stale 1 expired"]);
    await take(versionOf(2));
    expect([events().at(-1), goodUntil()]).toEqual(["activated 2", nowMs + MAX_AGE]);
  });

  it("holds the last good version to the age that is known of it, before there is a source to ask", async () => {
    seat.feed = null;
    await take(versionOf(1, { isLastGood: true }));
    expect(goodUntil()).toBe(MAX_AGE);
    seat.live = null;
    await take(versionOf(2));
    expect(goodUntil()).toBe(START + MAX_AGE);
  });

  it("wakes whoever waits for another version, and nobody else", async () => {
    await take(versionOf(1));
    const { signal } = new AbortController();
    const woken: string[] = [];
    const waits = ["digest-1", "digest-2"].map((digest) =>
      seat.waiters.wait(digest, { ms: 60_000, signal }).then(() => woken.push(digest)),
    );
    await take(versionOf(2));
    await waits[0];
    expect(woken).toEqual(["digest-1"]);
    seat.waiters.wake(null);
    await waits[1];
    const aborted = new AbortController();
    const wait = seat.waiters.wait("digest-2", { ms: 60_000, signal: aborted.signal });
    aborted.abort();
    await wait;
    await seat.waiters.wait("digest-2", { ms: 60_000, signal: aborted.signal });
  });
});

const NO_STATE: BundleState = {
  mark: () => null,
  keepAdmitted: async () => {},
  readLastGood: async () => null,
  keepPushed: async () => {},
  readPushed: async () => null,
  answeredMs: () => null,
  noteAnswered: async () => {},
  history: () => [],
  readKept: async () => null,
};
