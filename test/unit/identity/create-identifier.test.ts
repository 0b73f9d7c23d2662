import { createHmac, generateKeyPairSync, sign } from "node:crypto";
import fc from "fast-check";
import { SignJWT } from "jose";
import { describe, expect, it } from "vitest";
import { IDENTITY_REASONS } from "../../../src/identity/identification.ts";
import {
  CLAIMS,
  createTestIdentifier,
  encode,
  HEADER,
  ISSUER,
  KEY,
  NOW,
  NOW_MS,
  OTHER_KEY,
  outcomeOf,
  proxyOf,
  signToken,
  tokenWith,
} from "./tokens.ts";

const good = tokenWith({});
const inToken = (token: string) => ({ headers: { "x-sluice-token": token } });
const basic = (text: string) => `Basic ${Buffer.from(text).toString("base64")}`;
const nest = (depth: number): unknown => (depth === 0 ? undefined : { sub: `actor-${depth}`, act: nest(depth - 1) });

/** A claim or header under test, the reason it must be refused for, and the rule it breaks. */
const REFUSED_TOKENS: readonly (readonly [string, string, string])[] = [
  // RFC 8725 section 3.1 and 3.2: the algorithm is the key's, and nobody else's choice.
  ["alg none without a signature", `${encode({ ...HEADER, alg: "none" })}.${encode(CLAIMS)}.`, "algorithm"],
  ["alg none", tokenWith({}, { alg: "none" }), "algorithm"],
  ["alg HS256 keyed by the public key", hmacToken(), "algorithm"],
  ["alg RS256", tokenWith({}, { alg: "RS256" }), "algorithm"],
  ["alg ES256", tokenWith({}, { alg: "ES256" }), "algorithm"],
  ["alg Ed448", tokenWith({}, { alg: "Ed448" }), "algorithm"],
  ["alg in another case", tokenWith({}, { alg: "eddsa" }), "algorithm"],
  ["alg as a list", tokenWith({}, { alg: ["EdDSA"] }), "algorithm"],
  ["no alg", signToken({ kid: "k1" }, CLAIMS), "algorithm"],
  // RFC 8725 section 3.3: every signature counts.
  ["another key of our id", signToken(HEADER, CLAIMS, OTHER_KEY), "signature"],
  ["claims changed after signing", good.replace(/\.[^.]+\./, `.${encode({ ...CLAIMS, sub: "admin" })}.`), "signature"],
  ["a signature of zeros", good.replace(/[^.]+$/, Buffer.alloc(64).toString("base64url")), "signature"],
  ["a short signature", good.replace(/[^.]+$/, Buffer.alloc(63).toString("base64url")), "malformed"],
  ["no signature", good.replace(/[^.]+$/, ""), "malformed"],
  // RFC 8725 section 3.6 and RFC 7516: no compression, no encryption.
  ["zip", tokenWith({}, { zip: "DEF" }), "header_forbidden"],
  ["enc", tokenWith({}, { enc: "A256GCM" }), "header_forbidden"],
  ["five parts", "a.b.c.d.e", "malformed"],
  // RFC 8725 section 3.10: the token brings no keys and no places to get them.
  ["jwk", tokenWith({}, { jwk: OTHER_KEY.publicKey.export({ format: "jwk" }) }), "header_forbidden"],
  ["jku", tokenWith({}, { jku: "https://evil" }), "header_forbidden"],
  ["x5u", tokenWith({}, { x5u: "https://evil" }), "header_forbidden"],
  ["x5c", tokenWith({}, { x5c: [] }), "header_forbidden"],
  ["crit", tokenWith({}, { crit: ["exp"] }), "header_forbidden"],
  ["b64", tokenWith({}, { b64: true }), "header_forbidden"],
  // RFC 8725 section 2.4 and 3.7: one reading of the text.
  ["no text", "x", "malformed"],
  ["two parts", good.split(".").slice(0, 2).join("."), "malformed"],
  ["four parts", `${good}.x`, "malformed"],
  ["padding", `${encode(HEADER)}=.${good.split(".").slice(1).join(".")}`, "malformed"],
  [
    "standard base64",
    signToken(HEADER, { ...CLAIMS, sub: "a" })
      .replaceAll("_", "/")
      .replace(/^/, "+"),
    "malformed",
  ],
  ["spare bits in the signature", withSpareBits(good), "malformed"],
  ["a line end inside", good.replace(".", "\n."), "malformed"],
  ["a header that is no JSON", signToken("{", CLAIMS), "malformed"],
  ["a header that is a list", signToken([HEADER], CLAIMS), "malformed"],
  ["claims that are no object", signToken(HEADER, "null"), "malformed"],
  ["claims that are a token", signToken({ ...HEADER, cty: "JWT" }, good), "malformed"],
  ["claims that are no UTF-8", rawToken(Buffer.from(JSON.stringify({ ...CLAIMS, x: "\u00ff" }), "latin1")), "malformed"],
  ["claims behind a byte order mark", signToken(HEADER, `\uFEFF${JSON.stringify(CLAIMS)}`), "malformed"],
  ["claims nested too deep", tokenWith({ x: JSON.parse("[".repeat(20) + "]".repeat(20)) }), "malformed"],
  ["a header member twice", signToken(`{"alg":"EdDSA","kid":"k1","alg":"none"}`, CLAIMS), "duplicate_member"],
  ["a claim twice", signToken(HEADER, `{"sub":"a",${JSON.stringify(CLAIMS).slice(1)}`), "duplicate_member"],
  ["a claim twice by an escape", signToken(HEADER, `{"s\\u0075b":"a",${JSON.stringify(CLAIMS).slice(1)}`), "duplicate_member"],
  ["a label twice", signToken(HEADER, `{"labels":{"a":"1","a":"2"},${JSON.stringify(CLAIMS).slice(1)}`), "duplicate_member"],
  ["more than 8 KiB", tokenWith({ x: "y".repeat(8_000) }), "too_large"],
  // RFC 8725 section 3.8: issuer and subject.
  ["another issuer", tokenWith({ iss: "https://j" }), "issuer_unknown"],
  ["an issuer in another case", tokenWith({ iss: "HTTPS://i" }), "issuer_unknown"],
  ["an issuer that is a name of every object", tokenWith({ iss: "constructor" }), "issuer_unknown"],
  ["an issuer that is a list", tokenWith({ iss: ["https://i"] }), "claim_invalid"],
  // RFC 8725 section 3.9: audience.
  ["another audience", tokenWith({ aud: "other" }), "audience"],
  ["no audience in the list", tokenWith({ aud: [] }), "claim_invalid"],
  ["an audience that is an object", tokenWith({ aud: { sluice: true } }), "claim_invalid"],
  ["an audience list with a number", tokenWith({ aud: ["sluice", 1] }), "claim_invalid"],
  // RFC 8725 section 3.11 and 3.12, threat 16: other kinds of tokens.
  ["a grant", tokenWith({}, { typ: "sluice-grant+jwt" }), "type"],
  ["a statement", tokenWith({}, { typ: "sluice-statement+jwt" }), "type"],
  ["a checkpoint", tokenWith({}, { typ: "sluice-checkpoint+jws" }), "type"],
  ["a checkpoint by its whole media type", tokenWith({}, { typ: "application/sluice-checkpoint+jws" }), "type"],
  ["a bundle's signature", tokenWith({}, { typ: "sluice-bundle+jwt" }), "type"],
  ["a DPoP proof", tokenWith({}, { typ: "dpop+jwt" }), "type"],
  ["an empty typ", tokenWith({}, { typ: "" }), "type"],
  ["the typ called absent in another form", tokenWith({}, { typ: "application/absent" }), "type"],
  ["a typ that is a list", tokenWith({}, { typ: ["JWT"] }), "malformed"],
  // Keys.
  ["an unknown kid", tokenWith({}, { kid: "k9" }), "kid_unknown"],
  ["a kid that is a number", tokenWith({}, { kid: 1 }), "malformed"],
  // Claims that must be there, and the form of each.
  ...["iss", "aud", "sub", "exp", "iat"].map((claim) => [`no ${claim}`, tokenWith({ [claim]: undefined }), "claim_missing"] as const),
  ["a sub outside the grammar", tokenWith({ sub: "agent 1" }), "claim_invalid"],
  ["a sub with a line end", tokenWith({ sub: "agent\n" }), "claim_invalid"],
  ["a sub that is too long", tokenWith({ sub: "a".repeat(129) }), "claim_invalid"],
  ["an exp that is text", tokenWith({ exp: String(NOW + 600) }), "claim_invalid"],
  ["an exp beyond every number", signToken(HEADER, JSON.stringify(CLAIMS).replace(/"exp":\d+/, '"exp":1e999')), "claim_invalid"],
  ["a negative iat", tokenWith({ iat: -1 }), "claim_invalid"],
  ["an nbf that is text", tokenWith({ nbf: "0" }), "claim_invalid"],
  ["roles as text", tokenWith({ roles: "admin" }), "claim_invalid"],
  ["roles with a number", tokenWith({ roles: [1] }), "claim_invalid"],
  ["groups as an object", tokenWith({ groups: {} }), "claim_invalid"],
  ["labels as a list", tokenWith({ labels: [] }), "claim_invalid"],
  ["labels with a number", tokenWith({ labels: { a: 1 } }), "claim_invalid"],
  ["a label outside the grammar", tokenWith({ labels: { "a b": "c" } }), "claim_invalid"],
  ["scope as a list", tokenWith({ scope: ["host:a"] }), "claim_invalid"],
  ["scope of another grammar", tokenWith({ scope: "openid" }), "claim_invalid"],
  ["scope with two spaces", tokenWith({ scope: "host:a  host:b" }), "claim_invalid"],
  ["scope with a star in the middle", tokenWith({ scope: "tool:a*b" }), "claim_invalid"],
  ["scope without a name", tokenWith({ scope: "tool:" }), "claim_invalid"],
  ["a session that is a number", tokenWith({ session: 1 }), "claim_invalid"],
  ["a priority that is a number", tokenWith({ priority: 1 }), "claim_invalid"],
  ["an agent_version outside the grammar", tokenWith({ agent_version: "1\u001b[2J" }), "claim_invalid"],
  ["a jti that is a number", tokenWith({ jti: 1 }), "claim_invalid"],
  ["a jti with a control character", tokenWith({ jti: "\u0007" }), "claim_invalid"],
  ["a negative epoch", tokenWith({ epoch: -1 }), "claim_invalid"],
  ["an epoch that is no whole number", tokenWith({ epoch: 1.5 }), "claim_invalid"],
  ["a tenant that is a number", tokenWith({ tenant: 1 }), "claim_invalid"],
  ["act that is null", tokenWith({ act: null }), "claim_invalid"],
  ["act as text", tokenWith({ act: "agent-1" }), "claim_invalid"],
  ["act without sub", tokenWith({ act: {} }), "claim_invalid"],
  ["five actors", tokenWith({ act: nest(5) }), "actors_too_deep"],
  // RFC 7800: a key that is named and not proven.
  ["cnf", tokenWith({ cnf: { jkt: "x" } }), "binding_missing"],
  ["cnf that is null", tokenWith({ cnf: null }), "binding_missing"],
  // Times.
  ["expired", tokenWith({ iat: NOW - 60, exp: NOW }), "expired"],
  ["issued later than the skew forgives", tokenWith({ iat: NOW + 6 }), "issued_in_future"],
  ["not yet valid", tokenWith({ nbf: NOW + 6 }), "not_yet_valid"],
  ["a lifetime over the maximum", tokenWith({ exp: CLAIMS.iat + 3601 }), "lifetime"],
  ["no lifetime", tokenWith({ iat: NOW + 1, exp: NOW + 1 }), "lifetime"],
  ["the tenant of another", tokenWith({ tenant: "acme" }), "tenant_mismatch"],
];

