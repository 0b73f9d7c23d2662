import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { runSluice, startSluiceProcess } from "../../tools/run-sluice.ts";
import { aFolder } from "./a-folder.ts";

const POLICY =
  "policy: p\nversion: 1.0.0\nrules:\n  - { id: all, match: { hosts: [a.test] }, then: allow }\n  - { id: never, match: { hosts: [b.test] }, then: deny }\n";
const CASES =
  'cases:\n  - { name: passes, caller: { agent: x }, call: { method: GET, host: a.test, path: / }, expect: allow }\n  - { name: "<odd> & \\e[31m", caller: { agent: x }, call: { method: GET, host: a.test, path: / }, expect: { decision: deny, rule: p/never } }\n';
const GUARD = "policy: g\nrules:\n  - { id: no, match: { hosts: [a.test] }, then: deny }\n";

let cwd: string;
beforeAll(async () => {
  cwd = await aFolder({
    "live/p.yaml": POLICY,
    "live/cases.yaml": CASES.split("\n").slice(0, 2).join("\n"),
    "odd/p.yaml": POLICY,
    "odd/cases.yaml": CASES,
    "broken/p.yaml": POLICY.replace("then: deny", "then: dany"),
    "guards/g.yaml": GUARD,
    "wider/p.yaml": POLICY.replace("1.0.0", "1.1.0").replace("hosts: [b.test] }, then: deny", "hosts: [b.test] }, then: allow"),
    "wider/cases.yaml": "cases:\n  - { name: b, caller: { agent: x }, call: { method: GET, host: b.test, path: / }, expect: allow }\n",
    "quiet/p.yaml": POLICY.replace("1.0.0", "1.1.0").replace("[b.test]", "[b.test, c.test]"),
    "kept/p.yaml": POLICY.replace("[b.test]", "[b.test, c.test]"),
    "maybe/p.yaml": POLICY.replace("1.0.0", "1.1.0").replace("[a.test]", "[a.test, c.test]"),
  });
});

const sluice = (...args: readonly string[]) => runSluice(args, { cwd });

describe("sluice policy test", () => {
  it("writes JUnit XML, lists what no case hits with its place, and ends with 1 for a case that failed", async () => {
    const { code, stdout, stderr } = await sluice("policy", "test", "odd", "--junit", "cases.xml", "--coverage");
    expect([code, stderr]).toEqual([1, ""]);
    expect(stdout).toContain("  FAIL  <odd> & \\u{1b}[31m (cases.yaml:3)\n          decision: expected deny, got allow\n");
    expect(stdout).toContain("\nCoverage: 50 %, 1 of 2 rules and limits hit; never hit:\n  p.yaml:5  p/never\n1 cases passed, 1 failed\n");
    const xml = await readFile(join(cwd, "cases.xml"), "utf8");
    expect(xml).toMatch(
      /^<\?xml version="1.0" encoding="UTF-8"\?>\n<testsuites name="sluice policy test" tests="2" failures="1" errors="0">\n/,
    );
    expect(xml).toContain(
      '<testsuite name="cases.yaml" tests="2" failures="1" errors="0" skipped="0">\n    <testcase name="passes" classname="cases.yaml" file="cases.yaml" line="2"/>\n',
    );
    expect(xml).toContain(
      '<testcase name="&lt;odd&gt; &amp; \\u{1b}[31m" classname="cases.yaml" file="cases.yaml" line="3">\n      <failure message="decision: expected deny, got allow; rule: expected p/never, got p/all" type="difference">decision: expected deny, got allow\n',
    );
  });

  it("ends with 0 where everything passes, however much is never hit", async () => {
    const { code, stdout } = await sluice("policy", "test", "live", "--coverage");
    expect([code, stdout]).toEqual([
      0,
      "cases.yaml: 1 passed\n  ok    passes\nCoverage: 50 %, 1 of 2 rules and limits hit; never hit:\n  p.yaml:5  p/never\n1 cases passed, 0 failed\n",
    ]);
  });

  it("writes a folder that does not compile as a test that could not run", async () => {
    const { code, stderr } = await sluice("policy", "test", "broken", "--junit", "broken.xml");
    expect([code, stderr]).toEqual([1, expect.stringMatching(/^p\.yaml:5:\d+: found the text `dany`/)]);
    expect(await readFile(join(cwd, "broken.xml"), "utf8")).toMatch(
      /<testsuite name="policy" tests="1" failures="0" errors="1"[\s\S]*<error message="p\.yaml:5:\d+: /,
    );
  });

  it("holds the cases under guardrails, as validate, build and check do", async () => {
    const guarded = ["--guardrails", "guards"];
    const [tested, validated, built, checked] = await Promise.all([
      sluice("policy", "test", "live", "--json", ...guarded),
      sluice("policy", "validate", "live", ...guarded),
      sluice("policy", "build", "live", "-o", "guarded.tar.gz", ...guarded),
      sluice("check", "GET", "https://a.test/", "--policies", "live", ...guarded),
    ]);
    expect(JSON.parse(tested.stdout)).toMatchObject({
      failed: 1,
      results: [
        { got: { decision: "deny", rule: "guardrail:g/no" }, explanation: { because: "deny by guardrail:g/no wins over allow by p/all" } },
      ],
    });
    expect([tested.code, validated.code, built.code, checked.code]).toEqual([1, 0, 0, 1]);
    expect(validated.stdout).toMatch(/^Valid: 3 rules and limits/);
    expect(checked.stdout).toMatch(/^deny policy .*guardrail:g\/no\n/);
  });

  it("says where its output cannot go, and ends with 2", async () => {
    const { code, stderr } = await sluice("policy", "test", "live", "--junit", "nowhere/cases.xml");
    expect([code, stderr]).toEqual([
      2,
      expect.stringMatching(/^sluice: .*cases\.xml cannot be written: name a file in a folder that is there with --junit\n$/),
    ]);
  });

  it.each(["SIGINT", "the end of input"])("runs again at every change until %s, and ends with 0", async (end) => {
    const folder = await aFolder({ "p/p.yaml": POLICY, "p/cases.yaml": CASES });
    const watching = startSluiceProcess(["policy", "test", "p", "--watch"], { cwd: folder, holdsInput: true });
    await watching.until("1 cases passed, 1 failed\nWatching for changes; SIGINT or the end of input ends it.\n");
    await writeFile(join(folder, "p/p.yaml"), POLICY.replace("rules:", "rules"));
    await watching.until("p.yaml:");
    await writeFile(join(folder, "p/p.yaml"), POLICY.replace("[a.test]", "[c.test]"));
    await watching.until("0 cases passed, 2 failed\n");
    const { code } = end === "SIGINT" ? await watching.end("SIGINT") : await watching.endInput();
    expect(code).toBe(0);
  });
});

