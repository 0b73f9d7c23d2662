import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Call } from "../../../src/core/call.ts";
import type { Intent } from "../../../src/core/intent.ts";
import { createUnderstanding, type Understood } from "../../../src/understanding/create-understanding.ts";
import { entry, keyed, policy } from "./catalogue.ts";
import { type CallText, FORM_TYPE, JSON_TYPE, makeCall } from "./make-call.ts";

const understand = createUnderstanding(policy());

const payment = (body: CallText["body"], rest: CallText = {}) =>
  makeCall({
    method: "POST",
    authority: "api.pay.example",
    target: "/v1/payments",
    headers: FORM_TYPE,
    ...rest,
    ...(body === undefined ? {} : { body }),
  });
const transfer = (body: unknown, rest: CallText = {}) =>
  makeCall({
    method: "POST",
    authority: "api.pay.example",
    target: "/v1/transfers",
    headers: JSON_TYPE,
    body: typeof body === "string" ? body : JSON.stringify(body),
    ...rest,
  });
const show = (rest: CallText = {}) => makeCall({ authority: "api.pay.example", target: "/v1/payments/pay_1", ...rest });
const note = (rest: CallText = {}) => makeCall({ method: "POST", authority: "api.pay.example", target: "/v1/notes/n1", ...rest });

function refusalOf(call: Call): string {
  const found = understand(call);
  return found.kind === "refused" ? found.code : found.kind;
}

function intentOf(call: Call, by = understand): Intent {
  return understoodOf(call, by).intent;
}

function understoodOf(call: Call, by = understand): Understood {
  const found = by(call);
  if (found.kind !== "understood") throw new Error(`not understood: ${JSON.stringify(found)}`);
  return found;
}

const FORM = "amount=4000&currency=usd&destination=acct_1";
const JSON_BODY = { payment: { amount: 40, currency: "usd" }, to: "acct_1" };

describe("what cannot be judged", () => {
  it.each([
    "x-envoy-retry-on",
    "x-envoy-retry-grpc-on",
    "x-envoy-max-retries",
    "x-envoy-retriable-status-codes",
    "x-envoy-retriable-header-names",
    "x-envoy-hedge-on-per-try-timeout",
    "x-envoy-upstream-rq-timeout-ms",
    "x-envoy-upstream-rq-per-try-timeout-ms",
    "x-envoy-upstream-rq-timeout-alt-response",
    "x-envoy-expected-rq-timeout-ms",
    "x-envoy-upstream-stream-duration-ms",
  ])("refuses a call with %s", (name) => {
    expect(refusalOf(payment(FORM, { headers: { ...FORM_TYPE, [name]: "1" } }))).toBe("header_forbidden");
  });

  it("accepts Envoy's own headers that change nothing", () => {
    expect(refusalOf(show({ headers: { "x-envoy-external-address": "1.2.3.4", "x-envoy-attempt-count": "1" } }))).toBe("understood");
  });

  it.each(["post", "Post", "", "GET ", "G\u0130T", "A".repeat(40)])("refuses the method %j", (method) => {
    expect(refusalOf(makeCall({ method, authority: "api.pay.example" }))).toBe("request_invalid");
  });

  it.each([
    "10.0.0.1",
    "169.254.169.254",
    "2130706433",
    "0x7f.1",
    "017700000001",
    "[::1]",
    "[::ffff:10.0.0.1]",
    "[64:ff9b::a00:1]",
    "8.8.8.8",
    "db",
    "localhost",
    "x.internal",
    "api.pay.example.local",
  ])("refuses the private destination %s", (authority) => {
    expect(refusalOf(makeCall({ authority }))).toBe("destination_private");
  });

  it("opens a private destination that is named exactly, on that port alone", () => {
    const named = createUnderstanding(policy({ namedHosts: new Set(["db.internal", "127.0.0.1:8080"]) }));
    expect(named(makeCall({ authority: "db.internal" })).kind).toBe("understood");
    expect(named(makeCall({ authority: "DB.internal:443" })).kind).toBe("understood");
    expect(named(makeCall({ authority: "0x7f.1:8080" })).kind).toBe("understood");
    for (const authority of ["db.internal:8443", "x.db.internal", "127.0.0.1", "127.0.0.2:8080"]) {
      expect(named(makeCall({ authority }))).toMatchObject({ kind: "refused", code: "destination_private" });
    }
  });
});

