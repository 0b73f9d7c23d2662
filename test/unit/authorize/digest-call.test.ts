import { createHash, createHmac } from "node:crypto";
import canonicalize from "canonicalize";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { canonicalText, type DigestInput, digestCall } from "../../../src/authorize/digest-call.ts";
import { makeCall } from "../understanding/make-call.ts";

const pseudonyms = { hmacHex: (text: string) => createHmac("sha256", "key").update(text).digest("hex") };
const sha256 = (data: string | Uint8Array) => createHash("sha256").update(data).digest("hex");

function input(rest: Partial<DigestInput> = {}): DigestInput {
  return {
    tenant: "default",
    agent: "finance-1",
    subject: null,
    call: makeCall({ method: "POST", headers: { "content-type": "application/json" }, body: "{}" }),
    target: { scheme: "https", hostname: "api.example.com", port: 443, text: "/a?b=c" },
    changes: null,
    ownHeaders: [],
    pseudonyms,
    identityHeaders: ["x-sluice-token", "x-agent-jwt"],
    ...rest,
  };
}

const withHeaders = (headers: Readonly<Record<string, string>>) => input({ call: makeCall({ method: "POST", headers, body: "{}" }) });

describe("digestCall", () => {
  it("is the SHA-256 of the call's RFC 8785 text", () => {
    const text =
      `{"agent":"finance-1","body":"${sha256("{}")}","headers":{"content-type":"application/json"},"host":"api.example.com",` +
      `"method":"POST","path":"/a?b=c","port":443,"scheme":"https","subject":null,"tenant":"default","v":1}`;
    expect(canonicalText(input())).toBe(text);
    expect(digestCall(input())).toBe(sha256(text));
  });

  it("is what an independent implementation of RFC 8785 gives", () => {
    const text = fc.string({ unit: "grapheme" });
    fc.assert(
      fc.property(
        fc.dictionary(text, text),
        text,
        text,
        fc.option(text),
        fc.integer({ min: 1, max: 65_535 }),
        (headers, tenant, path, subject, port) => {
          const given = input({
            tenant,
            subject,
            call: makeCall({ method: "POST", headers, body: path }),
            target: { scheme: "https", hostname: "h", port, text: path },
          });
          const counted = JSON.parse(canonicalText(given)) as { headers: object };
          expect(canonicalText(given)).toBe(
            canonicalize({
              v: 1,
              tenant,
              agent: "finance-1",
              subject,
              scheme: "https",
              host: "h",
              port,
              method: "POST",
              path,
              headers: counted.headers,
              body: sha256(path),
            }),
          );
          expect(Object.keys(counted.headers).length).toBe(Object.keys(headers).length);
        },
      ),
    );
  });

  it.each<[string, Partial<DigestInput>]>([
    ["tenant", { tenant: "other" }],
    ["agent", { agent: "finance-2" }],
    ["subject", { subject: "ana" }],
    ["subject that says null", { subject: "null" }],
    ["method", { call: makeCall({ method: "PUT", headers: { "content-type": "application/json" }, body: "{}" }) }],
    ["body", { call: makeCall({ method: "POST", headers: { "content-type": "application/json" }, body: "{} " }) }],
    ["unseen body", { call: makeCall({ method: "POST", headers: { "content-type": "application/json" }, body: { kind: "unseen" } }) }],
    ["header", { call: makeCall({ method: "POST", headers: { "content-type": "application/jsonx" }, body: "{}" }) }],
    [
      "further header",
      { call: makeCall({ method: "POST", headers: { "content-type": "application/json", "idempotency-key": "1" }, body: "{}" }) },
    ],
    ["scheme", { target: { scheme: "http", hostname: "api.example.com", port: 443, text: "/a?b=c" } }],
    ["host", { target: { scheme: "https", hostname: "api.example.org", port: 443, text: "/a?b=c" } }],
    ["port", { target: { scheme: "https", hostname: "api.example.com", port: 8443, text: "/a?b=c" } }],
    ["query", { target: { scheme: "https", hostname: "api.example.com", port: 443, text: "/a?b=d" } }],
  ])("changes with the %s", (_, rest) => {
    expect(digestCall(input(rest))).not.toBe(digestCall(input()));
  });

  it("takes numbers of the body by their bytes", () => {
    const body = (amount: string) => input({ call: makeCall({ method: "POST", body: `{"amount":${amount}}` }) });
    expect(digestCall(body("12345678901234567890"))).not.toBe(digestCall(body("12345678901234567891")));
  });

  it("leaves out transport, tracing and identity", () => {
    const headers = {
      host: "x",
      "content-length": "2",
      connection: "close",
      "x-forwarded-for": "1.2.3.4",
      "x-request-id": "1",
      "x-envoy-external-address": "1.2.3.4",
      traceparent: "1",
      tracestate: "1",
      "x-b3-traceid": "1",
      "x-sluice-token": "t",
      "x-sluice-decision": "allow",
      "x-agent-jwt": "t",
      "proxy-authorization": "t",
      "x-forwarded-host": "x",
    };
    expect(digestCall(withHeaders(headers))).toBe(digestCall(withHeaders({})));
  });

  it("holds secrets as HMAC alone", () => {
    const text = canonicalText(withHeaders({ authorization: "Bearer secret", cookie: "sid=secret", "x-api-key": "secret" }));
    expect(text).not.toContain("secret");
    expect(JSON.parse(text)).toMatchObject({
      headers: {
        authorization: pseudonyms.hmacHex("Bearer secret"),
        cookie: pseudonyms.hmacHex("sid=secret"),
        "x-api-key": pseudonyms.hmacHex("secret"),
      },
    });
    expect(digestCall(withHeaders({ authorization: "Bearer other" }))).not.toBe(
      digestCall(withHeaders({ authorization: "Bearer secret" })),
    );
  });

  it("is of the call as it is sent: path and headers after the changes", () => {
    const call = makeCall({ method: "POST", headers: { "x-a": "old", "x-b": "1", "x-c": "2" }, body: "{}" });
    const changes = {
      path: "/changed",
      set: [
        { name: "x-a", value: "new" },
        { name: "x-z", value: "added" },
      ],
      remove: ["x-b"],
    };
    expect(JSON.parse(canonicalText(input({ call, changes })))).toMatchObject({
      path: "/changed",
      headers: { "x-a": "new", "x-c": "2", "x-z": "added" },
    });
    const sent = input({ call: makeCall({ method: "POST", headers: { "x-a": "new", "x-c": "2", "x-z": "added" }, body: "{}" }) });
    expect(digestCall(input({ call, changes: { ...changes, path: null } }))).toBe(digestCall(sent));
  });

  it("is the same before and after planning where nothing is taken out", () => {
    const call = makeCall({ headers: { "x-sluice-token": "t", "x-forwarded-host": "h", accept: "a" } });
    const changes = { path: null, set: [], remove: ["x-sluice-token", "x-forwarded-host"] };
    expect(digestCall(input({ call, changes }))).toBe(digestCall(input({ call, changes: null })));
  });

  it("covers what rules set whatever it is called, and hides what is meant for a proxy", () => {
    const set = [
      { name: "proxy-authorization", value: "Basic b3BlcmF0b3I=" },
      { name: "via", value: "1.1 sluice" },
    ];
    const sent = { changes: { path: null, set, remove: [] }, ownHeaders: ["proxy-authorization", "via"] };
    const text = canonicalText(input(sent));
    expect(text).toContain(`"proxy-authorization":"${pseudonyms.hmacHex("Basic b3BlcmF0b3I=")}","via":"1.1 sluice"`);
    expect(text).not.toContain("b3BlcmF0b3I=");
    expect(canonicalText(input({ ...sent, ownHeaders: [] }))).toBe(canonicalText(input()));
  });

  it("takes the operator's value, not the one it overwrites", () => {
    const call = makeCall({ method: "POST", headers: { "x-team": "root", "content-type": "application/json" }, body: "{}" });
    const changes = { path: null, set: [{ name: "x-team", value: "finance" }], remove: [] };
    const other = makeCall({ method: "POST", headers: { "content-type": "application/json" }, body: "{}" });
    expect(canonicalText(input({ call, changes, ownHeaders: ["x-team"] }))).toBe(
      canonicalText(input({ call: other, changes, ownHeaders: ["x-team"] })),
    );
    expect(canonicalText(input({ call, changes, ownHeaders: ["x-team"] }))).toContain('"x-team":"finance"');
  });
});
