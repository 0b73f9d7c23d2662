import { generateKeyPairSync } from "node:crypto";
import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Observer, SILENT } from "../../../src/core/observer.ts";
import { loadInPlace } from "../../../src/operate/load-policy/load-in-place.ts";
import { SYSTEM_CLOCK } from "../../../src/platform/system-clock.ts";
import { type BundleState, openBundleState } from "../../../src/policy/bundle/bundle-state.ts";
import type { BundleKey } from "../../../src/policy/bundle/signing/verify-files.ts";
import { type BundleParts, writeBundle } from "../../../src/policy/bundle/write-bundle.ts";
import type { PolicyNews } from "../../../src/policy/sources/policy-feed.ts";
import type { SourceDeps } from "../../../src/policy/sources/source-deps.ts";
import { compileFiles } from "../policy-compile/compile-one.ts";

const pair = generateKeyPairSync("ec", { namedCurve: "P-256" });
export const KEY: BundleKey = { kid: "ci-1", alg: "ES256", publicKey: pair.publicKey };
export const TRUST = { keys: [KEY], unsignedAllowed: false };

const PARTS: Omit<BundleParts, "program" | "revision" | "serial"> = {
  wasm: readFileSync(new URL("../../../policies/engine/policy.wasm", import.meta.url)),
  engineRego: "package sluice\n",
  name: "p",
  sources: "0".repeat(64),
  tenant: "acme",
  signer: { kid: "ci-1", alg: "ES256", privateKey: pair.privateKey },
};

/** A signed bundle of that serial, whose revision says it. */
export function bundleOf(serial: number, parts: Partial<BundleParts> = {}): Promise<Uint8Array> {
  const program = compileFiles(`policy: p\nrules: [{ id: r${serial}, then: deny }]\n`);
  return writeBundle({ ...PARTS, program, revision: `r${serial}`, serial, ...parts });
}

/** News as a line: what was told, without what every test would repeat. */
export function lineOf(news: PolicyNews): string {
  switch (news.kind) {
    case "version":
      return `${news.revision}${news.origin.isLastGood ? " (last good)" : ""}`;
    case "refused":
      return `refused: ${news.code}`;
    case "unchanged":
      return "unchanged";
  }
}

export type Ears = {
  readonly folder: string;
  readonly state: BundleState;
  readonly deps: SourceDeps;
  readonly news: readonly PolicyNews[];
  readonly lines: () => readonly string[];
  readonly faults: readonly string[];
  readonly logged: readonly { readonly level: string; readonly message: string }[];
  /** How long it wanted to sleep each time. */
  readonly sleeps: readonly number[];
  /** Ends the sleep that goes on, or the next. */
  readonly wake: () => void;
  /** Resolves when something new was told that reads like this. */
  readonly until: (line: string) => Promise<void>;
  /** Resolves when so much was told. */
  readonly untilTold: (count: number) => Promise<void>;
  readonly untilAsleep: () => Promise<void>;
  readonly close: () => Promise<void>;
};

/** What a source is given, with everything that it tells; it sleeps only until it is woken, or shortly. */
export async function listen(change: Partial<SourceDeps> = {}, { sleepMs }: { readonly sleepMs?: number } = {}): Promise<Ears> {
  const folder = await mkdtemp(join(tmpdir(), "sluice-source-"));
  const state = change.state ?? (await openBundleState({ folder: join(folder, "state"), tenant: "acme" }));
  const news: PolicyNews[] = [];
  const faults: string[] = [];
  const logged: { level: string; message: string }[] = [];
  const sleeps: number[] = [];
  const waiting: (() => void)[] = [];
  let wakeOne: (() => void) | null = null;
  const stir = () => {
    for (const one of waiting.splice(0)) one();
  };
  const observer: Observer = {
    ...SILENT,
    faulted: (_dependency, action, detail) => faults.push(`${action}: ${detail}`),
    log: (level, message) => logged.push({ level, message }),
  };
  const sleep = (ms: number, signal: AbortSignal) => {
    sleeps.push(ms);
    return new Promise<void>((resolve) => {
      const end = () => {
        wakeOne = null;
        resolve();
      };
      wakeOne = end;
      signal.addEventListener("abort", end, { once: true });
      if (signal.aborted || sleepMs !== undefined) setTimeout(end, sleepMs ?? 0);
      stir();
    });
  };
  const until = async (isSo: () => boolean) => {
    while (!isSo()) await new Promise<void>((resolve) => waiting.push(resolve));
  };
  return {
    folder,
    state,
    news,
    faults,
    logged,
    sleeps,
    lines: () => news.map(lineOf),
    wake: () => wakeOne?.(),
    until: (line) => {
      const from = news.length;
      return until(() => news.slice(from).some((one) => lineOf(one) === line));
    },
    untilTold: (count) => until(() => news.length >= count),
    untilAsleep: () => until(() => wakeOne !== null),
    close: () => rm(folder, { recursive: true, force: true }),
    deps: {
      tenant: "acme",
      state,
      load: loadInPlace,
      clock: SYSTEM_CLOCK,
      random: () => 0,
      observer,
      sleep,
      onNews: (one) => {
        news.push(one);
        stir();
      },
      ...change,
    },
  };
}
