import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type ChangesInput, planChanges } from "../../../src/authorize/plan-changes.ts";
import type { Finding, Place } from "../../../src/core/finding.ts";
import type { JsonPath, Obligation, RedactWith } from "../../../src/core/ruling.ts";
import { inspect } from "../../../src/detectors/inspect.ts";
import { createUnderstanding } from "../../../src/understanding/create-understanding.ts";
import { type CallText, FORM_TYPE, JSON_TYPE, makeCall } from "../understanding/make-call.ts";

const understand = createUnderstanding({
  catalogue: [],
  reads: [{ host: "*", body: true, detectors: ["pii.card", "pii.ssn"] }],
  namedHosts: new Set(),
});
const pseudonyms = { hmacHex: (text: string) => Buffer.from(text).toString("hex").padEnd(64, "0") };

/** Each of a rule of its own. */
const ruled = (obligations: readonly Obligation[]) => obligations.map((one, at) => ({ ...one, rule: `p/r${at}` }));

function plan(text: CallText, obligations: readonly Obligation[] = [], rest: Partial<ChangesInput> = {}) {
  const call = makeCall(text);
  const understood = understand(call);
  if (understood.kind === "refused") throw new Error(understood.detail);
  const { findings } = inspect(understood.passages, understood.detectors);
  return planChanges({
    call,
    intent: understood.intent,
    findings,
    findingsCut: false,
    obligations: ruled(obligations),
    sets: [],
    credentialHeaders: ["x-sluice-token", "x-agent-jwt"],
    pseudonyms,
    ...rest,
  });
}

/** Where nothing else asked for the body. */
function planUnread(text: CallText, obligations: readonly Obligation[]) {
  const call = makeCall(text);
  const understood = createUnderstanding({ catalogue: [], reads: [], namedHosts: new Set() })(call);
  if (understood.kind === "refused") throw new Error(understood.detail);
  const rest = { findings: [], findingsCut: false, sets: [], credentialHeaders: [], pseudonyms };
  return planChanges({ call, intent: understood.intent, obligations: ruled(obligations), ...rest });
}

const SSN = { kind: "redact_finding", finding: "pii.ssn", with: "remove", on: "default" } as const satisfies Obligation;
const CARD: Obligation = { kind: "redact_finding", finding: "pii.card", with: "mask", on: "default" };
const header = (name: string, how: RedactWith = "remove"): Obligation => ({ kind: "redact_header", name, with: how, on: "default" });
const query = (key: string, how: RedactWith = "remove"): Obligation => ({ kind: "redact_query", key, with: how });
const FORMLESS: Obligation = { kind: "redact_json", path: [{ kind: "member", name: "zz" }], with: "mask", on: "default" };
const at = (place: Place, kind = "pii.ssn"): Finding => ({ kind, place, start: 0, end: 11, confidence: 1 });

