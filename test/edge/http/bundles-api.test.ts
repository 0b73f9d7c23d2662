import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { API_ERRORS, type ApiErrorCode } from "../../../src/edge/http/api-errors.ts";
import { namesTag, readWaitMs } from "../../../src/edge/http/read-conditions.ts";
import { digestOf } from "./memory-desk.ts";
import { startServer, TOKENS } from "./start-server.ts";

let server: Awaited<ReturnType<typeof startServer>>;
beforeEach(async () => {
  server = await startServer();
});
afterEach(() => server.close());

const PATH = "/v1/bundles/default";
const POLLED = "application/vnd.openpolicyagent.bundles";
const GZIP = { "content-type": "application/gzip" };
const refusal = (code: ApiErrorCode) => ({ status: API_ERRORS[code].status, body: { error: { code, message: API_ERRORS[code].message } } });
const errorOf = ({ status, text }: { readonly status: number; readonly text: string }) => ({ status, body: JSON.parse(text) });
const push = (body: string, more: Parameters<typeof server.send>[1] = {}, path = PATH) =>
  server.send(path, { method: "PUT", body, token: TOKENS.author, headers: GZIP, ...more });
const poll = (digest: string, prefer: string, more: Parameters<typeof server.send>[1] = {}) =>
  server.send(PATH, { headers: { "if-none-match": `"${digest}"`, prefer }, ...more });

describe("a bundle", () => {
  it.each<[string, string, keyof typeof TOKENS]>([
    ["where nothing decides by one", PATH, "viewer"],
    ["of a tenant that is not there", "/v1/bundles/nobody", "admin"],
    ["of a tenant that the operator does not see", PATH, "other"],
    ["that is not kept", `${PATH}/history/${"0".repeat(64)}`, "viewer"],
  ])("is unknown %s", async (claim, path, token) => {
    if (claim.includes("operator")) server.policies.activate("default", "one");
    expect(errorOf(await server.send(path, { token: TOKENS[token] }))).toEqual(refusal("bundle_unknown"));
  });

  it("is asked for with a credential", async () => {
    server.policies.activate("default", "one");
    expect(errorOf(await server.send(PATH, { token: null }))).toEqual(refusal("credential_missing"));
  });

  it("comes as its bytes with its digest as tag, and tells that long polls are held", async () => {
    const digest = server.policies.activate("default", "one");
    const { status, headers, text } = await server.send(PATH, { token: TOKENS.viewer });
    expect([status, text, headers.etag, headers["content-type"]]).toEqual([200, "one", `"${digest}"`, POLLED]);
  });

  it.each<[string, string, number]>([
    ["the same tag", `"${digestOf("one")}"`, 304],
    ["the same tag, weakly", `W/"${digestOf("one")}"`, 304],
    ["it in a list", `"x", "${digestOf("one")}"`, 304],
    ["any tag", "*", 304],
    ["another tag", `"${digestOf("two")}"`, 200],
    ["the tag without quotes", digestOf("one"), 200],
  ])("is compared with If-None-Match: %s", async (_, tag, status) => {
    const digest = server.policies.activate("default", "one");
    const answer = await server.send(PATH, { headers: { "if-none-match": tag } });
    expect([answer.status, answer.headers.etag, answer.text]).toEqual([status, `"${digest}"`, status === 304 ? "" : "one"]);
  });

  it("of a tenant whose name needs escaping is found by it", async () => {
    server.policies.activate("a/b:c", "one");
    expect((await server.send("/v1/bundles/a%2Fb%3Ac", { token: TOKENS.admin })).text).toBe("one");
  });
});