function hmacToken(): string {
  const text = `${encode({ ...HEADER, alg: "HS256" })}.${encode(CLAIMS)}`;
  const secret = KEY.publicKey.export({ type: "spki", format: "pem" });
  return `${text}.${createHmac("sha256", secret).update(text).digest("base64url")}`;
}

function rawToken(claims: Buffer): string {
  const text = `${encode(HEADER)}.${claims.toString("base64url")}`;
  return `${text}.${sign(null, Buffer.from(text), KEY.privateKey).toString("base64url")}`;
}

// 64 bytes leave four bits of the last letter unused; another last letter reads as the same bytes in lenient decoders.
function withSpareBits(token: string): string {
  const last = token.at(-1) ?? "";
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  return token.slice(0, -1) + alphabet[alphabet.indexOf(last) + 1];
}

describe("identify refuses a token with", () => {
  it.each(REFUSED_TOKENS)("%s", (_, token, reason) => {
    const found = createTestIdentifier()(inToken(token));
    expect(found).toEqual({
      kind: "refused",
      code: reason === "expired" ? "token_expired" : "token_invalid",
      reason,
      tenant: null,
      challenge: { to: "agent", withError: true },
    });
  });

  it("every reason there is, here or below", () => {
    const tried = new Set<string>(REFUSED_TOKENS.map(([, , reason]) => reason));
    const below = ["missing", "repeated", "scheme", "kid_missing", "proxy_tenant"];
    expect([...tried, ...below].toSorted()).toEqual(Object.keys(IDENTITY_REASONS).toSorted());
  });
});

