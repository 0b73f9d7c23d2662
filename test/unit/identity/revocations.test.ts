import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Observer } from "../../../src/core/observer.ts";
import { openRevocations, type Revocations } from "../../../src/identity/revocations.ts";

let folder = "";
let file = "";
let opened: Revocations[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sluice-revoked-"));
  file = join(folder, "state", "revocations.jsonl");
});
afterEach(async () => {
  await Promise.all(opened.map((one) => one.close()));
  opened = [];
  rmSync(folder, { recursive: true, force: true });
});

const revocation = (name: string, tenant = "default") =>
  ({ tenant, kind: "agent", name, reason: "lost key", at: "2026-11-21T10:15:00Z" }) as const;
const line = (name: string) => `${JSON.stringify(revocation(name))}\n`;
const caller = (agent: string, tenant = "default") => ({ tenant, agent });

function watcher() {
  const faults: string[] = [];
  const observer: Pick<Observer, "log" | "faulted"> = {
    log: () => {},
    faulted: (_, action, detail) => faults.push(`${action}: ${detail}`),
  };
  return { faults, observer };
}

async function start(options: { watch?: boolean; observer?: Pick<Observer, "log" | "faulted"> } = {}): Promise<Revocations> {
  const revocations = await openRevocations({ file, watch: options.watch ?? false, observer: options.observer ?? watcher().observer });
  opened.push(revocations);
  return revocations;
}

function write(text: string): void {
  mkdirSync(join(folder, "state"), { recursive: true });
  writeFileSync(file, text);
}

const WAIT = { timeout: 10_000, interval: 10 };

describe("revocations", () => {
  it("find nobody in a file that is not there", async () => {
    expect((await start()).find(caller("a"))).toBeNull();
  });

  it("find the agent of the tenant alone", async () => {
    write(line("a"));
    const revocations = await start();
    expect(revocations.find(caller("a"))).toMatchObject({ reason: "lost key" });
    expect(revocations.find(caller("b"))).toBeNull();
    expect(revocations.find(caller("a", "acme"))).toBeNull();
  });

  it("reject a start on a file that cannot be read", async () => {
    mkdirSync(file, { recursive: true });
    await expect(start()).rejects.toThrow("EISDIR");
  });

  it.each([
    ["no JSON", "{"],
    ["another kind", JSON.stringify({ ...revocation("x"), kind: "tenant" })],
    ["a name outside the grammar", JSON.stringify({ ...revocation("x"), name: "a b" })],
    ["no tenant", JSON.stringify({ ...revocation("x"), tenant: undefined })],
    ["no reason", JSON.stringify({ ...revocation("x"), reason: undefined })],
    ["a time that is none", JSON.stringify({ ...revocation("x"), at: "yesterday" })],
    ["a list", "[]"],
    ["null", "null"],
  ])("tell of a line with %s and keep the good ones", async (_, broken) => {
    write(`${line("a")}${broken}\n\n${line("b")}`);
    const { faults, observer } = watcher();
    const revocations = await start({ observer });
    expect(faults).toEqual(["line_broken: 1 lines are no revocation, the first is line 2"]);
    expect([caller("a"), caller("b"), caller("x")].map((one) => revocations.find(one) !== null)).toEqual([true, true, false]);
  });

  it("hold at once and in the file when one is added", async () => {
    const revocations = await start();
    const added = revocations.add(revocation("a"));
    expect(revocations.find(caller("a"))).not.toBeNull();
    await added;
    expect(revocations.find(caller("a"))).not.toBeNull();
    expect(readFileSync(file, "utf8")).toBe(line("a"));
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it("keep a line apart from one that was left without its end", async () => {
    write(line("a").trimEnd());
    await (await start()).add(revocation("b"));
    expect(readFileSync(file, "utf8")).toBe(line("a") + line("b"));
  });

  it("refuse to add what could not be read again", async () => {
    await expect((await start()).add({ ...revocation("a"), name: "a b" })).rejects.toThrow("this is no revocation");
    expect(existsSync(file)).toBe(false);
  });

  it("all hold when many are added at once", async () => {
    const revocations = await start({ watch: true });
    const names = Array.from({ length: 50 }, (_, index) => `agent-${index}`);
    await Promise.all(names.map((name) => revocations.add(revocation(name))));
    expect(names.filter((name) => revocations.find(caller(name)) === null)).toEqual([]);
    expect(readFileSync(file, "utf8").trim().split("\n")).toHaveLength(50);
  });
});

describe("a watched file of revocations", () => {
  it("counts from its first line, though it was not there at the start", async () => {
    const { faults, observer } = watcher();
    const revocations = await start({ watch: true, observer });
    expect(faults).toEqual([]);
    write(line("a"));
    await vi.waitFor(() => expect(revocations.find(caller("a"))).not.toBeNull(), WAIT);
  });

  it("revokes by a line more and lifts by a line less", async () => {
    write(line("a"));
    const revocations = await start({ watch: true });
    appendFileSync(file, line("b"));
    await vi.waitFor(() => expect(revocations.find(caller("b"))).not.toBeNull(), WAIT);
    write(line("b"));
    await vi.waitFor(() => expect(revocations.find(caller("a"))).toBeNull(), WAIT);
    expect(revocations.find(caller("b"))).not.toBeNull();
  });

  it("lifts nothing while a line is broken or the file has gone", async () => {
    write(line("a"));
    const { faults, observer } = watcher();
    const revocations = await start({ watch: true, observer });
    write(`{"tenant":"def\n${line("b")}`);
    await vi.waitFor(() => expect(revocations.find(caller("b"))).not.toBeNull(), WAIT);
    expect(revocations.find(caller("a"))).not.toBeNull();
    expect(faults).toEqual(["line_broken: 1 lines are no revocation, the first is line 1"]);
    rmSync(file);
    await vi.waitFor(() => expect(faults.at(-1)).toBe("kept: the file has gone; what was known stays revoked"), WAIT);
    expect(revocations.find(caller("a"))).not.toBeNull();
  });

  it("is followed through the swaps of a Kubernetes ConfigMap", async () => {
    const state = join(folder, "state");
    const publish = (version: string, text: string) => {
      mkdirSync(join(state, version), { recursive: true });
      writeFileSync(join(state, version, "revocations.jsonl"), text);
      symlinkSync(version, join(state, "..data.new"));
      renameSync(join(state, "..data.new"), join(state, "..data"));
    };
    publish("..1", line("a"));
    symlinkSync(join("..data", "revocations.jsonl"), file);
    const revocations = await start({ watch: true });
    for (const [version, name] of [
      ["..2", "b"],
      ["..3", "c"],
    ] as const) {
      publish(version, line(name));
      await vi.waitFor(() => expect(revocations.find(caller(name))).not.toBeNull(), WAIT);
    }
  });
});