describe("a long poll", () => {
  it("is answered at once when the bundle changes", async () => {
    const digest = server.policies.activate("default", "one");
    const answer = poll(digest, "modes=snapshot,delta;wait=30");
    await vi.waitUntil(() => server.policies.waiting() === 1);
    server.policies.activate("default", "two");
    expect(await answer).toMatchObject({
      status: 200,
      text: "two",
      headers: { "content-type": POLLED, etag: `"${digestOf("two")}"` },
    });
  });

  it("is answered that nothing changed when its time is over, and says that it was held", async () => {
    const answer = await poll(server.policies.activate("default", "one"), "wait=1");
    expect([answer.status, answer.headers["content-type"]]).toEqual([304, POLLED]);
  });

  it("is not held where the tag is another one, and announces itself all the same", async () => {
    server.policies.activate("default", "one");
    const answer = await poll(digestOf("zero"), "wait=300");
    expect([answer.text, answer.headers["content-type"]]).toEqual(["one", POLLED]);
  });

  it("ends with whoever asked", async () => {
    const digest = server.policies.activate("default", "one");
    const gone = new AbortController();
    const answer = poll(digest, "wait=300", { signal: gone.signal });
    await vi.waitUntil(() => server.policies.waiting() === 1);
    gone.abort();
    await expect(answer).rejects.toThrow();
    await vi.waitUntil(() => server.policies.waiting() === 0);
  });

  it("past the number that may wait is answered at once and not announced, so that it comes again after a while", async () => {
    const digest = server.policies.activate("default", "one");
    const held = Array.from({ length: 256 }, () => poll(digest, "wait=300"));
    await vi.waitUntil(() => server.policies.waiting() === 256);
    const answer = await poll(digest, "wait=300");
    expect([answer.status, answer.headers["content-type"]]).toEqual([304, "application/gzip"]);
    server.policies.activate("default", "two");
    expect(new Set((await Promise.all(held)).map(({ text }) => text))).toEqual(new Set(["two"]));
  });

  it("is answered when the server ends", async () => {
    const answer = poll(server.policies.activate("default", "one"), "wait=300");
    await vi.waitUntil(() => server.policies.waiting() === 1);
    await server.close();
    expect((await answer).status).toBe(304);
  });
});

describe("a push", () => {
  it.each<[string, ApiErrorCode, () => Promise<Parameters<typeof errorOf>[0]>]>([
    ["by an approver", "role_missing", () => push("x", { token: TOKENS.ana })],
    ["by a viewer", "role_missing", () => push("x", { token: TOKENS.viewer })],
    ["without credential", "credential_missing", () => push("x", { token: null })],
    ["as JSON", "media_type_unsupported", () => push("{}", { headers: { "content-type": "application/json" } })],
    ["as a form could", "media_type_unsupported", () => push("x", { headers: { "content-type": "text/plain" } })],
    ["without a type", "media_type_unsupported", () => push("x", { headers: { "content-type": "" } })],
    ["encoded once more", "media_type_unsupported", () => push("x", { headers: { ...GZIP, "content-encoding": "gzip" } })],
    ["from another site", "origin_foreign", () => push("x", { headers: { ...GZIP, "sec-fetch-site": "cross-site" } })],
    ["from another origin", "origin_foreign", () => push("x", { headers: { ...GZIP, origin: "http://attacker.example" } })],
    ["with an unknown query", "query_invalid", () => push("x", {}, `${PATH}?force=true`)],
    ["with half a query", "query_invalid", () => push("x", {}, `${PATH}?forbid_widening`)],
    ["to a tenant that is not there", "bundle_unknown", () => push("x", {}, "/v1/bundles/nobody")],
    ["to a tenant whose policy comes from elsewhere", "not_pushed", () => push("x", {}, "/v1/bundles/other")],
    ["that widens where that is forbidden", "widening_forbidden", () => push("wider", {}, `${PATH}?forbid_widening=true`)],
    ["larger than any bundle", "body_too_large", () => push("x".repeat(16 * 1024 * 1024 + 1))],
  ])("%s is refused", async (_, code, sending) => {
    expect(errorOf(await sending())).toEqual(refusal(code));
    expect(server.policies.live("default")).toBeNull();
  });

  it("that is not admitted says why, in characters that can be seen", async () => {
    const message = "data.json is not what was signed\\u{202e}";
    expect(errorOf(await push("broken"))).toEqual({ status: 422, body: { error: { code: "hash_mismatch", message } } });
  });

  it("that is admitted is live, in the name of who pushed", async () => {
    const { status, body } = errorOf(await push("wider"));
    expect([status, body]).toEqual([
      200,
      {
        revision: "rev-wider",
        digest: digestOf("wider"),
        serial: 1,
        changes: { added: ["p/a"], removed: [], changed: [], widening: true },
      },
    ]);
    expect(server.policies.offers).toEqual([{ tenant: "default", content: "wider", by: "author", forbidWidening: false }]);
    expect((await server.send(PATH)).text).toBe("wider");
  });

  it.each(["application/octet-stream", "application/vnd.openpolicyagent.bundles"])("may come as %s", async (type) => {
    expect((await push("one", { headers: { "content-type": type } })).status).toBe(200);
  });

  it("does not open the way to other writes that are no JSON", async () => {
    const { id } = await server.ask();
    expect(errorOf(await server.send(`/v1/approvals/${id}:approve`, { method: "POST", body: "{}", headers: GZIP }))).toEqual(
      refusal("media_type_unsupported"),
    );
  });
});

