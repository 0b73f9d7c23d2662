import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { openCaseDecider } from "../../../src/operate/case-runner.ts";
import { explainOutcome } from "../../../src/operate/explain-outcome.ts";
import { loadFolder } from "../../../src/policy/sources/load-folder.ts";

const wasm = await readFile(join(import.meta.dirname, "../../../policies/engine/policy.wasm"));
const TOOLS =
  "tools:\n  t.a: { http: { method: GET, host: a.example, path: /a }, cost: 1 usd, args: { n: { from: query.n, type: integer }, m: { from: query.m } } }\n";
const GUARD = "policy: g\nrules:\n  - { id: ask, match: { methods: [GET] }, then: approval_needed, approval: { from: [t] } }\n";
const CALL = "call: { method: GET, host: a.example, path: /a }";

/** What is told of a call, in a folder with these rules. */
async function tell(rules: readonly string[], { call = CALL, caller = "agent: x", limits = "", guard = false } = {}) {
  const root = await mkdtemp(join(tmpdir(), "sluice-explain-"));
  const files = {
    "p/p.yaml": `policy: p\nrules:\n${rules.map((rule) => `  - { ${rule} }\n`).join("")}${limits}`,
    "p/t.yaml": TOOLS,
    "p/c.yaml": `cases: [{ name: c, caller: { ${caller} }, ${call}, expect: deny }]\n`,
    "g/g.yaml": GUARD,
  };
  for (const folder of ["p", "g"]) await mkdir(join(root, folder));
  for (const [name, text] of Object.entries(files)) await writeFile(join(root, name), text);
  const loaded = await loadFolder(join(root, "p"), guard ? [join(root, "g")] : []);
  await rm(root, { recursive: true });
  if (loaded.kind === "refused") throw new Error(JSON.stringify(loaded.problems));
  const [policyCase] = loaded.cases;
  if (policyCase === undefined) throw new Error("there is one case");
  const { explanations, ...outcome } = await openCaseDecider({ ...loaded, wasm, name: "test", nowMs: 0 })(policyCase);
  return { ...explainOutcome(explanations, outcome), explanations };
}

const ALLOW = "id: a, match: { hosts: [a.example] }, then: allow";
const TOOL = "call: { tool: t.a, args: { n: 1 } }";
const budget = (currency: string, of: string) =>
  `limits:\n  - { id: l, per: [agent], match: { hosts: [a.example] }, of: ${of}, budget: 5 ${currency} per day }\n`;
const DENY = "id: d, match: { hosts: [a.example] }, then: deny";
const ASK = "id: q, match: { hosts: [a.example] }, then: approval_needed, approval: { from: [t] }";