describe("paths and tools by another name", () => {
  it.each([
    "/v1/payments/",
    "/V1/payments",
    "/v1/Payments",
    "/v1/payments.json",
    "/v1/payments.xml",
    "/v1/payments.",
    "/v1/payments%20",
    "/v1/payments;x=1",
    "/v1;x/payments",
    "/v1/payments%3Bx",
    "/v1/%EF%BD%90ayments",
    "/v1/payments/MINE",
    "/v1/payments/mine.html",
    "/FILES/x",
    "/files/x;y",
  ])("refuses %s", (target) => {
    expect(refusalOf(payment(FORM, { target }))).toBe("path_ambiguous");
    expect(refusalOf(makeCall({ authority: "api.pay.example", target }))).toBe("path_ambiguous");
  });

  it.each(["/v1/batch", "/v2/payments", "/v1", "/v1/payments/pay_1/refund", "/payments"])("has an unknown tool at %s", (target) => {
    expect(intentOf(makeCall({ authority: "api.pay.example", target })).tool).toEqual({ kind: "unknown" });
  });

  it.each([
    ["DELETE", "/v1/payments"],
    ["HEAD", "/v1/payments/pay_1"],
    ["POST", "/v1/payments/pay_1"],
  ])("has an unknown tool for %s %s", (method, target) => {
    expect(intentOf(makeCall({ method, authority: "api.pay.example", target })).tool).toEqual({ kind: "unknown" });
  });

  it.each([
    ["GET", "/v1/payments/mine", "pay.mine", {}],
    ["GET", "/v1/payments/pay_1", "pay.show", { id: "pay_1" }],
    ["GET", "/v1/payments/a%40b%2ejson", "pay.show", { id: "a@b.json" }],
    ["GET", "/files", "files.any", {}],
    ["GET", "/files/", "files.any", {}],
    ["GET", "/files/a/b.json", "files.any", {}],
    ["GET", "/", "root", {}],
    ["GET", "/docs", "docs.all", {}],
    ["GET", "/docs/a", "docs.below", {}],
    ["GET", "/docs/a/b", "docs.below", {}],
  ])("knows %s %s as %s", (method, target, name, bindings) => {
    const { tool, bindings: found } = intentOf(makeCall({ method, authority: "api.pay.example", target }));
    expect({ tool, bindings: found }).toEqual({ tool: { kind: "known", name }, bindings });
  });

  it("has no tool on a host without catalogue entries, and lets such hosts have any path that is canonical", () => {
    expect(intentOf(makeCall({ target: "/V1/Payments.json;x/" })).tool).toEqual({ kind: "none" });
  });

  it("does not let another port of the same service slip out of the catalogue", () => {
    expect(intentOf(show({ authority: "api.pay.example:80" })).tool).toEqual({ kind: "unknown" });
    expect(intentOf(show({ scheme: "http", authority: "api.pay.example:443" })).tool).toEqual({ kind: "unknown" });
    expect(refusalOf(show({ authority: "api.pay.example:80", target: "/v1/payments;x" }))).toBe("path_ambiguous");
    expect(intentOf(show({ authority: "api.pay.example:9000" })).tool).toEqual({ kind: "none" });
  });

  it("prefers the most literal of two entries, whatever their order", () => {
    const entries = [
      entry("loose", { at: "/a/**" }),
      entry("bound", { at: "/a/:x" }),
      entry("exact", { at: "/a/b" }),
      entry("early", { at: "/a/:x/c" }),
      entry("late", { at: "/:x/b/c" }),
    ];
    for (const catalogue of [entries, entries.toReversed()]) {
      const by = createUnderstanding(policy({ catalogue }));
      const toolAt = (target: string) => intentOf(makeCall({ method: "POST", authority: "api.pay.example", target }), by).tool;
      expect(toolAt("/a/b")).toEqual({ kind: "known", name: "exact" });
      expect(toolAt("/a/c")).toEqual({ kind: "known", name: "bound" });
      expect(toolAt("/a/b/c")).toEqual({ kind: "known", name: "early" });
      expect(toolAt("/a/b/d")).toEqual({ kind: "known", name: "loose" });
    }
  });
});