describe("identify takes", () => {
  it.each([
    ["the usual token", tokenWith({})],
    ["alg Ed25519 of RFC 9864", tokenWith({}, { alg: "Ed25519" })],
    ["no kid where there is one key", signToken({ alg: "EdDSA" }, CLAIMS)],
    ["at+jwt", tokenWith({}, { typ: "at+jwt" })],
    ["typ in another case", tokenWith({}, { typ: "jwt" })],
    ["typ as a whole media type", tokenWith({}, { typ: "application/AT+JWT" })],
    ["sluice-agent+jwt", tokenWith({}, { typ: "sluice-agent+jwt" })],
    ["no typ", signToken({ alg: "EdDSA", kid: "k1" }, CLAIMS)],
    ["an unknown header", tokenWith({}, { x: 1 })],
    ["one audience of several", tokenWith({ aud: ["other", "sluice"] })],
    ["an iat inside the skew", tokenWith({ iat: NOW + 5 })],
    ["an nbf inside the skew", tokenWith({ nbf: NOW + 5 })],
    ["the last moment", tokenWith({ iat: NOW - 60, exp: NOW + 0.001 })],
    ["the longest lifetime", tokenWith({ exp: CLAIMS.iat + 3600 })],
    ["the issuer's tenant", tokenWith({ tenant: "default" })],
    ["four actors", tokenWith({ act: nest(4) })],
  ])("%s", (_, token) => {
    expect(outcomeOf(createTestIdentifier()(inToken(token)))).toBe("ok");
  });

  it("every claim into the caller", () => {
    const token = tokenWith({
      sub: "ana@example.com",
      act: { sub: "agent-1", act: { sub: "planner-7", act: { sub: "planner-1" } } },
      jti: "01J",
      roles: ["payments"],
      groups: ["treasury", "eu"],
      scope: "tool:stripe.* host:api.stripe.com",
      labels: { team: "core", constructor: "x", ["__proto__"]: "y" },
      session: "s-1",
      agent_version: "1.2",
      priority: "high",
      epoch: 3,
    });
    const found = createTestIdentifier()(inToken(token));
    expect(found).toEqual({
      kind: "caller",
      via: "x-sluice-token",
      caller: {
        tenant: "default",
        agent: "agent-1",
        subject: "ana@example.com",
        actors: ["planner-7", "planner-1"],
        roles: ["payments"],
        groups: ["treasury", "eu"],
        scope: ["tool:stripe.*", "host:api.stripe.com"],
        labels: Object.fromEntries([
          ["team", "core"],
          ["constructor", "x"],
          ["__proto__", "y"],
        ]),
        session: "s-1",
        agentVersion: "1.2",
        issuer: "https://i",
        tokenId: "01J",
        credential: "agent_token",
        issuedAt: CLAIMS.iat,
      },
    });
  });

  it("a token without act as the agent itself, and without scope as unscoped", () => {
    const found = createTestIdentifier()(inToken(good));
    expect(found).toMatchObject({ caller: { agent: "agent-1", subject: null, actors: [], scope: null, labels: {} } });
    expect(createTestIdentifier()(inToken(tokenWith({ scope: "" })))).toMatchObject({ caller: { scope: [] } });
  });
});

