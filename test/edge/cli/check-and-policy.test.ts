import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { runSluice } from "../../tools/run-sluice.ts";
import { aFolder } from "./a-folder.ts";

const PAY = { method: "POST", host: "api.stripe.com", path: "/v1/payment_intents" };
const CASE = { caller: { agent: "finance-1" }, call: { ...PAY, form: { amount: 900_000, currency: "usd", destination: "acct_1" } } };
const CHECK_REQUEST = {
  attributes: {
    request: {
      http: {
        ...PAY,
        scheme: "https",
        headers: { "content-type": "application/x-www-form-urlencoded", "content-length": "26" },
        body: "amount=900000&currency=usd",
      },
    },
  },
};
const POLICY = "policy: p\nrules:\n  - { id: all, match: { hosts: [a.test] }, then: allow }\n";
const FULL = `policy: p
match: { hosts: [a.test] }
rules:
  - id: all
    match: { tools: [t.a, unknown] }
    then: allow
    redact: [{ query: k }]
    set: { x-from: "{caller.agent}" }
    remove: [x-debug]
  - { id: shy, mode: shadow, match: { paths: [/shy/*] }, then: deny, if: http.headers["x-none"] == "y" || caller.agent == "x" }
limits:
  - { id: rate, per: [agent], rate: 5/s }
  - { id: day, per: [agent], match: { tools: [t.a] }, of: cost, budget: 5 usd per day }
`
  .replace("if: http", "if: 'http")
  .replace('"x" }', `"x"' }`);
const CASES = "cases:\n  - { name: passes, caller: { agent: x }, call: { method: GET, host: a.test, path: / }, expect: allow }\n";
const WRONG = CASES.replace("expect: allow", "expect: { decision: deny }");
const FORM = ["-d", "amount=4000", "-d", "currency=usd", "-d", "destination=acct_1"];
const URL = "https://api.stripe.com/v1/payment_intents";

let cwd: string;
beforeAll(async () => {
  cwd = await aFolder({
    "case.json": JSON.stringify(CASE),
    "request.json": JSON.stringify(CHECK_REQUEST),
    "full/p.yaml": FULL,
    "full/t.yaml": "tools:\n  t.a: { http: { method: GET, host: a.test, path: /shy/a }, cost: 0.5 usd }\n",
    "full.json": JSON.stringify({
      caller: { agent: "x" },
      call: { method: "GET", host: "a.test", path: "/shy/a?k=1", headers: { "x-debug": "1" } },
    }),
    "good/p.yaml": POLICY,
    "good/cases.yaml": CASES,
    "failing/p.yaml": POLICY,
    "failing/cases.yaml": WRONG,
    "broken/p.yaml": POLICY.replace("then: allow", "then: alow"),
  });
});