describe("unreadable is not absent", () => {
  it.each([
    ["gzip", { ...FORM_TYPE, "content-encoding": "gzip" }],
    ["a list of encodings", { ...FORM_TYPE, "content-encoding": "identity, gzip" }],
    ["no type", {}],
    ["JSON", JSON_TYPE],
    ["multipart", { "content-type": "multipart/form-data; boundary=x" }],
    ["text", { "content-type": "text/plain" }],
    ["another charset", { "content-type": "application/x-www-form-urlencoded; charset=utf-16" }],
    ["another charset in quotes", { "content-type": 'application/x-www-form-urlencoded; charset="utf-7"' }],
    ["two types", { "content-type": "application/x-www-form-urlencoded, application/json" }],
    ["a suffix", { "content-type": "application/x-www-form-urlencoded+x" }],
  ])("refuses a form sent as %s", (_, headers) => {
    expect(refusalOf(payment(FORM, { headers }))).toBe("body_unreadable");
  });

  it.each(["amount=%zz", "amount=%ff", "amount=4 000", "amount=4\u00e9", "\ufeffamount=1", "amount=1\n"])("refuses the form %j", (body) => {
    expect(refusalOf(payment(body))).toBe("body_unreadable");
  });

  it.each([
    "application/json",
    "application/json; charset=utf-8",
    "application/json;charset=UTF-8",
    'application/json; charset="utf8"',
    "APPLICATION/JSON",
    "application/vnd.pay.v1+json",
    "application/json; profile=x",
  ])("reads JSON sent as %s", (type) => {
    expect(intentOf(transfer(JSON_BODY, { headers: { "content-type": type, "content-encoding": "identity" } })).args).toEqual({
      amount: 40,
      currency: "usd",
      to: "acct_1",
    });
  });

  it.each(["text/json", "text/plain", "application/jsonp", "application/x-ndjson", "application/+json"])(
    "refuses JSON sent as %s",
    (type) => {
      expect(refusalOf(transfer(JSON_BODY, { headers: { "content-type": type } }))).toBe("body_unreadable");
    },
  );

  it("refuses bytes that are no UTF-8", () => {
    expect(refusalOf(transfer("", { body: { kind: "full", bytes: Buffer.from('{"to":"\xff"}', "latin1") } }))).toBe("body_unreadable");
    expect(refusalOf(transfer("", { body: { kind: "full", bytes: Buffer.from('{"to":1}', "utf16le") } }))).toBe("body_unreadable");
  });

  it.each([[{ kind: "none" }], [{ kind: "full", bytes: new Uint8Array() }]] as const)(
    "refuses a tool without its declared body: %j",
    (body) => {
      expect(refusalOf(payment(body))).toBe("body_unreadable");
      expect(refusalOf(transfer("", { body }))).toBe("body_unreadable");
    },
  );

  it.each([[{ kind: "unseen" }], [{ kind: "partial", bytes: Buffer.from(FORM) }]] as const)(
    "refuses a body that was not fully seen: %j",
    (body) => {
      expect(refusalOf(payment(body))).toBe("body_partial");
      expect(refusalOf(show({ body }))).toBe("body_partial");
      const reading = createUnderstanding(policy({ reads: [{ host: "api.example.com", body: true, detectors: [] }] }));
      expect(reading(makeCall({ body }))).toMatchObject({ kind: "refused", code: "body_partial" });
      const detecting = createUnderstanding(policy({ reads: [{ host: ".example.com", body: false, detectors: ["pii.ssn"] }] }));
      expect(detecting(makeCall({ body }))).toMatchObject({ kind: "refused", code: "body_partial" });
    },
  );

  it("refuses a body that is too large to be read", () => {
    expect(refusalOf(payment({ kind: "full", bytes: new Uint8Array(1_048_577) }))).toBe("body_partial");
  });

  it("does not look at bodies that nobody reads", () => {
    expect(refusalOf(makeCall({ method: "POST", headers: { "content-encoding": "gzip" }, body: { kind: "unseen" } }))).toBe("understood");
    expect(refusalOf(makeCall({ authority: "api.pay.example", target: "/v1/payments/mine", body: { kind: "unseen" } }))).toBe("understood");
  });

  it("refuses a body of a tool that declares none when its names cannot be looked for", () => {
    expect(refusalOf(show({ body: "limit=9", headers: { "content-type": "multipart/form-data; boundary=x" } }))).toBe("body_unreadable");
    expect(refusalOf(show({ body: '{"other":1}', headers: JSON_TYPE }))).toBe("understood");
  });
});