describe("what cannot be taken out", () => {
  const NOTE: Obligation = {
    kind: "redact_json",
    path: [{ kind: "member", name: "a" }, { kind: "elements" }],
    with: "mask",
    on: "default",
  };
  it.each<[string, CallText, readonly Obligation[], string, string]>([
    ["a finding in JSON", { method: "POST", headers: JSON_TYPE, body: '{"to":"123-45-6789"}' }, [CARD, SSN], "p/r1", "pii.ssn at json:/to"],
    ["a finding in the path", { target: "/123-45-6789" }, [SSN, CARD], "p/r0", "pii.ssn at path"],
    ["a place of the body", { method: "POST", headers: JSON_TYPE, body: '{"a":[1]}' }, [FORMLESS, NOTE], "p/r1", "json:$.a[*] in the body"],
    ["a header that frames", { headers: { te: "x" } }, [query("k"), header("te")], "p/r1", "header:te, which frames the message"],
    ["the response", {}, [query("k"), { ...SSN, on: "both" }], "p/r1", "find:pii.ssn in the response"],
  ])("is told with its rule: %s", (_, call, obligations, rule, what) => {
    expect(plan(call, obligations)).toMatchObject({ kind: "refused", rule, what });
  });

  it.each<[string, CallText]>([
    ["a path segment", { target: "/patients/123-45-6789" }],
    ["an encoded path segment", { target: "/patients/123%2D45%2d6789" }],
    ["a query key", { target: "/?123-45-6789=1" }],
    ["a tunnel", { method: "CONNECT", target: "", headers: { "x-note": "123-45-6789" } }],
    ["an upgrade's header", { headers: { upgrade: "websocket", "x-note": "123-45-6789" } }],
    ["an upgrade's query", { target: "/?a=123-45-6789", headers: { upgrade: "websocket" } }],
  ])("is refused: a finding in %s", (_, call) => {
    expect(plan(call, [SSN])).toMatchObject({ kind: "refused", code: "cannot_sanitize", rule: expect.stringMatching(/^p\/r/) });
  });

  it.each<[string, CallText]>([
    ["JSON", { method: "POST", headers: JSON_TYPE, body: '{"a":"123-45-6789"}' }],
    ["JSON escapes", { method: "POST", headers: JSON_TYPE, body: '{"a":"\\u003123-45-6789"}' }],
    ["a JSON key", { method: "POST", headers: JSON_TYPE, body: '{"123-45-6789":1}' }],
    ["a form", { method: "POST", headers: FORM_TYPE, body: "a=123%2D45%2D6789" }],
    ["text", { method: "POST", body: "123-45-6789" }],
    ["a body beside a header", { method: "POST", headers: { "x-note": "123-45-6789" }, body: "123-45-6789" }],
  ])("needs a sanitizer: a finding in %s", (_, call) => {
    expect(plan(call, [SSN])).toMatchObject({ kind: "refused", code: "sanitizer_not_declared", rule: expect.stringMatching(/^p\/r/) });
  });

  it("is refused where findings were cut", () => {
    expect(plan({}, [SSN], { findingsCut: true })).toMatchObject({
      kind: "refused",
      code: "cannot_sanitize",
      rule: expect.stringMatching(/^p\/r/),
    });
    expect(plan({ headers: { "x-a": "123-45-6789 ".repeat(64) } }, [SSN])).toMatchObject({
      kind: "refused",
      code: "cannot_sanitize",
      rule: expect.stringMatching(/^p\/r/),
    });
  });

  it.each(["host", "content-length", "Transfer-Encoding", "connection", "upgrade"])(
    "is refused: the header %s frames the message",
    (name) => {
      expect(plan({ headers: { [name.toLowerCase()]: "1" } }, [header(name)])).toMatchObject({
        kind: "refused",
        code: "cannot_sanitize",
        rule: expect.stringMatching(/^p\/r/),
      });
    },
  );
});

describe("what is always done", () => {
  it("takes credentials and override headers out, and names only what the configuration names", () => {
    const headers = {
      "x-sluice-token": "secret",
      "x-agent-jwt": "secret",
      "proxy-authorization": "secret",
      "x-sluice-decision": "allow",
      "x-sluice-123-45-6789": "1",
      "x-http-method-override": "DELETE",
      "x-method-override": "DELETE",
      "x-http-method": "DELETE",
      "x-original-url": "/admin",
      "x-rewrite-url": "/admin",
      "x-forwarded-host": "other.example",
      forwarded: "host=other.example",
      authorization: "Bearer upstream",
      "x-forwarded-for": "1.2.3.4",
    };
    expect(plan({ headers })).toEqual({
      kind: "plan",
      changes: { path: null, authority: null, set: [], remove: Object.keys(headers).slice(0, 12) },
      tookOut: false,
      done: [
        "remove_header:x-sluice-token",
        "remove_header:x-agent-jwt",
        "remove_header:proxy-authorization",
        "remove_header:x-sluice-*",
        "remove_header:x-http-method-override",
        "remove_header:x-method-override",
        "remove_header:x-http-method",
        "remove_header:x-original-url",
        "remove_header:x-rewrite-url",
        "remove_header:x-forwarded-host",
        "remove_header:forwarded",
      ],
    });
  });

  it("changes nothing of a canonical call", () => {
    expect(plan({ target: "/a?b=c" })).toEqual({
      kind: "plan",
      changes: { path: null, authority: null, set: [], remove: [] },
      tookOut: false,
      done: [],
    });
  });

  it("sends the canonical form where another was received", () => {
    expect(plan({ authority: "API.Example.com.:443", target: "/%61/caf%c3%a9?q=%7e" })).toEqual({
      kind: "plan",
      changes: { path: "/a/caf%C3%A9?q=%7e", authority: "api.example.com", set: [], remove: [] },
      tookOut: false,
      done: ["rewrite_path", "rewrite_authority"],
    });
  });

  it("never sets the path of a tunnel, and keeps its port", () => {
    expect(plan({ method: "CONNECT", authority: "Api.example.com:443", target: "" })).toMatchObject({
      changes: { path: null, authority: "api.example.com:443" },
    });
  });
});