describe("identify finds the credential", () => {
  it.each([
    ["two of the listed headers", { "x-sluice-token": good, "proxy-authorization": `Bearer ${good}` }, "repeated", "agent"],
    ["one header joined from two", { "x-sluice-token": `${good},${good}` }, "repeated", "agent"],
    ["proxy-authorization joined from two", { "proxy-authorization": `Bearer ${good}, Bearer ${good}` }, "repeated", "proxy"],
    ["an empty header", { "x-sluice-token": "" }, "scheme", "agent"],
    ["Bearer without a token", { "x-sluice-token": "Bearer " }, "scheme", "agent"],
    ["two words after Bearer", { "x-sluice-token": `Bearer ${good} x` }, "scheme", "agent"],
    ["Basic in x-sluice-token", { "x-sluice-token": basic(`a:${good}`) }, "scheme", "agent"],
    ["a raw token in proxy-authorization", { "proxy-authorization": good }, "scheme", "proxy"],
    ["Basic without a colon", { "proxy-authorization": basic(good) }, "scheme", "proxy"],
    ["Basic without a password", { "proxy-authorization": basic("agent:") }, "scheme", "proxy"],
    ["Basic that is no base64", { "proxy-authorization": "Basic !!" }, "scheme", "proxy"],
    ["a huge header", { "x-sluice-token": "x".repeat(12_289) }, "too_large", "agent"],
  ])("and refuses %s", (_, headers, reason, to) => {
    const found = createTestIdentifier()({ headers });
    expect(found).toEqual({ kind: "refused", code: "token_invalid", reason, tenant: null, challenge: { to, withError: true } });
  });

  it("and refuses a header that the proxy saw twice, though its value is whole", () => {
    const found = createTestIdentifier()({ ...inToken(good), repeated: ["x-sluice-token"] });
    expect(outcomeOf(found)).toBe("repeated");
  });

  it.each([
    ["raw", { "x-sluice-token": good }, "x-sluice-token"],
    ["Bearer", { "x-sluice-token": `Bearer ${good}` }, "x-sluice-token"],
    ["bearer with two spaces", { "x-sluice-token": `bearer  ${good}` }, "x-sluice-token"],
    ["Bearer to the proxy", { "proxy-authorization": `Bearer ${good}` }, "proxy-authorization"],
    ["Basic to the proxy", { "proxy-authorization": basic(`agent-1:${good}`) }, "proxy-authorization"],
    ["Basic without a user", { "proxy-authorization": basic(`:${good}`) }, "proxy-authorization"],
    ["beside the provider's key", { "x-sluice-token": good, authorization: "Bearer sk-1" }, "x-sluice-token"],
  ])("sent %s", (_, headers, via) => {
    expect(createTestIdentifier()({ headers })).toMatchObject({ kind: "caller", via });
  });

  it("in the listed headers alone", () => {
    const identify = createTestIdentifier({ headers: ["x-agent"] });
    expect(outcomeOf(identify(inToken(good)))).toBe("missing");
    expect(outcomeOf(identify({ headers: { "x-agent": good, "x-sluice-token": "other" } }))).toBe("ok");
  });
});