describe("why a call was decided so", () => {
  it.each([
    ["one rule", [ALLOW], {}, "allow by p/a"],
    ["a deny over the rest", [ALLOW, ASK, DENY], {}, "deny by p/d wins over allow by p/a, approval_needed by p/q"],
    ["a question over an allow", [ALLOW, ASK], {}, "approval_needed by p/q wins over allow by p/a"],
    ["two denies", [DENY, DENY.replace("id: d", "id: e")], {}, "deny by p/d, p/e"],
    ["nothing", ["id: a, match: { hosts: [b.example] }, then: allow"], {}, "no rule is about such a call, and nothing permits it"],
    ["nothing that fits", ["id: a, match: { hosts: [a.example], methods: [PUT] }, then: allow"], {}, "no rule that permits applies"],
    [
      "a guardrail alone",
      ["id: a, match: { hosts: [b.example] }, then: allow"],
      { guard: true },
      "guardrail:g/ask would ask, and nothing permits what it asks for",
    ],
    [
      "something taken out",
      [ALLOW, "id: r, match: { hosts: [a.example] }, redact: [{ header: x-a }]"],
      { call: CALL.replace("path: /a", "path: /a, headers: { x-a: b }") },
      "allow by p/a; sanitize, because something was taken out by p/r",
    ],
    [
      "a mistake before the rules",
      [ALLOW],
      { call: CALL.replace("path: /a", "path: /b/../a") },
      "the call is refused before the rules, path_ambiguous: dot segment",
    ],
    [
      "a limit after the rules",
      [ALLOW],
      {
        limits: "limits:\n  - { id: l, per: [agent], match: { hosts: [a.example] }, rate: 1/h }\n",
        call: `${CALL}, usage: { p/l: { used: 1 } }`,
      },
      "the rules say allow by p/a; the limit p/l refuses it, rate_exceeded",
    ],
    [
      "a budget in another currency",
      [ALLOW],
      { limits: budget("eur", "cost"), call: TOOL },
      "the rules say allow by p/a; the limit p/l refuses it, currency_mismatch: p/l is in eur, the call's cost in usd",
    ],
    [
      "a budget of what is not known",
      [ALLOW],
      { limits: budget("usd", "amount"), call: TOOL },
      "the rules say allow by p/a; the limit p/l refuses it, price_unknown: p/l is of amount, and the tool t.a has none",
    ],
    [
      "what cannot be taken out",
      [ALLOW.replace("a.example", "c.example"), "id: r, match: { hosts: [c.example] }, redact: [{ find: pii.ssn }]"],
      { call: "call: { method: POST, host: c.example, path: /b, json: { to: 536-90-4399 } }" },
      "the rules say allow by p/a; what p/r takes out cannot be taken out, sanitizer_not_declared: pii.ssn at json:/to",
    ],
    [
      "arguments that are none",
      [ALLOW],
      { call: CALL.replace("path: /a", "path: '/a?n=1&n=2'") },
      "the call is refused before the rules, args_invalid: an argument twice in the query",
    ],
    [
      "a scope after the rules",
      [ALLOW],
      { caller: 'agent: x, scope: ["tool:t.b"]' },
      "the call is refused before the rules, out_of_scope: The call is outside the scope of the agent's token.",
    ],
  ])("is told of %s", async (_name, rules, how, because) => {
    expect((await tell(rules, how)).because).toBe(because);
  });

  it("is told of a refusal that no deciding rule made, though one would refuse too", async () => {
    const { explanations } = await tell([DENY]);
    expect(explainOutcome(explanations, { decision: "deny", code: "out_of_scope", rule: null }).because).toBe(
      "the rules say deny by p/d; the call is refused for something else, out_of_scope",
    );
  });

  it("names each unknown, and as what it counts", async () => {
    const { unknowns } = await tell([
      `${ALLOW}, if: args.n < 5`,
      `${DENY}, if: caller.agent == "y" || args.n > 5 || args.m == "x"`.replace("if: ", "if: '").concat("'"),
      "id: r, match: { hosts: [a.example] }, redact: [{ header: x }], if: args.m != args.n",
    ]);
    expect(unknowns).toEqual([
      { rule: "p/a", about: "args.n", found: "is absent", countsAs: false, in: "what permits" },
      { rule: "p/d", about: "args.n", found: "is absent", countsAs: true, in: "what restricts" },
      { rule: "p/d", about: "args.m", found: "is absent", countsAs: true, in: "what restricts" },
      {
        rule: "p/r",
        about: "args.m and args.n",
        found: "cannot be compared: args.m is absent, args.n is absent",
        countsAs: true,
        in: "what takes out",
      },
    ]);
  });

  it.each([
    ["{ n: 1 }", "args.m", "is absent, and is held against args.n"],
    ["{ m: a }", "args.n", "is absent, and args.m is held against it"],
  ])("says both of a field that is held against an absent one: %s", async (args, about, found) => {
    const { unknowns } = await tell(["id: r, match: { hosts: [a.example] }, redact: [{ header: x }], if: args.m != args.n"], {
      call: `call: { tool: t.a, args: ${args} }`,
    });
    expect(unknowns).toEqual([{ rule: "p/r", about, found, countsAs: true, in: "what takes out" }]);
  });

  it("names no unknown of a rule whose match does not fit", async () => {
    expect((await tell(["id: r, match: { hosts: [a.example], paths: [/b] }, then: deny, if: args.n > 1"])).unknowns).toEqual([]);
  });

  it("names what of a match cannot be determined", async () => {
    const tunnel = "call: { method: CONNECT, host: 'a.example:443' }";
    const { unknowns } = await tell([ALLOW, "id: d, match: { hosts: [a.example], paths: [/b] }, then: deny"], { call: tunnel });
    expect(unknowns).toEqual([{ rule: "p/d", about: "the path", found: "cannot be determined", countsAs: true, in: "what restricts" }]);
  });
});
