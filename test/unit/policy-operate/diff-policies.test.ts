import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { buildPolicy } from "../../../src/operate/build-policy.ts";
import { diffPolicies } from "../../../src/operate/diff-policy.ts";

const wasm = await readFile(join(import.meta.dirname, "../../../policies/engine/policy.wasm"));
const policy = (...rules: readonly string[]) => `policy: p\nrules:\n${rules.map((rule) => `  - { ${rule} }\n`).join("")}`;
const oneCase = (name: string, rest = "") =>
  `  - { name: ${name}, caller: { agent: ${name} }, call: { method: GET, host: a.example, path: /${rest} }, expect: deny }\n`;
const cases = (...names: readonly string[]) => `cases:\n${names.map((name) => oneCase(name)).join("")}`;
const ask = (id: string) => `id: ${id}, match: { agents: [${id}] }, then: approval_needed, approval: { from: [t] }`;
const says = (id: string, decision: string) => `id: ${id}, match: { agents: [${id}] }, then: ${decision}`;

let root = "";
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "sluice-diff-"));
});
afterEach(() => rm(root, { recursive: true }));

async function write(files: Readonly<Record<string, string | Uint8Array>>) {
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, name)), { recursive: true });
    await writeFile(join(root, name), text);
  }
}

const diff = (was = "a", is = "b") => diffPolicies({ was: join(root, was), is: join(root, is), wasm, nowMs: 0, threads: 1 });