describe("the challenge", () => {
  const both = ["x-sluice-token", "proxy-authorization"];
  it.each([
    ["nothing was sent", both, {}, { to: "agent", withError: false }],
    ["nothing was sent to CONNECT", both, { method: "CONNECT" }, { to: "proxy", withError: false }],
    ["a bad token came with CONNECT", both, { method: "CONNECT", ...inToken("x") }, { to: "proxy", withError: true }],
    ["a bad token came to the proxy", both, { headers: { "proxy-authorization": "Bearer x" } }, { to: "proxy", withError: true }],
    ["a bad token came to the agent's header", both, inToken("x"), { to: "agent", withError: true }],
    ["only the proxy's header is listed", ["proxy-authorization"], {}, { to: "proxy", withError: false }],
  ])("when %s", (_, headers, call, challenge) => {
    expect(createTestIdentifier({ headers })(call)).toMatchObject({ kind: "refused", challenge });
  });
});

describe("keys of an issuer", () => {
  const second = generateKeyPairSync("ed25519");
  const keys = [...ISSUER.keys, { kid: "k2", publicKey: second.publicKey }];
  const identify = createTestIdentifier({ issuers: [{ ...ISSUER, keys }] });

  it("need a kid where there are two", () => {
    expect(outcomeOf(identify(inToken(signToken({ alg: "EdDSA" }, CLAIMS))))).toBe("kid_missing");
    expect(outcomeOf(identify(inToken(signToken({ alg: "EdDSA", kid: "k2" }, CLAIMS, second))))).toBe("ok");
    expect(outcomeOf(identify(inToken(signToken({ alg: "EdDSA", kid: "k1" }, CLAIMS, second))))).toBe("signature");
  });

  it("are refused where two have one id, and an issuer where it is given twice", () => {
    const twice = { ...ISSUER, keys: [...ISSUER.keys, { kid: "k1", publicKey: second.publicKey }] };
    expect(() => createTestIdentifier({ issuers: [twice] })).toThrow("two keys of the issuer https://i have one id");
    expect(() => createTestIdentifier({ issuers: [ISSUER, { ...ISSUER, tenant: "acme" }] })).toThrow("given twice for one audience");
  });

  it("accept only the types the issuer lists, and never one of ours", () => {
    const narrow = createTestIdentifier({ issuers: [{ ...ISSUER, types: ["at+jwt", "sluice-grant+jwt"] }] });
    expect(outcomeOf(narrow(inToken(tokenWith({}, { typ: "at+jwt" }))))).toBe("ok");
    expect(outcomeOf(narrow(inToken(good)))).toBe("type");
    expect(outcomeOf(narrow(inToken(signToken({ alg: "EdDSA" }, CLAIMS))))).toBe("type");
    expect(outcomeOf(narrow(inToken(tokenWith({}, { typ: "sluice-grant+jwt" }))))).toBe("type");
  });
});