describe("sluice check", () => {
  it.each([
    { args: ["POST", URL, ...FORM, "--agent", "finance-1"], exit: 0, says: /^allow {2}payments\/small\n/ },
    { args: ["POST", URL, ...FORM, "--agent", "support-1"], exit: 1, says: /^deny policy {2}no_matching_rule/ },
    { args: ["GET", "https://a.test/", "--policies", "good", "--agent", "x"], exit: 0, says: /^allow {2}p\/all\n/ },
    {
      args: ["GET", "https://api.stripe.com/v1/../v1/balance", "--agent", "finance-1"],
      exit: 1,
      says: /^deny malformed {2}path_ambiguous/,
    },
    { args: ["GET", "https://localhost/", "--agent", "finance-1"], exit: 1, says: /^deny policy {2}destination_private/ },
    { args: ["case.json"], exit: 1, says: /^approval_needed {2}payment_over_ceiling {2}payments\/large\n/ },
    { args: ["request.json", "--agent", "finance-1"], exit: 1, says: /^approval_needed {2}payment_over_ceiling {2}payments\/large\n/ },
  ])("answers with $exit: $args", async ({ args, exit, says }) => {
    const { code, stdout, stderr } = await runSluice(["check", ...args], { cwd });
    expect([code, stderr]).toEqual([exit, ""]);
    expect(stdout).toMatch(says);
  });

  it("tells what is known of the call and whom it waits for", async () => {
    const { stdout } = await runSluice(["check", "case.json"], { cwd });
    expect(stdout).toMatch(/\n {2}tool {6}stripe\.\S+\n {2}amount {4}9000 usd\n/);
    expect(stdout).toMatch(/\n {2}approvers 2 of treasury; by payments\/large\n {2}summary {3}\S.*9000\.00 usd.*\n/);
    expect(stdout).not.toMatch(/ \n/);
  });

  it("tells what is charged, set, removed and said in shadow", async () => {
    const { code, stdout, stderr } = await runSluice(["check", "full.json", "--policies", "full"], { cwd });
    expect([code, stderr, stdout]).toEqual([
      0,
      "",
      "sanitize  p/all\n  cost      0.5 usd\n  limit     p/day: 4.5 usd left\n  limit     p/rate: 4 left\n  taken out query:k\n  set       x-from: x\n  removed   x-debug\n  shadow    would be deny policy denied_by_rule by p/shy\n".replace(
        "  cost",
        "  tool      t.a\n  cost",
      ),
    ]);
  });

  it.each([
    { args: ["nothere.json"], says: "nothere.json does not exist: give a file CALL.json, or METHOD URL" },
    { args: ["GET"], says: "the URL is missing: sluice check GET https://host/path" },
    {
      args: ["POST", URL, "-d", '{"a":1}'],
      says: "-d gives form fields as key=value: for JSON bodies use a file CALL.json with call.json",
    },
    { args: ["GET", URL, "--policies", "case.json"], says: "case.json is no folder: name a folder of policy files" },
    { args: ["GET", URL, "--policies", "nowhere"], says: "nowhere does not exist: name a folder of policy files" },
  ])("says why it cannot run: $args", async ({ args, says }) => {
    expect(await runSluice(["check", ...args], { cwd })).toEqual({ code: 2, stdout: "", stderr: `sluice: ${says}\n` });
  });

  it("shows a path beside the patterns that it is held against, and unknowns only of rules that fit", async () => {
    const args = ["check", "GET", "https://a.test/shy/a/b?k=1", "--policies", "full", "--explain", "--agent", "x"];
    const { stdout } = await runSluice(args, { cwd });
    expect(stdout).toMatch(/\n {2}match false: host "a\.test" true, path "\/shy\/a\/b" for \/shy\/\* false\n/);
    expect(stdout).not.toMatch(/\nunknown:.*p\/shy/);
    expect(stdout.match(/if true: always/g)?.length).toBe(2);
  });

  it("explains each candidate, each test's value and each unknown, in text and in JSON", async () => {
    const args = ["check", "POST", URL, "-d", "currency=usd", "--agent", "finance-1", "--explain"];
    const [text, json] = await Promise.all([runSluice(args, { cwd }), runSluice([...args, "--json"], { cwd })]);
    expect([text.code, json.code]).toEqual([1, 1]);
    expect(text.stdout).toMatch(/^approval_needed {2}payment_over_ceiling {2}payments\/large\n/);
    expect(text.stdout).toContain("\nwhy: approval_needed by payments/large\n");
    expect(text.stdout).toContain("\nunknown: amount is absent; unknown counts as true in what restricts (payments/large)\n");
    expect(text.stdout).toMatch(
      /\npayments\/large \(approval_needed\): decides\n {2}match true: agent "finance-1" true, .*\n {2}if unknown, which counts as true here:\n {4}amount is more than \d+ usd \[saw absent: unknown\]\n/,
    );
    expect(text.stdout).toMatch(/\npayments\/small \(allow\): does not apply\n.*\n {2}if unknown, which counts as false here:\n/);
    const { receipt, rules, why } = JSON.parse(json.stdout);
    expect(why).toMatchObject({
      because: "approval_needed by payments/large",
      unknowns: expect.arrayContaining([
        expect.objectContaining({ rule: "payments/small", about: "amount", found: "is absent", countsAs: false }),
      ]),
    });
    expect(receipt).toMatchObject({
      decision: "approval_needed",
      rule: "payments/large",
      unknowns: expect.arrayContaining(["payments/large"]),
    });
    expect(rules.map(({ rule }: { rule: string }) => rule)).toEqual(expect.arrayContaining(["payments/small", "payments/large"]));
  });

  it("shows control and bidi characters of a call escaped, and no colour", async () => {
    const url = "https://health.example.com/patients/1";
    const args = ["check", "GET", url, "--agent", "clinic-1", "--explain", "-H", "x-purpose: a\u001b[31m\u202eb"];
    const { code, stdout, stderr } = await runSluice(args, { cwd, env: { NO_COLOR: "1", FORCE_COLOR: "0" } });
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toMatch(/saw "a.*31m.*b"/);
    expect(stdout).not.toMatch(/[^\P{C}\n]/u);
  });
});

describe("sluice policy", () => {
  it.each([
    { args: ["validate", "good"], exit: 0, out: /^Valid: 1 rules and limits, 0 tools, 1 cases; revision [0-9a-f]{12}\.\n$/, err: /^$/ },
    { args: ["validate", "broken"], exit: 1, out: /^$/, err: /p\.yaml:3:\d+: .*alow.*allow/ },
    { args: ["test", "good"], exit: 0, out: /^cases\.yaml: 1 passed\n {2}ok {4}passes\n1 case passed, 0 failed\n$/, err: /^$/ },
    {
      args: ["test", "failing"],
      exit: 1,
      out: /^cases\.yaml: 0 passed, 1 failed\n {2}FAIL {2}passes \(cases\.yaml:2\)\n {10}decision: expected deny, got allow\n {10}why: allow by p\/all\n {10}p\/all \(allow\): decides\n[\s\S]*\n0 cases passed, 1 failed\n$/,
      err: /^$/,
    },
    { args: ["test", "broken"], exit: 1, out: /^$/, err: /p\.yaml:3:\d+: .*alow/ },
    { args: ["build", "broken", "-o", "broken.tar.gz"], exit: 1, out: /^$/, err: /p\.yaml:3:\d+: .*alow/ },
  ])("answers with $exit: $args", async ({ args, exit, out, err }) => {
    const { code, stdout, stderr } = await runSluice(["policy", ...args], { cwd });
    expect(stdout).toMatch(out);
    expect(stderr).toMatch(err);
    expect(code).toBe(exit);
  });

  it("builds the same bundle byte for byte from the same folder", async () => {
    const build = (file: string) => runSluice(["policy", "build", "good", "-o", file, "--json"], { cwd });
    const [one, other] = await Promise.all([build("one.tar.gz"), build("other.tar.gz")]);
    expect([one.code, one.stderr]).toEqual([0, ""]);
    expect(other.stdout).toBe(one.stdout);
    const bytes = await readFile(join(cwd, "one.tar.gz"));
    expect(bytes.subarray(0, 2)).toEqual(Buffer.from([0x1f, 0x8b]));
    expect(await readFile(join(cwd, "other.tar.gz"))).toEqual(bytes);
  });
});