describe("duplicates", () => {
  it.each([
    "amount=1&amount=9000000",
    "amount=1&%61mount=9",
    "amount=1&Amount=9",
    "amount=1&amount[]=9",
    "amount=1&amount[0]=9",
    "amount=1&amount.x=9",
    "amount=1&+amount=9",
    "amount=1&amount%00=9",
    "amount=1&amo%C5%B1nt=2&AMOUNT=9",
    "amount=1&x;amount=9",
    "amount=1;x",
    "amount=1&to=2&DESTINATION=3&destination=4",
    "Amount=9",
    "amount[]=9",
    "am%256funt=1&amount=2",
    "amount=1&%EF%BD%81mount=2",
  ])("refuses the form %s", (body) => {
    expect(refusalOf(payment(body))).toBe("args_invalid");
  });

  it.each([
    "/v1/payments?amount=1",
    "/v1/payments?Amount=1",
    "/v1/payments?a%6Dount=1",
    "/v1/payments?amount[]=1",
    "/v1/payments?x=1&destination=2",
    "/v1/payments?a;b",
    "/v1/payments?%ff=1",
  ])("refuses a name of the body in the query: %s", (target) => {
    expect(refusalOf(payment(FORM, { target }))).toBe("args_invalid");
  });

  it.each([
    '{"to":"a","to":"b"}',
    '{"to":"a","To":"b"}',
    '{"to":"a","\\u0074o":"b"}',
    '{"to":"a","t_o":"b"}',
    '{"to":"a","to[]":["b"]}',
    '{"to":"a","to.x":"b"}',
    '{"payment":{"amount":1,"Amount":9000000}}',
    '{"payment":{"amount":1,"amount":9000000}}',
    '{"payment":{"amount":1,"amount[]":9}}',
    '{"payment":{"amount":1},"Payment":{"amount":9}}',
    '{"payment":{"amount":1},"payment.amount":9}',
    '{"payment":{"amount":1},"payment[amount]":9}',
    '{"payment":{"amount":1},"payment":{"amount":9}}',
    '{"payment":{"Amount":1}}',
    '{"dry_run":true}',
    '{"dryRun":true}',
    '{"other":{"x":1,"x":2}}',
  ])("refuses the JSON %s", (body) => {
    expect(refusalOf(transfer(body))).toBe("args_invalid");
  });

  it.each([
    "/v1/transfers?to=x",
    "/v1/transfers?payment[amount]=1",
    "/v1/transfers?payment.amount=1",
    "/v1/transfers?payment=1",
    "/v1/transfers?dry_run=1&dry_run=1",
    "/v1/transfers?dry_run=1&Dry-Run=1",
    "/v1/transfers?dry_run[]=1",
  ])("refuses the query %s", (target) => {
    expect(refusalOf(transfer(JSON_BODY, { target }))).toBe("args_invalid");
  });

  it.each(["limit=1&limit=2", "limit=1&LIMIT=2", "id=other", "limit=%ff"])(
    "refuses the query %s beside path and query arguments",
    (query) => {
      expect(refusalOf(show({ target: `/v1/payments/pay_1?${query}` }))).toBe("args_invalid");
    },
  );

  it("refuses a query argument's name in a body that is not declared", () => {
    expect(refusalOf(show({ body: "limit=9", headers: FORM_TYPE }))).toBe("args_invalid");
    expect(refusalOf(show({ body: '{"limit":9}', headers: JSON_TYPE }))).toBe("args_invalid");
    expect(refusalOf(show({ body: '{"limit":9}', headers: { "content-type": "text/plain" } }))).toBe("args_invalid");
  });

  it.each([
    { headers: { "x-note": "a,b" } },
    { headers: { "x-note": "a" }, repeated: ["x-note"] },
    { headers: { "x-note": "a", x_note: "b" } },
    { target: "/v1/notes/n1?x-note=a" },
  ])("refuses an argument's header twice: %j", (rest) => {
    expect(refusalOf(note(rest))).toBe("args_invalid");
  });

  it("accepts names that only look alike, and siblings of a nested one", () => {
    expect(intentOf(payment("amount=4000&currency=usd&amounts=9&metadata[amount]=3&description=x%3Bamount")).args).toEqual({
      amount: 4000,
      currency: "usd",
    });
    expect(intentOf(transfer({ payment: { amount: 40, currency: "usd", note: { amount: 2 } }, metadata: { to: "x" } })).args).toEqual({
      amount: 40,
      currency: "usd",
    });
  });

  it("never passes a second occurrence, wherever and however it stands", () => {
    const names = ["amount", "currency", "destination"];
    const respell = fc.constantFrom<(name: string) => string>(
      (name) => name,
      (name) => name.toUpperCase(),
      (name) => `${name}[]`,
      (name) => `${name}.x`,
      (name) => `%${name.charCodeAt(0).toString(16)}${name.slice(1)}`,
      (name) => `+${name}`,
      (name) => `${name.slice(0, 3)}_${name.slice(3)}`,
    );
    fc.assert(
      fc.property(fc.constantFrom(...names), respell, fc.constantFrom("form", "query"), fc.nat({ max: 3 }), (name, spell, place, at) => {
        const second = `${spell(name)}=1`;
        const pairs = FORM.split("&");
        if (place === "form") pairs.splice(at, 0, second);
        const target = place === "query" ? `/v1/payments?${second}` : "/v1/payments";
        expect(refusalOf(payment(pairs.join("&"), { target }))).toBe("args_invalid");
      }),
    );
  });
});