describe("tenants", () => {
  const acme = { ...ISSUER, tenant: "acme", audience: "acme" };
  const tenants = new Map([
    ["default", { identity: { required: true } }],
    ["acme", { identity: { required: false } }],
  ]);
  const identify = createTestIdentifier({ issuers: [ISSUER, acme], tenants });

  it("come from issuer and audience together", () => {
    expect(identify(inToken(good))).toMatchObject({ caller: { tenant: "default" } });
    expect(identify(inToken(tokenWith({ aud: "acme" })))).toMatchObject({ caller: { tenant: "acme" } });
    expect(outcomeOf(identify(inToken(tokenWith({ aud: "acme", tenant: "default" }))))).toBe("tenant_mismatch");
  });

  it("are not guessed from a token for two of them", () => {
    expect(outcomeOf(identify(inToken(tokenWith({ aud: ["acme", "sluice"] }))))).toBe("audience");
  });

  it("must be what a believed proxy says, on a cached token too", () => {
    const asking = (tenant: string) =>
      identify({ ...inToken(good), context: { "sluice.tenant": tenant }, proxy: proxyOf("default", "acme") });
    expect(outcomeOf(asking("default"))).toBe("ok");
    expect(asking("acme")).toMatchObject({ reason: "tenant_mismatch", tenant: "default" });
  });

  it("must be the proxy's, on a cached token too", () => {
    expect(outcomeOf(identify({ ...inToken(good), proxy: proxyOf("default") }))).toBe("ok");
    expect(identify({ ...inToken(good), proxy: proxyOf("acme") })).toMatchObject({ reason: "proxy_tenant", tenant: "default" });
  });

  it.each([
    ["nothing names the tenant", {}, "missing"],
    ["the tenant requires a token", { context: { "sluice.tenant": "default" }, proxy: proxyOf("default") }, "missing"],
    ["nobody knows the tenant", { context: { "sluice.tenant": "other" }, proxy: proxyOf("other") }, "missing"],
    ["the proxy may not speak for the tenant", { context: { "sluice.tenant": "acme" }, proxy: proxyOf("default") }, "missing"],
    ["a token was sent and is bad", { context: { "sluice.tenant": "acme" }, proxy: proxyOf("acme"), ...inToken("x") }, "malformed"],
  ])("admit no anonymous caller where %s", (_, call, reason) => {
    expect(outcomeOf(identify(call))).toBe(reason);
  });

  it("admit an anonymous caller where a believed proxy names one that requires no token", () => {
    const found = identify({ context: { "sluice.tenant": "acme" }, proxy: proxyOf("acme") });
    expect(found).toEqual({
      kind: "caller",
      via: null,
      caller: {
        tenant: "acme",
        agent: "anonymous",
        subject: null,
        actors: [],
        roles: [],
        groups: [],
        scope: null,
        labels: {},
        session: null,
        agentVersion: null,
        issuer: null,
        tokenId: null,
        credential: "anonymous",
        issuedAt: NOW,
      },
    });
  });

  it("admit an anonymous caller for the only tenant, if that requires no token", () => {
    const only = createTestIdentifier({ tenants: new Map([["default", { identity: { required: false } }]]) });
    expect(only({})).toMatchObject({ kind: "caller", caller: { tenant: "default", agent: "anonymous" } });
    expect(createTestIdentifier()({})).toEqual({
      kind: "refused",
      code: "token_missing",
      reason: "missing",
      tenant: "default",
      challenge: { to: "agent", withError: false },
    });
  });
});