describe("named redactions", () => {
  it("take out a header, and say so", () => {
    expect(plan({ headers: { "x-debug": "1", "x-keep": "2" } }, [header("X-Debug")])).toEqual({
      kind: "plan",
      changes: { path: null, authority: null, set: [], remove: ["x-debug"] },
      tookOut: true,
      done: ["redact_header:x-debug"],
    });
  });

  it.each([
    ["mask", "***"],
    ["hash", "6162630000000000"],
    ["label", "[redacted]"],
  ] as const)("replace a header's value by %s", (how, value) => {
    expect(plan({ headers: { "x-debug": "abc" } }, [header("x-debug", how)])).toMatchObject({
      changes: { set: [{ name: "x-debug", value }], remove: [] },
      tookOut: true,
    });
  });

  it("take nothing where there is nothing, nor what goes anyway", () => {
    expect(plan({ headers: { "x-sluice-token": "t" } }, [header("x-debug"), header("x-sluice-token"), query("email"), SSN])).toEqual({
      kind: "plan",
      changes: { path: null, authority: null, set: [], remove: ["x-sluice-token"] },
      tookOut: false,
      done: ["remove_header:x-sluice-token"],
    });
  });

  it.each([
    ["/a?email=x", "/a"],
    ["/a?b=1&email=x&c=%7e+%20", "/a?b=1&c=%7e+%20"],
    ["/a?e%6Dail=x&b", "/a?b"],
    ["/a?Email=x&email[]=y&email.z=1&b=", "/a?b="],
    ["/a?email=1&b&email=2", "/a?b"],
    ["/a?email", "/a"],
    ["/a?%65mail=%ff&b=%ff", "/a?b=%ff"],
  ])("take a query key and its value out of %s", (target, path) => {
    expect(plan({ target }, [query("email")])).toEqual({
      kind: "plan",
      changes: { path, authority: null, set: [], remove: [] },
      tookOut: true,
      done: ["redact_query:email"],
    });
  });

  it.each([
    ["mask", "/a?e%6Dail=%2A%2A%2A&b=1"],
    ["hash", "/a?e%6Dail=6120620000000000&b=1"],
    ["label", "/a?e%6Dail=%5Bredacted%5D&b=1"],
  ] as const)("replace a query value by %s and keep its key", (how, path) => {
    expect(plan({ target: "/a?e%6Dail=a+b&b=1" }, [query("email", how)])).toMatchObject({ changes: { path } });
  });

  it("follow the strictest of two rules", () => {
    for (const obligations of [
      [header("x-a", "mask"), header("X-A")],
      [header("X-A"), header("x-a", "label")],
    ]) {
      expect(plan({ headers: { "x-a": "1" } }, obligations)).toMatchObject({
        changes: { set: [], remove: ["x-a"] },
        done: ["redact_header:x-a"],
      });
    }
  });
});

describe("named removals", () => {
  const remove = (name: string): Obligation => ({ kind: "remove_header", name });

  it("take a header off, and sanitize nothing by that", () => {
    expect(plan({ headers: { "x-debug": "1", "x-keep": "2" } }, [remove("X-Debug"), remove("x-absent")])).toEqual({
      kind: "plan",
      changes: { path: null, authority: null, set: [], remove: ["x-debug"] },
      tookOut: false,
      done: ["remove_header:x-debug"],
    });
  });

  it("take more than a redaction of the same header, whichever rule came first", () => {
    for (const obligations of [
      [header("x-a", "mask"), remove("x-a")],
      [remove("x-a"), header("x-a", "mask")],
    ]) {
      expect(plan({ headers: { "x-a": "1" } }, obligations)).toMatchObject({
        changes: { set: [], remove: ["x-a"] },
        tookOut: true,
        done: ["redact_header:x-a", "remove_header:x-a"],
      });
    }
  });

  it("take nothing that goes anyway", () => {
    expect(plan({ headers: { "x-sluice-token": "t" } }, [remove("x-sluice-token")])).toMatchObject({
      changes: { remove: ["x-sluice-token"] },
      done: ["remove_header:x-sluice-token"],
    });
  });

  it.each(["host", "Connection"])("are refused where the header %s frames the message", (name) => {
    expect(plan({ headers: { [name.toLowerCase()]: "1" } }, [remove(name)])).toMatchObject({
      kind: "refused",
      code: "cannot_sanitize",
      rule: expect.stringMatching(/^p\/r/),
    });
  });
});