describe("the bundles that are kept", () => {
  it("are listed, newest first, and read by digest", async () => {
    const [one, two] = [server.policies.activate("default", "one"), server.policies.activate("default", "two")];
    const { body } = errorOf(await server.send(`${PATH}/history`, { token: TOKENS.viewer }));
    expect(body).toEqual({
      bundles: [
        { revision: "rev-two", digest: two, serial: 2, activated_at: "1970-01-01T00:00:02.000Z" },
        { revision: "rev-one", digest: one, serial: 1, activated_at: "1970-01-01T00:00:01.000Z" },
      ],
    });
    expect((await server.send(`${PATH}/history/${one}`)).text).toBe("one");
    expect(errorOf(await server.send(`${PATH}/history`, { token: TOKENS.other }))).toEqual(refusal("bundle_unknown"));
    expect(errorOf(await server.send(`${PATH}/history/${one}`, { token: TOKENS.other }))).toEqual(refusal("bundle_unknown"));
  });
});

describe("GET /v1/policy", () => {
  it("lists what decides for each tenant that the operator sees", async () => {
    const digest = server.policies.activate("default", "one");
    const { body } = errorOf(await server.send("/v1/policy", { token: TOKENS.viewer }));
    expect(body).toEqual({
      tenants: [
        {
          tenant: "default",
          state: "ready",
          source: "pushed",
          name: "p",
          revision: "rev-one",
          digest,
          serial: 1,
          serial_mark: 1,
          signed_by: "ci-1",
          not_after: null,
          activated_at: "1970-01-01T00:00:01.000Z",
          age_seconds: 2,
          last_error: { code: "expired", reason: "it was good until then", at: "1970-01-01T00:00:02.000Z" },
        },
      ],
    });
    const all = errorOf(await server.send("/v1/policy", { token: TOKENS.admin }));
    expect(all.body.tenants.map(({ tenant }: { readonly tenant: string }) => tenant)).toEqual(["default", "other"]);
  });
});

describe("readWaitMs", () => {
  it.each<[string | string[] | undefined, number]>([
    [undefined, 0],
    ["", 0],
    ["modes=snapshot,delta", 0],
    ["modes=snapshot,delta;wait=20", 20_000],
    ["wait=5, respond-async", 5_000],
    ["WAIT=5", 5_000],
    ["wait=0", 0],
    ["wait=-1", 0],
    ["wait=1x", 0],
    ["await=9", 0],
    ["wait=99999999", 300_000],
    ["wait=9999999999", 0],
    [["a", "wait=2"], 2_000],
  ])("reads %j as %d", (prefer, ms) => {
    expect(readWaitMs(prefer)).toBe(ms);
  });
});

describe("namesTag", () => {
  it("finds nothing where nothing is asked", () => {
    expect([namesTag(undefined, "a"), namesTag("", "a"), namesTag('""', "a")]).toEqual([false, false, false]);
  });
});