describe("sluice policy diff", () => {
  it.each([
    {
      args: ["live", "live"],
      exit: 0,
      says: /^0 rules and limits differ, 0 other things; 0 of 1 cases are decided otherwise\nIt does not widen\.\n$/,
    },
    {
      args: ["live", "wider"],
      exit: 0,
      says: /^case deny → allow: b \(cases\.yaml:2\): deny by p\/never .*→ allow by p\/all {2}\[widens\]\n|It widens: 1 cases/,
    },
    { args: ["live", "wider", "--forbid-widening"], exit: 1, says: /It widens: 1 cases are let through that were not/ },
    {
      args: ["live", "maybe", "--forbid-widening"],
      exit: 1,
      says: /~ p\/all \(allow\)\n {4}match: host a\.test → host a\.test, c\.test {2}\[may widen\]\n[\s\S]*It may widen, and no case shows it/,
    },
    { args: ["wider", "live", "--forbid-widening"], exit: 0, says: /^case allow → deny: b .*\n[\s\S]*It does not widen\.\n$/ },
    {
      args: ["live", "quiet", "--forbid-widening"],
      exit: 0,
      says: /~ p\/never \(deny\)\n {4}match: host b\.test → host b\.test, c\.test\n[\s\S]*It does not widen\.\n$/,
    },
    { args: ["live", "kept"], exit: 1, says: /\nversion: the rules of p changed, and its version is still 1\.0\.0\n/ },
  ])("answers with $exit: $args", async ({ args, exit, says }) => {
    const { code, stdout, stderr } = await sluice("policy", "diff", ...args);
    expect(stderr).toBe("");
    expect(stdout).toMatch(says);
    expect(code).toBe(exit);
  });

  it("tells the same as data", async () => {
    const { stdout } = await sluice("policy", "diff", "live", "wider", "--json");
    expect(JSON.parse(stdout)).toMatchObject({
      kind: "diffed",
      cases: 2,
      changed: [{ name: "b", change: "deny → allow", widens: true, was: { decision: "deny" }, is: { decision: "allow" } }],
      rules: [{ kind: "changed", id: "p/never", effect: "allow", changes: [{ part: "effect", was: "deny", is: "allow", mayWiden: true }] }],
      versionsKept: [],
      verdict: { widens: true, mayWiden: true },
    });
  });
});

describe("sluice policy fmt", () => {
  it("repairs and formats, says which files changed, and finds nothing more to do", async () => {
    const folder = await aFolder({
      "p/p.yaml": 'policy:  p\nrules:\n- id: a\n  if: "x" in caller.roles # why\n  then: deny\n',
      "p/ok.yaml": "cases: []\n",
      "p/bad.yaml": "policy: q\npolicy: r\n",
    });
    const fmt = (...args: readonly string[]) => runSluice(["policy", "fmt", ...args], { cwd: folder });
    const told = /^p\/bad\.yaml:2:1: this key stands twice/;
    const check = await fmt("p", "--check");
    expect([check.code, check.stdout]).toEqual([1, "p/p.yaml\n1 of 3 files would be formatted; what is broken was left as it is\n"]);
    expect(check.stderr).toMatch(told);
    const written = await fmt("p");
    expect([written.code, written.stdout]).toEqual([1, "p/p.yaml\n1 of 3 files formatted; what is broken was left as it is\n"]);
    expect(await readFile(join(folder, "p/p.yaml"), "utf8")).toBe(
      'policy: p\nrules:\n  - id: a\n    if: | # why\n      "x" in caller.roles\n    then: deny\n',
    );
    expect(await fmt("p/p.yaml", "p/ok.yaml", "--check")).toEqual({ code: 0, stdout: "0 of 2 files would be formatted\n", stderr: "" });
    expect(JSON.parse((await fmt("p", "--check", "--json")).stdout)).toMatchObject({
      files: 3,
      changed: [],
      problems: [{ file: "p/bad.yaml" }],
    });
  });
});