describe("the cache of tokens", () => {
  const counting = () => {
    const counts: string[] = [];
    const count = (name: string, labels: Readonly<Record<string, string>>) => counts.push([name, labels["result"]].join(" ").trim());
    return { counts, observer: { count } };
  };

  it("gives the same caller again without a second verification", () => {
    const { counts, observer } = counting();
    const identify = createTestIdentifier({ observer });
    const [first, again] = [identify(inToken(good)), identify({ headers: { "proxy-authorization": `Bearer ${good}` } })];
    expect(first.kind === "caller" && again.kind === "caller" && first.caller === again.caller).toBe(true);
    expect(counts).toEqual(["sluice_identity_checks_total ok", "sluice_token_cache_hits_total", "sluice_identity_checks_total ok"]);
  });

  it("judges the times on every call", () => {
    const identify = createTestIdentifier();
    const token = tokenWith({ nbf: NOW - 1 });
    expect(outcomeOf(identify(inToken(token)))).toBe("ok");
    expect(identify(inToken(token), NOW_MS + 600_000)).toMatchObject({ code: "token_expired", reason: "expired", tenant: "default" });
    expect(outcomeOf(identify(inToken(token), NOW_MS - 7_000))).toBe("not_yet_valid");
    expect(outcomeOf(identify(inToken(token), NOW_MS - 16_000))).toBe("issued_in_future");
    expect(outcomeOf(identify(inToken(token)))).toBe("ok");
  });

  it("takes no other text for a token it knows", () => {
    const identify = createTestIdentifier();
    expect(outcomeOf(identify(inToken(good)))).toBe("ok");
    expect(outcomeOf(identify(inToken(withSpareBits(good))))).toBe("malformed");
    expect(outcomeOf(identify(inToken(good.replace(/[^.]+$/, Buffer.alloc(64, 1).toString("base64url")))))).toBe("signature");
  });

  it("verifies a forged token once", () => {
    const { counts, observer } = counting();
    const identify = createTestIdentifier({ observer });
    const forged = signToken(HEADER, CLAIMS, OTHER_KEY);
    expect(outcomeOf(identify(inToken(forged)))).toBe("signature");
    expect(outcomeOf(identify(inToken(forged)))).toBe("signature");
    const refusal = "sluice_identity_checks_total signature";
    expect(counts).toEqual([refusal, "sluice_token_cache_hits_total", refusal]);
  });

  it("forgets the tokens that were not seen for longest", () => {
    const { counts, observer } = counting();
    const identify = createTestIdentifier({ observer, cacheTokensMax: 2 });
    const tokens = ["a", "b", "c", "a", "c"].map((jti) => tokenWith({ jti }));
    expect(tokens.map((token) => outcomeOf(identify(inToken(token))))).toEqual(["ok", "ok", "ok", "ok", "ok"]);
    expect(counts.filter((name) => name === "sluice_token_cache_hits_total")).toHaveLength(1);
  });

  it("counts refusals by their reason", () => {
    const { counts, observer } = counting();
    const identify = createTestIdentifier({ observer });
    identify({});
    identify(inToken("x"));
    expect(counts).toEqual(["sluice_identity_checks_total missing", "sluice_identity_checks_total malformed"]);
  });
});