describe("arguments", () => {
  it("are converted as the catalogue says, and keep a text that is no number", () => {
    const by = createUnderstanding(
      policy({
        catalogue: [
          entry("t", {
            at: "/t",
            method: "GET",
            args: ["a", "b", "c", "d", "e", "f"].map((key, at) => keyed(key, "query", key, at < 3 ? "integer" : "number")),
          }),
        ],
      }),
    );
    expect(
      intentOf(makeCall({ authority: "api.pay.example", target: "/t?a=-5&b=1.5&c=007&d=1.50&e=1e3&f=9007199254740993" }), by).args,
    ).toEqual({
      a: -5,
      b: "1.5",
      c: "007",
      d: 1.5,
      e: "1e3",
      f: "9007199254740993",
    });
  });

  it("come from path and header too", () => {
    expect(intentOf(note({ headers: { "x-note": "hello" } })).args).toEqual({ note: "hello", id: "n1" });
    expect(intentOf(show({ target: "/v1/payments/p%41y%20x?limit=10" })).args).toEqual({ id: "pAy x", limit: 10 });
  });

  it("are absent, not null, where the call has none", () => {
    expect(intentOf(transfer({ to: null })).args).toEqual({ to: null });
    expect(intentOf(transfer("[1]")).args).toEqual({});
    expect(intentOf(transfer({ payment: [1] })).args).toEqual({});
    expect(intentOf(transfer({ payment: "x" })).args).toEqual({});
  });

  it("cannot be reached through a prototype", () => {
    expect(Object.keys(intentOf(transfer('{"__proto__":{"to":"x"}}')).args)).toEqual([]);
  });
});