describe("set headers", () => {
  const sets = (...pairs: readonly (readonly [string, string])[]) => ({ sets: pairs.map(([name, value]) => ({ name, value })) });

  it("overwrite what the agent sent, and are named without their value", () => {
    expect(plan({ headers: { "x-team": "root", "x-keep": "1" } }, [], sets(["X-Team", "finance"], ["x-new", "1"]))).toEqual({
      kind: "plan",
      changes: {
        path: null,
        authority: null,
        set: [
          { name: "x-team", value: "finance" },
          { name: "x-new", value: "1" },
        ],
        remove: [],
      },
      tookOut: false,
      done: ["set_header:x-team", "set_header:x-new"],
    });
  });

  it.each<[string, readonly Obligation[], boolean]>([
    ["redaction", [header("x-team", "hash")], true],
    ["removal", [{ kind: "remove_header", name: "x-team" }], false],
    ["finding", [SSN], true],
  ])("stand where the agent's own value was taken out by a %s", (_, obligations, tookOut) => {
    const planned = plan({ headers: { "x-team": "123-45-6789" } }, obligations, sets(["x-team", "finance"]));
    expect(planned).toMatchObject({ changes: { set: [{ name: "x-team", value: "finance" }], remove: [] }, tookOut });
    expect(JSON.stringify(planned)).not.toContain("123-45-6789");
  });

  it.each(["proxy-authorization", "x-agent-jwt", "forwarded"])("replace what always goes, where a rule names it: %s", (name) => {
    expect(plan({ headers: { [name]: "the agent's" } }, [], sets([name, "the operator's"]))).toMatchObject({
      changes: { set: [{ name, value: "the operator's" }], remove: [] },
      done: [`remove_header:${name}`, `set_header:${name}`],
    });
  });

  it("leave no second spelling that some gateways take for the same", () => {
    expect(plan({ headers: { x_team: "root", "x-team": "root", xteam: "root" } }, [], sets(["x-team", "finance"]))).toMatchObject({
      changes: { set: [{ name: "x-team", value: "finance" }], remove: ["x_team"] },
      done: ["remove_header:x-team", "set_header:x-team"],
    });
    expect(plan({ headers: { x_a: "1", "x-a": "2" } }, [{ kind: "remove_header", name: "x-a" }])).toMatchObject({
      changes: { remove: ["x_a", "x-a"] },
      done: ["remove_header:x-a"],
    });
    expect(plan({ headers: { x_a: "1", "x-b": "2" } }, [header("x-a"), header("x_b", "mask")])).toMatchObject({
      changes: { set: [{ name: "x-b", value: "*" }], remove: ["x_a"] },
      tookOut: true,
      done: ["redact_header:x-a", "redact_header:x_b"],
    });
  });

  it("go where nothing is to be set: an empty value is none", () => {
    expect(plan({ headers: { "x-team": "root" } }, [], sets(["x-team", " "]))).toMatchObject({ changes: { set: [], remove: ["x-team"] } });
  });

  it("are a fault where two rules want different values, and one where they agree", () => {
    expect(() => plan({}, [], sets(["x-team", "a"], ["X-Team", "b"]))).toThrow("two rules set the header x-team to different values");
    expect(plan({}, [], sets(["x-team", "a"], ["X-Team", "a"]))).toMatchObject({
      changes: { set: [{ name: "x-team", value: "a" }] },
      done: ["set_header:x-team"],
    });
  });
});