describe("policy diff", () => {
  it("decides the cases of both sides by both, what is let through first", async () => {
    const names = ["da", "aa", "dq", "qa", "qd", "aq", "ad", "dd"];
    const rule = (name: string, letter: string) =>
      letter === "q" ? [ask(name)] : letter === "a" ? [says(name, "allow")] : [says(name, "deny")];
    await write({
      "a/p.yaml": policy(...names.flatMap((name) => rule(name, name[0] ?? ""))),
      "a/c.yaml": cases("ad", "aq", "qd", "dd", "aa"),
      "b/p.yaml": policy(...names.flatMap((name) => rule(name, name[1] ?? ""))),
      "b/c.yaml": cases("dq", "qa", "da", "aa"),
    });
    const diffed = await diff();
    expect(diffed).toMatchObject({ kind: "diffed", cases: 8, verdict: { widens: true, mayWiden: true } });
    expect(diffed.kind === "diffed" ? diffed.changed.map(({ name, change, widens }) => ({ name, change, widens })) : []).toEqual([
      { name: "da", change: "deny → allow", widens: true },
      { name: "qa", change: "approval → allow", widens: true },
      { name: "dq", change: "deny → approval", widens: true },
      { name: "qd", change: "approval → deny", widens: false },
      { name: "aq", change: "allow → approval", widens: false },
      { name: "ad", change: "allow → deny", widens: false },
    ]);
  });

  it("tells what is taken out, limited and answered otherwise", async () => {
    const [ALLOW, TAKE] = ["id: all, then: allow, match: { hosts: [a.example] }", "redact: [{ query: k }]"];
    const file = (rest: string, limits: string) => `${policy(ALLOW, ...(rest === "" ? [] : [`id: r, ${rest}`]))}${limits}`;
    const limit = "limits:\n  - { id: l, per: [agent], rate: 5/s }\n";
    await write({
      "a/p.yaml": file(TAKE, limit),
      "b/p.yaml": file("", limit),
      "c/p.yaml": file(TAKE, ""),
      "d/p.yaml": file("code: c, if: 'false', then: deny", limit),
      "a/c.yaml": `cases:\n${oneCase("x", "?k=1").replace("/?k=1", '"/?k=1"')}`,
    });
    const changes = async (was: string, is: string) => {
      const diffed = await diff(was, is);
      return diffed.kind === "diffed" ? diffed.changed.map(({ change }) => change) : diffed;
    };
    expect(await changes("a", "b")).toEqual(["less taken out"]);
    expect(await changes("b", "a")).toEqual(["more taken out"]);
    expect(await changes("a", "c")).toEqual(["fewer limits"]);
    expect(await changes("c", "a")).toEqual(["more limits"]);
    expect(await changes("a", "a")).toEqual([]);
  });

  it.each([
    ["25 usd per day", "0.10 usd per day", ["allow → deny"], false],
    ["0.10 usd per day", "25 usd per day", ["deny → allow"], true],
  ])("applies a case's usage to each side by that side's own limit: %s to %s", async (was, is, changes, widens) => {
    const file = (budget: string) =>
      `${policy(says("all", "allow").replace("agents: [all]", "hosts: [a.example]"), "id: nearly, match: { agents: [y] }, then: deny, if: 'usage[\"l\"].share > 0.9'")}limits:\n  - { id: l, per: [agent], of: cost, budget: ${budget} }\n`;
    const tool = "tools:\n  t.a: { http: { method: GET, host: a.example, path: /one }, cost: 1 usd }\n";
    const one = (agent: string, usage: string) =>
      `  - { name: ${agent}, caller: { agent: ${agent} }, call: { tool: t.a }, usage: { p/l: ${usage} }, expect: deny }\n`;
    const file2 = `cases:\n${one("x", "{ share: 0.1 }")}${one("y", "{ share: 0.95 }")}`;
    for (const [side, budget] of [
      ["a", was],
      ["b", is],
    ])
      await write({ [`${side}/p.yaml`]: file(budget ?? ""), [`${side}/t.yaml`]: tool, [`${side}/c.yaml`]: file2 });
    const diffed = await diff();
    expect(diffed).toMatchObject({ cases: 2, verdict: { widens, mayWiden: widens } });
    expect(diffed.kind === "diffed" ? diffed.changed.map(({ change }) => change) : []).toEqual(changes);
  });

  it("decides a call that one side knows by a tool's name as it goes over the wire", async () => {
    const tool = (path: string) => `tools:\n  t.a: { http: { method: GET, host: a.example, path: ${path} } }\n`;
    const file = "cases:\n  - { name: c, caller: { agent: x }, call: { tool: t.a }, expect: allow }\n";
    const rule = "id: r, match: { tools: [t.a] }, then: allow";
    await write({
      "a/p.yaml": policy(rule),
      "a/t.yaml": tool("/one"),
      "a/c.yaml": file,
      "b/p.yaml": policy(rule),
      "b/t.yaml": tool("/two"),
      "b/c.yaml": file,
    });
    const diffed = await diff();
    expect(diffed).toMatchObject({
      cases: 2,
      changed: [
        { change: "deny → allow", file: "c.yaml" },
        { change: "allow → deny", file: "c.yaml" },
      ],
    });
  });

  it("decides a call that both sides know once, under the second side's name", async () => {
    const named = (name: string) => cases("x").replace("name: x", `name: ${name}`);
    await write({
      "a/p.yaml": policy(says("x", "deny")),
      "a/c.yaml": named("old"),
      "b/p.yaml": policy(says("x", "allow")),
      "b/c.yaml": named("new"),
    });
    expect(await diff()).toMatchObject({ cases: 1, changed: [{ name: "new" }] });
  });

  it("says that rules alone may widen where no case shows it", async () => {
    await write({ "a/p.yaml": policy(says("x", "deny")), "a/c.yaml": cases("y"), "b/p.yaml": policy(says("x", "allow")) });
    expect(await diff()).toMatchObject({ changed: [], cases: 1, verdict: { widens: false, mayWiden: true } });
    expect(await diff("b", "a")).toMatchObject({ verdict: { widens: false, mayWiden: false } });
  });

  it("reads bundles as well as folders", async () => {
    await write({ "a/p.yaml": policy(says("x", "deny")), "a/c.yaml": cases("x"), "b/p.yaml": policy(says("x", "allow")) });
    const built = await buildPolicy({ folder: join(root, "b"), name: "b", wasm, engineRego: "package sluice\n" });
    await write({ "b.tar.gz": built.kind === "built" ? built.bundle : "" });
    expect(await diff("a", "b.tar.gz")).toMatchObject({
      kind: "diffed",
      cases: 1,
      changed: [{ change: "deny → allow" }],
      rules: [{ kind: "changed", id: "p/x" }],
    });
    expect(await diff("b.tar.gz", "b.tar.gz")).toMatchObject({ kind: "diffed", cases: 0, rules: [], others: [] });
  });

  it("cannot compare what is not there, does not compile or is no bundle", async () => {
    await write({ "a/p.yaml": policy(says("x", "deny")), "broken/p.yaml": "policy: p\n", "b.tar.gz": "x" });
    const messages = async (is: string) => {
      const diffed = await diff("a", is);
      return diffed.kind === "unreadable" ? diffed.messages.map((message) => message.slice(root.length + 1)) : diffed;
    };
    expect(await messages("nowhere")).toEqual(["nowhere is not there: name a folder of policy files or a bundle"]);
    expect(await messages("broken")).toEqual([
      expect.stringMatching(/^broken: p\.yaml:1:1: a policy without rules and limits does nothing/),
    ]);
    expect(await messages("b.tar.gz")).toEqual([expect.stringMatching(/^b\.tar\.gz is no bundle that can be read: /)]);
  });
});