describe("money", () => {
  it.each([
    ["amount=4000&currency=usd", 40_000_000],
    ["amount=4000&currency=USD", 40_000_000],
    ["amount=0&currency=eur", 0],
    ["amount=4000&currency=jpy", 4_000_000_000],
    ["amount=4000&currency=kwd", 4_000_000],
  ])("reads %s in minor units", (body, micros) => {
    const { amount, amountExpected } = intentOf(payment(body));
    expect({ micros: amount?.micros, amountExpected }).toEqual({ micros, amountExpected: true });
  });

  it.each([
    "amount=-1&currency=usd",
    "amount=1e9&currency=usd",
    "amount=40.5&currency=usd",
    "amount=&currency=usd",
    "amount=NaN&currency=usd",
    "amount=Infinity&currency=usd",
    "amount=%2B5&currency=usd",
    "amount=0x10&currency=usd",
    "amount=1,000&currency=usd",
    "amount=99999999999999999999&currency=usd",
    "amount=9007199254740991&currency=usd",
    "amount=05&currency=usd",
    "currency=usd",
    "amount=4000",
    "amount=4000&currency=",
    "amount=4000&currency=dollars",
    "amount=4000&currency=zzz",
    "amount=4000&currency=xdr",
  ])("knows no amount in %s, and expects one", (body) => {
    const { amount, amountExpected } = intentOf(payment(body));
    expect({ amount, amountExpected }).toEqual({ amount: null, amountExpected: true });
  });

  it.each([
    ["40", 40_000_000],
    ["40.5", 40_500_000],
    ["40.0", 40_000_000],
    ["0.000001", 1],
  ])("reads the JSON number %s", (text, micros) => {
    // An integer argument takes whole numbers alone.
    const expected = Number.isInteger(Number(text)) ? micros : undefined;
    expect(intentOf(transfer(`{"payment":{"amount":${text},"currency":"usd"}}`)).amount?.micros).toBe(expected);
  });

  it.each(["-1", "-0", "1e3", '"40"', "null", "[40]", "true", "9007199254740993", "99999999999999999999"])(
    "knows no amount in the JSON value %s",
    (text) => {
      const { amount, amountExpected } = intentOf(transfer(`{"payment":{"amount":${text},"currency":"usd"}}`));
      expect({ amount, amountExpected }).toEqual({ amount: null, amountExpected: true });
    },
  );

  it("is not expected where the catalogue names none", () => {
    expect(intentOf(show())).toMatchObject({ amount: null, amountExpected: false });
  });
});