describe("redactions of a body, which nobody can edit", () => {
  const FORM: Obligation = { kind: "redact_form", key: "ssn", with: "remove" };
  const member = (name: string) => ({ kind: "member", name }) as const;
  const ELEMENTS = { kind: "elements" } as const;
  const json = (...path: JsonPath): Obligation => ({ kind: "redact_json", path, with: "mask", on: "default" });
  const NOTES = json(member("metadata"), member("notes"));
  const formed = (body: string): CallText => ({ method: "POST", headers: FORM_TYPE, body });
  const jsoned = (body: string): CallText => ({ method: "POST", headers: JSON_TYPE, body });

  it.each<[string, CallText, Obligation]>([
    ["a form's key", formed("a=1&ssn=2"), FORM],
    ["a form's key without value", formed("ssn"), FORM],
    ["a form's encoded key", formed("%73sn=1"), FORM],
    ["a form's key encoded twice", formed("%2573sn=1"), FORM],
    ["a form's key in another case", formed("SSN=1"), FORM],
    ["a form's list", formed("ssn[]=1"), FORM],
    ["a form's key behind a semicolon", formed("a=1;ssn=2"), FORM],
    ["JSON where a form was thought of", jsoned('{"a":1}'), FORM],
    ["a member", jsoned('{"metadata":{"notes":"x"}}'), NOTES],
    ["a member that is null", jsoned('{"metadata":{"notes":null}}'), NOTES],
    ["a member in another case", jsoned('{"Metadata":{"NOTES":"x"}}'), NOTES],
    ["a member with escapes", jsoned('{"metadata":{"n\\u006ftes":"x"}}'), NOTES],
    ["a joined member", jsoned('{"metadata.notes":"x"}'), NOTES],
    ["a joined member with brackets", jsoned('{"metadata[notes]":"x"}'), NOTES],
    ["a member of an element", jsoned('{"b":[{"d":1},{"c":2}]}'), json(member("b"), ELEMENTS, member("c"))],
    ["a member of a list that is written as an object", jsoned('{"b":{"0":{"c":2}}}'), json(member("b"), ELEMENTS, member("c"))],
    ["a form where JSON was thought of", formed("a=1"), NOTES],
    ["text", { method: "POST", body: "notes" }, NOTES],
    ["a body that is no UTF-8", { ...jsoned(""), body: { kind: "full", bytes: Buffer.from([0x22, 0xff, 0x22]) } }, NOTES],
    ["a compressed body", { ...jsoned("{}"), headers: { ...JSON_TYPE, "content-encoding": "gzip" } }, NOTES],
    ["a key twice", jsoned('{"a":1,"a":2}'), NOTES],
  ])("need a sanitizer: %s", (_, call, obligation) => {
    expect(planUnread(call, [obligation])).toMatchObject({
      kind: "refused",
      code: "sanitizer_not_declared",
      rule: expect.stringMatching(/^p\/r/),
    });
  });

  it.each(["unseen", "partial"] as const)("need a sanitizer: a body that is %s", (kind) => {
    const body = kind === "partial" ? ({ kind, bytes: Buffer.from("{") } as const) : ({ kind } as const);
    expect(planUnread({ ...jsoned(""), body }, [NOTES])).toMatchObject({
      kind: "refused",
      code: "sanitizer_not_declared",
      rule: expect.stringMatching(/^p\/r/),
    });
  });

  it.each<[string, CallText, Obligation]>([
    ["no body", { method: "POST" }, FORM],
    ["a body of no bytes", formed(""), FORM],
    ["another form", formed("a=1&ss=n"), FORM],
    ["no body for JSON", { method: "POST" }, NOTES],
    ["other members", jsoned('{"metadata":{"note":"x"},"notes":"x"}'), NOTES],
    ["another kind of value", jsoned('{"metadata":"notes"}'), NOTES],
    ["a list where an object was thought of", jsoned('{"metadata":[{"notes":"x"}]}'), NOTES],
    ["an empty list", jsoned('{"b":[]}'), json(member("b"), ELEMENTS, member("c"))],
  ])("need nothing where their place is not there: %s", (_, call, obligation) => {
    expect(planUnread(call, [obligation])).toMatchObject({ kind: "plan", tookOut: false, done: [] });
  });

  it.each<[string, CallText]>([
    ["a tunnel", { method: "CONNECT", target: "" }],
    ["an upgrade", { headers: { upgrade: "websocket" } }],
    ["a stream", { method: "POST", headers: { "content-type": "application/grpc" } }],
  ])("are refused in what is never seen: %s", (_, call) => {
    expect(planUnread(call, [NOTES])).toMatchObject({ kind: "refused", code: "cannot_sanitize", rule: expect.stringMatching(/^p\/r/) });
  });

  it.each<Obligation>([
    { ...SSN, on: "response" },
    { ...SSN, on: "both" },
    { kind: "redact_header", name: "x-debug", with: "mask", on: "both" },
    { kind: "redact_json", path: [member("a")], with: "mask", on: "response" },
  ])("need a sanitizer on responses, whatever the request holds: $kind on $on", (obligation) => {
    expect(plan({}, [header("x-a"), obligation])).toMatchObject({
      kind: "refused",
      code: "sanitizer_not_declared",
      rule: expect.stringMatching(/^p\/r/),
    });
  });

  it("are only of the request where a rule says so", () => {
    expect(
      plan({ headers: { "x-debug": "1" } }, [{ kind: "redact_header", name: "x-debug", with: "remove", on: "request" }]),
    ).toMatchObject({
      kind: "plan",
      tookOut: true,
    });
  });
});