describe("no change of one letter", () => {
  it("makes a good token another good one", () => {
    const identify = createTestIdentifier();
    const letters = fc.constantFrom(..."ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.=+/ ");
    fc.assert(
      fc.property(fc.nat(good.length - 1), letters, (at, letter) => {
        const changed = good.slice(0, at) + letter + good.slice(at + 1);
        expect(outcomeOf(identify(inToken(changed))) === "ok").toBe(changed === good);
      }),
      { numRuns: 300 },
    );
  });

  it("makes a random text a good one", () => {
    const identify = createTestIdentifier();
    const text = fc.oneof(
      fc.string(),
      fc.tuple(fc.json(), fc.json()).map(([header, claims]) => signToken(header, claims)),
    );
    fc.assert(
      fc.property(text, (token) => {
        expect(identify(inToken(token)).kind).toBe("refused");
      }),
    );
  });
});

describe("a token that jose signed", () => {
  it("is read the same", async () => {
    const token = await new SignJWT({ sub: "agent-1", roles: ["a"] })
      .setProtectedHeader({ alg: "EdDSA", kid: "k1", typ: "at+jwt" })
      .setIssuer("https://i")
      .setAudience(["x", "sluice"])
      .setIssuedAt(NOW)
      .setExpirationTime(NOW + 60)
      .sign(KEY.privateKey);
    expect(createTestIdentifier()(inToken(token))).toMatchObject({ kind: "caller", caller: { agent: "agent-1", roles: ["a"] } });
  });
});