describe("opaque protocols", () => {
  const possible = [
    "docs.all",
    "docs.below",
    "files.any",
    "pay.annotate",
    "pay.create",
    "pay.mine",
    "pay.show",
    "pay.transfer",
    "root",
    "unknown",
  ];

  it("hide the tool, the arguments and the money of a catalogued host", () => {
    const calls = [
      makeCall({ method: "CONNECT", authority: "api.pay.example:443", target: "" }),
      makeCall({ method: "CONNECT", authority: "api.pay.example:80", target: "" }),
      payment(FORM, { headers: { ...FORM_TYPE, upgrade: "websocket", connection: "Upgrade" } }),
      payment(FORM, { method: "CONNECT" }),
      payment(FORM, { headers: { "content-type": "application/grpc+proto" } }),
      payment({ kind: "unseen" }, { headers: { "content-type": "application/grpc-web-text" } }),
    ];
    expect(calls.map((call) => intentOf(call).protocol)).toEqual(["tunnel", "tunnel", "upgrade", "upgrade", "stream", "stream"]);
    for (const call of calls) {
      expect(intentOf(call)).toMatchObject({ tool: { kind: "undetermined", possible }, args: {}, amount: null, amountExpected: true });
    }
  });

  it("have no tool on another host", () => {
    expect(intentOf(makeCall({ method: "CONNECT", authority: "other.example:443", target: "" }))).toMatchObject({
      protocol: "tunnel",
      tool: { kind: "none" },
    });
  });

  it("keep the path rules where there is a path", () => {
    expect(refusalOf(makeCall({ authority: "api.pay.example", target: "/v1/Payments", headers: { upgrade: "websocket" } }))).toBe(
      "path_ambiguous",
    );
    expect(refusalOf(makeCall({ method: "CONNECT", authority: "a.example", target: "a.example:443" }))).toBe("path_ambiguous");
  });

  it("say that detectors could not see everything", () => {
    const by = createUnderstanding(policy({ reads: [{ host: "*", body: true, detectors: ["pii.ssn"] }] }));
    expect(understoodOf(makeCall({ method: "CONNECT", authority: "a.example:443", target: "" }), by).passagesCut).toBe(true);
    expect(understoodOf(makeCall({ headers: { upgrade: "x" } }), by).passagesCut).toBe(true);
    expect(understoodOf(makeCall(), by).passagesCut).toBe(false);
    expect(understoodOf(makeCall({ headers: { upgrade: "x" } })).passagesCut).toBe(false);
  });
});

describe("passages", () => {
  const by = createUnderstanding(
    policy({
      reads: [
        { host: ".example.com", body: false, detectors: ["pii.ssn"] },
        { host: "api.example.com", body: true, detectors: ["pii.card", "pii.ssn"] },
      ],
    }),
  );

  it("are not collected where no detector is asked for", () => {
    expect(understoodOf(makeCall({ authority: "other.example" }), by)).toMatchObject({ passages: [], detectors: [] });
  });

  it("join the detectors of every pattern that covers the host, on any port", () => {
    expect(understoodOf(makeCall(), by).detectors).toEqual(["pii.card", "pii.ssn"]);
    expect(understoodOf(makeCall({ authority: "api.example.com:8443" }), by).detectors).toEqual(["pii.card", "pii.ssn"]);
    expect(understoodOf(makeCall({ authority: "a.b.example.com" }), by).detectors).toEqual(["pii.ssn"]);
    expect(understoodOf(makeCall({ authority: "example.com" }), by).detectors).toEqual([]);
  });

  it("are the decoded text of path, query, headers and body", () => {
    const call = makeCall({
      method: "POST",
      target: "/p%C3%A9/1?s%73n=1%2D2&flag",
      headers: { ...JSON_TYPE, "x-note": "n", "x-sluice-token": "secret", "proxy-authorization": "secret", "content-length": "1" },
      body: '{"a/b":["x",7,true,null],"c":"\\u0031"}',
    });
    expect(understoodOf(call, by).passages).toEqual([
      { place: { kind: "path" }, text: "p\u00e9/1" },
      { place: { kind: "path" }, text: "ssn" },
      { place: { kind: "query", key: "ssn" }, text: "1-2" },
      { place: { kind: "path" }, text: "flag" },
      { place: { kind: "header", name: "content-type" }, text: "application/json" },
      { place: { kind: "header", name: "x-note" }, text: "n" },
      { place: { kind: "json", pointer: "" }, text: "a/b" },
      { place: { kind: "json", pointer: "/a~1b/0" }, text: "x" },
      { place: { kind: "json", pointer: "/a~1b/1" }, text: "7" },
      { place: { kind: "json", pointer: "" }, text: "c" },
      { place: { kind: "json", pointer: "/c" }, text: "1" },
    ]);
  });

  it.each([
    [
      FORM_TYPE,
      "a=b%2Dc",
      [
        { place: { kind: "form", key: "" }, text: "a" },
        { place: { kind: "form", key: "a" }, text: "b-c" },
      ],
    ],
    [{ "content-type": "text/plain" }, "plain", [{ place: { kind: "text" }, text: "plain" }]],
    [{}, "plain", [{ place: { kind: "text" }, text: "plain" }]],
    [{}, "{no json", [{ place: { kind: "text" }, text: "{no json" }]],
    [{ "content-type": "text/plain" }, '["\\u0031"]', [{ place: { kind: "json", pointer: "/0" }, text: "1" }]],
  ])("take a body of type %j as it is", (headers, body, expected) => {
    const { passages } = understoodOf(makeCall({ method: "POST", headers, body }), by);
    expect(passages.filter(({ place }) => place.kind !== "header" && place.kind !== "path")).toEqual(expected);
  });

  it("refuse a body that cannot be looked at", () => {
    expect(by(makeCall({ method: "POST", headers: { "content-encoding": "br" }, body: "x" }))).toMatchObject({ code: "body_unreadable" });
    expect(by(makeCall({ method: "POST", headers: { "content-type": "text/plain,application/json" }, body: "x" }))).toMatchObject({
      code: "body_unreadable",
    });
    expect(by(makeCall({ method: "POST", headers: FORM_TYPE, body: "a=%" }))).toMatchObject({ code: "body_unreadable" });
    expect(by(makeCall({ method: "POST", headers: JSON_TYPE, body: "{" }))).toMatchObject({ code: "body_unreadable" });
    expect(by(makeCall({ method: "POST", headers: JSON_TYPE, body: '{"a":1,"a":2}' }))).toMatchObject({ code: "args_invalid" });
  });
});