describe("redacted findings", () => {
  it("go out of headers and query, and leave the rest", () => {
    expect(plan({ target: "/a?q=is+123-45-6789%21&k=%7e", headers: { "x-note": "is 123-45-6789!" } }, [{ ...SSN, with: "label" }])).toEqual(
      {
        kind: "plan",
        changes: {
          path: "/a?q=is%20%5Bpii.ssn%5D%21&k=%7e",
          authority: null,
          set: [{ name: "x-note", value: "is [pii.ssn]!" }],
          remove: [],
        },
        tookOut: true,
        done: ["redact_finding:pii.ssn"],
      },
    );
  });

  it("take the header with them where nothing is left", () => {
    expect(plan({ headers: { "x-note": " 123-45-6789 " } }, [SSN])).toMatchObject({
      changes: { set: [], remove: ["x-note"] },
      tookOut: true,
    });
  });

  it("take the header with them where the rest cannot be written back", () => {
    expect(plan({ headers: { "x-note": "\ufffd 123-45-6789" } }, [SSN])).toMatchObject({ changes: { set: [], remove: ["x-note"] } });
  });

  it("go out of each repeated key, and of encoded values", () => {
    expect(plan({ target: "/?ssn=123456789&q=a&q=%31%32%33-45-6789" }, [SSN])).toMatchObject({
      changes: { path: "/?ssn=&q=a&q=" },
      tookOut: true,
    });
  });

  it("go out beside another kind in the same value", () => {
    expect(plan({ headers: { "x-note": "4111 1111 1111 1111 and 123-45-6789" } }, [SSN, CARD])).toMatchObject({
      changes: { set: [{ name: "x-note", value: "***************1111 and " }] },
      done: ["redact_finding:pii.ssn", "redact_finding:pii.card"],
    });
  });

  it("need no second look where their whole value went", () => {
    expect(plan({ target: "/?q=123-45-6789", headers: { "x-note": "123-45-6789" } }, [SSN, header("x-note"), query("q")])).toMatchObject({
      changes: { path: "/", set: [], remove: ["x-note"] },
      done: ["redact_header:x-note", "redact_query:q"],
    });
  });

  it("take the whole value where the detector cannot see them again", () => {
    const findings = [at({ kind: "header", name: "x-note" }, "pii.other"), at({ kind: "query", key: "q" }, "pii.other")];
    expect(
      plan(
        { target: "/?q=abc&r=1", headers: { "x-note": "abc" } },
        [{ kind: "redact_finding", finding: "pii.other", with: "label", on: "default" }],
        {
          findings,
        },
      ),
    ).toMatchObject({
      changes: { path: "/?q=%5Bpii.other%5D&r=1", set: [{ name: "x-note", value: "[pii.other]" }] },
    });
  });

  it("stay where no rule asks for them", () => {
    expect(plan({ target: "/123-45-6789" })).toMatchObject({ kind: "plan", tookOut: false });
    expect(plan({ target: "/123-45-6789" }, [CARD])).toMatchObject({ kind: "plan", tookOut: false });
  });

  it("are gone from what is sent, whatever stands around them", () => {
    const around = fc.string({ unit: fc.constantFrom(..."ab,; &=%+#/?\u00e9".split("")), maxLength: 8 });
    const how = fc.constantFrom<RedactWith>("remove", "mask", "hash", "label");
    fc.assert(
      fc.property(around, around, around, how, (key, before, after, redact) => {
        const value = `${before} 123-45-6789 ${after}`;
        const planned = plan({ target: `/?${encodeURIComponent(`k${key}`)}=${encodeURIComponent(value)}&z=%7e` }, [
          { ...SSN, with: redact },
        ]);
        if (planned.kind === "refused") throw new Error("refused");
        expect(planned.tookOut).toBe(true);
        const path = planned.changes.path ?? "";
        expect(path).toMatch(/^\/[!-~]*$/);
        expect(path).toMatch(/&z=%7e$/);
        const read = new URL(`https://a.example${path}`).searchParams;
        expect([...read.keys()]).toEqual([`k${key}`, "z"]);
        expect(read.get(`k${key}`)).not.toContain("123-45-6789");
        expect(read.get(`k${key}`)?.startsWith(before)).toBe(true);
      }),
    );
  });
});
