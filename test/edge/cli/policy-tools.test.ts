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

const GUARDED =
  "cases:\n  - { name: guarded, caller: { agent: x }, call: { method: GET, host: a.test, path: / }, expect: { decision: deny, rule: 'guardrail:g/no' } }\n  - { name: of a tenant, caller: { agent: x }, call: { method: GET, host: z.test, path: / }, expect: { decision: deny, code: no_matching_rule } }\n";

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
    "maybe.tar.gz": "",
    "none/p.yaml": POLICY,
    "empty/.keep": "",
    "guarded/g.yaml": GUARD,
    "guarded/cases.yaml": GUARDED,
    "longer/p.yaml": POLICY.replace("1.0.0", "1.1.0").replace("then: deny", "if: caller.agent == 'y', then: deny"),
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
    expect(stdout).toContain("\nCoverage: 50 %, 1 of 2 rules and limits hit; never hit:\n  p.yaml:5  p/never\n1 case passed, 1 failed\n");
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
      "cases.yaml: 1 passed\n  ok    passes\nCoverage: 50 %, 1 of 2 rules and limits hit; never hit:\n  p.yaml:5  p/never\n1 case passed, 0 failed\n",
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

  it("runs the cases of guardrails too", async () => {
    const { code, stdout } = await sluice("policy", "test", "none", "--guardrails", "guarded");
    expect([code, stdout]).toEqual([0, expect.stringMatching(/cases\.yaml: 2 passed\n {2}ok {4}guarded\n {2}ok {4}of a tenant\n/)]);
  });

  it("ends with 1 where there are no cases, and says so", async () => {
    const { code, stderr } = await sluice("policy", "test", "none");
    expect([code, stderr]).toEqual([1, `${join(cwd, "none")} has no cases: write some in a file with the key \`cases\`\n`]);
  });

  it("names a folder that is empty", async () => {
    const { code, stderr } = await sluice("policy", "test", "empty");
    expect([code, stderr]).toEqual([1, expect.stringMatching(new RegExp(`^${join(cwd, "empty")}:1:1: there is no file with the key`))]);
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
    await watching.until("1 case passed, 1 failed\nWatching for changes; SIGINT or the end of input ends it.\n");
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
      says: /^0 rules and limits differ, 0 other things; 0 of 1 case is decided otherwise\nIt does not widen\.\n$/,
    },
    {
      args: ["live", "wider"],
      exit: 0,
      says: /^case deny → allow: b \(cases\.yaml:2\): deny by p\/never .*→ allow by p\/all {2}\[widens\]\n|It widens: 1 case is/,
    },
    {
      args: ["live", "wider", "--forbid-widening"],
      exit: 1,
      says: /It widens: 1 case is let through that was not, or with less of a check\.\nEnds with 1: --forbid-widening, and it widens\.\n$/,
    },
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
    { args: ["live", "kept"], exit: 1, says: /\nEnds with 1: the rules of p changed and its `version` is still 1\.0\.0: raise it\.\n$/ },
  ])("answers with $exit: $args", async ({ args, exit, says }) => {
    const { code, stdout, stderr } = await sluice("policy", "diff", ...args);
    expect(stderr).toBe("");
    expect(stdout).toMatch(says);
    expect(code).toBe(exit);
  });

  it("compares both sides under guardrails", async () => {
    const { code, stdout } = await sluice("policy", "diff", "live", "wider", "--guardrails", "guarded");
    expect([code, stdout]).toEqual([0, expect.stringMatching(/1 of 3 cases are decided otherwise\n/)]);
  });

  it("tells a changed condition on two lines", async () => {
    const { stdout } = await sluice("policy", "diff", "live", "longer");
    expect(stdout).toContain('    condition:  [may widen]\n      was always\n      is  caller.agent is "y"\n');
  });

  it("says of a bundle that it carries no cases", async () => {
    await sluice("policy", "build", "maybe", "--no-cases", "-o", "maybe.tar.gz");
    const { code, stdout } = await sluice("policy", "diff", "none", "maybe.tar.gz", "--forbid-widening");
    expect(stdout).toMatch(
      /It may widen, and no case shows it: see what is marked; a bundle without cases shows none, so compare the folders\.\nEnds with 1: --forbid-widening, and it may widen\.\n$/,
    );
    expect(code).toBe(1);
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