describe("any call", () => {
  it("is understood or refused, never a throw, and its canonical form is understood the same", () => {
    const by = createUnderstanding(policy({ reads: [{ host: "*", body: true, detectors: ["pii.ssn"] }] }));
    const text = fc.oneof(
      fc.string({ unit: "binary", maxLength: 30 }),
      fc.constantFrom("/v1/payments", "/v1/transfers?dry_run=1", "/%61", "/files/x"),
    );
    const call = fc.record({
      method: fc.constantFrom("GET", "POST", "CONNECT", "x"),
      scheme: fc.constantFrom("http", "https", ""),
      authority: fc.oneof(
        fc.constantFrom("api.pay.example", "API.pay.example.:443", "a.example"),
        fc.string({ unit: "binary", maxLength: 12 }),
      ),
      target: text,
      headers: fc.dictionary(
        fc.constantFrom("content-type", "upgrade", "content-encoding", "x-note"),
        fc.oneof(fc.constantFrom("application/json", "application/x-www-form-urlencoded", "identity"), fc.string()),
      ),
      body: fc.oneof(
        fc.uint8Array({ maxLength: 60 }).map((bytes) => ({ kind: "full" as const, bytes })),
        fc.json().map((body) => ({ kind: "full" as const, bytes: Buffer.from(body) })),
        fc.constantFrom({ kind: "none" as const }, { kind: "unseen" as const }),
      ),
    });
    fc.assert(
      fc.property(call, (given) => {
        const found = by(makeCall(given));
        if (found.kind === "refused" || found.intent.protocol === "tunnel") return;
        const { target } = found.intent;
        const again = by(makeCall({ ...given, authority: target.host, target: target.text }));
        expect(again).toEqual({
          ...found,
          intent: { ...found.intent, target: { ...target, rewritten: { path: false, authority: false } } },
        });
      }),
      { numRuns: 2_000 },
    );
  });
});
