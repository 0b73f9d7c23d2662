import { generateKeyPairSync } from "node:crypto";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type CheckAnswer, type CheckParts, decodeCheckResponse, encodeCheckRequest } from "../tools/check-request.ts";
import { type CheckClient, connectCheckClient } from "../tools/grpc-client.ts";
import { SOAK_FACTOR, seedOf } from "../tools/soak-factor.ts";
import { PROXY_SECRET, type Sluice, startSluice } from "../tools/start-sluice.ts";
import { type Bearer, holdsSsn, judgePlainly, type SeenRequest } from "./fuzz-reference.ts";

const SEED = seedOf(20_261_125);
const BATCHES = 100 * SOAK_FACTOR;
const BATCH = 100;
const AGENTS = 40 * SOAK_FACTOR;
const SSN = "536-22-8145";

/** Indexes into the tokens that are made once the server runs. */
type Who = { readonly kind: "finance" | "clinic" | "odd" | "bad"; readonly at: number };
type Plan = {
  readonly base: "payment" | "balance" | "record" | "search" | "appointment";
  readonly who: Who | null;
  readonly cents: number;
  readonly tweaks: readonly Tweak[];
  readonly edits: readonly Edit[];
};
type Tweak =
  | { readonly kind: "part"; readonly parts: Partial<CheckParts> }
  | { readonly kind: "header"; readonly name: string; readonly value: string }
  | { readonly kind: "token"; readonly who: Who; readonly header: string }
  | { readonly kind: "body"; readonly text: string };
type Edit = { readonly kind: "flip" | "insert" | "drop" | "cut" | "repeat"; readonly at: number; readonly byte: number };

const text = fc.oneof(
  fc.string({ maxLength: 30 }),
  fc.string({ unit: "binary", maxLength: 20 }),
  fc.constantFrom(SSN, "000-12-3456", "", "1"),
);
const methods = fc.oneof(
  fc.constantFrom("GET", "POST", "HEAD", "PUT", "DELETE", "CONNECT", "TRACE", "OPTIONS", "get", "Post", "", "GET /"),
  text,
);
const hosts = fc.oneof(
  fc.constantFrom(
    ...["api.stripe.com", "API.Stripe.com.", "api.stripe.com:80", "api.stripe.com:443", "api.stripe.com:8443", "ehr.clinic.internal"],
    ...["health.example.com", "health.example.com:80", "vault.clinic.internal", "evil.example.net", "localhost", "127.0.0.1", "[::1]"],
    ...["api.stripe.com.evil.example", "u@api.stripe.com", "api.stripe.com,ehr.clinic.internal", "api%2estripe.com", ""],
  ),
  fc.domain(),
  text,
);
const paths = fc.oneof(
  fc.constantFrom(
    ...["/v1/payment_intents", "/v1/payment_intents/", "/v1/payment%5fintents", "/V1/payment_intents", "/v1/x/../payment_intents"],
    ...["/v1/payment_intents?amount=1", "/v1/payment_intents.json", "/v1/payouts", "/v1/balance", "/v1/balance?x=1", "/v1%2fbalance"],
    ...["/patients/17", "/patients/17/notes", "/patients/17/notes/3", "/patients//17", `/patients/${SSN}`, `/patients/search?ssn=${SSN}`],
    ...[
      "/patients/all?export=csv",
      "/patients/17?debug=1",
      "/appointments",
      "/appointments/",
      "/appointments;x",
      "/patients/%2e%2e/v1",
      "*",
      "",
    ],
  ),
  fc.webPath(),
  text.map((one) => `/${one}`),
  text.map((one) => `/patients/17?q=${one}`),
);
const headerNames = fc.oneof(
  fc.constantFrom(
    ...["x-note", "x-debug", "x-patient-name", "content-type", "content-encoding", "content-length", "upgrade", "te", "host", "cookie"],
    ...["x-envoy-retry-on", "x-envoy-max-retries", "x-envoy-auth-partial-body", "x-sluice-token", "x-sluice-proxy", "proxy-authorization"],
    ...["x-http-method-override", "x-original-url", "amount", "authorization", ":path", ":method", ""],
  ),
  text,
);
const headerValues = fc.oneof(
  fc.constantFrom("application/json", "application/grpc", "application/x-www-form-urlencoded; charset=utf-16", "gzip", "identity", "true"),
  fc.constantFrom("websocket", "0", "5", "5, 5", "DELETE", "200", `ssn ${SSN}`),
  text,
);
const bodies = fc.oneof(
  fc.constantFrom(
    ...["amount=1&amount=900000&currency=usd", "amount=-1&currency=usd", "amount=1e3&currency=usd", "amount=NaN&currency=usd", "{}"],
    ...["amount=4000&currency=eur", "amount=500001&currency=usd", "amount=500000&currency=USD", "amount=99999999999999999999&currency=usd"],
    ...["amount=&currency=usd", "currency=usd", "Amount=900000&amount=1&currency=usd", "amount[]=900000&amount=1&currency=usd", ""],
    ...['{"patient":17}', `{"ssn":"${SSN}"}`, `{"\\u0073sn":"536-22-81\\u00345"}`, '{"a":1,"a":2}', `note=${SSN}`],
  ),
  fc.tuple(text, text).map(([amount, currency]) => `amount=${amount}&currency=${currency}`),
  text,
);
const whos: fc.Arbitrary<Who> = fc.record({
  kind: fc.constantFrom("finance", "clinic", "odd", "bad"),
  at: fc.nat(AGENTS - 1),
});
const parts: fc.Arbitrary<Partial<CheckParts>> = fc.oneof(
  methods.map((method) => ({ method })),
  hosts.map((host) => ({ host })),
  paths.map((path) => ({ path })),
  fc.constantFrom("http", "https", "", "HTTP", "ftp").map((scheme) => ({ scheme })),
  fc.constantFrom(null, "0", "5", "999999", "-1", "x").map((contentLength) => ({ contentLength })),
  fc.constantFrom<("true" | "false" | null)[]>("true", "false", null).map((partialBody) => ({ partialBody })),
  fc.nat(100_000).map((size) => ({ size })),
  fc.boolean().map((rawBody) => ({ rawBody })),
  fc.boolean().map((rawHeaders) => ({ rawHeaders })),
  fc.tuple(text, text).map(([name, value]) => ({ context: { [`${name}`]: value, "sluice.tenant": value } })),
  fc.tuple(text, text, text).map(([principal, protocol, id]) => ({ principal, protocol, id })),
);
const tweaks: fc.Arbitrary<Tweak> = fc.oneof(
  { weight: 4, arbitrary: parts.map((one) => ({ kind: "part", parts: one }) as const) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("header" as const), name: headerNames, value: headerValues }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("token" as const),
      who: whos,
      header: fc.constantFrom("x-sluice-token", "proxy-authorization"),
    }),
  },
  { weight: 2, arbitrary: bodies.map((one) => ({ kind: "body", text: one }) as const) },
);
const edits: fc.Arbitrary<Edit> = fc.record({
  kind: fc.constantFrom("flip", "insert", "drop", "cut", "repeat"),
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  byte: fc.nat(255),
});
const plans: fc.Arbitrary<Plan> = fc.record({
  base: fc.constantFrom("payment", "balance", "record", "search", "appointment"),
  who: fc.option(whos, { freq: 12 }),
  cents: fc.oneof(fc.nat(20_000), fc.nat(1_000_000)),
  tweaks: fc.oneof(fc.constant([]), fc.array(tweaks, { maxLength: 3 })),
  edits: fc.oneof({ weight: 3, arbitrary: fc.constant([]) }, { weight: 1, arbitrary: fc.array(edits, { minLength: 1, maxLength: 4 }) }),
});

describe("10,000 random and mutated calls", () => {
  let sluice: Sluice;
  let client: CheckClient;
  let stranger: CheckClient;
  const good = new Map<string, Bearer>();
  const tokens: Record<Who["kind"], string[]> = { finance: [], clinic: [], odd: [], bad: [] };

  beforeAll(async () => {
    sluice = await startSluice();
    client = connectCheckClient(sluice.grpcAddress, { secret: PROXY_SECRET });
    stranger = connectCheckClient(sluice.grpcAddress);
    const issue = async (kind: Who["kind"], agent: string, more: Partial<Omit<Bearer, "agent">> = {}) => {
      const { roles = [], actors = [], scope = null } = more;
      const subject = actors.length === 0 ? null : "ana";
      const token = await sluice.issue(agent, { roles, actors, subject, scope: scope === null ? null : [scope] });
      tokens[kind].push(token);
      good.set(token, { agent, roles, actors, scope });
    };
    for (let at = 0; at < AGENTS; at++) {
      await issue("finance", `finance-${at}`);
      await issue("clinic", `clinic-${at}`, { roles: at % 2 === 0 ? ["scheduler"] : ["reader"] });
      await issue("odd", ["support-1", "clinic-export", "Finance-1", `x-finance-${at}`][at % 4] ?? "x");
      await issue("odd", `finance-o${at}`, { actors: [at % 2 === 0 ? "planner-1" : "broker-1"] });
      await issue("odd", `finance-s${at}`, { scope: ["tool:stripe.read_balance", "host:api.stripe.com", "tool:nothing"][at % 3] ?? null });
    }
    const foreign = { kid: sluice.server.keys.agents?.kid ?? "", ...generateKeyPairSync("ed25519") };
    tokens.bad.push(await sluice.issue("finance-1", { key: foreign }), await sluice.issue("finance-1", { issuer: "https://evil.example" }));
    tokens.bad.push(
      await sluice.issue("finance-1", { nowMs: Date.now() - 7_200_000 }),
      await sluice.issue("clinic-1", { audience: "other" }),
    );
    tokens.bad.push(await sluice.issue("finance-1", { lifetimeMs: 86_400_000 }), "", "a.b.c", (tokens.finance[0] ?? "").slice(0, -1));
  });
  afterAll(async () => {
    client?.close();
    stranger?.close();
    await sluice?.stop();
  });

  const tokenOf = ({ kind, at }: Who) => tokens[kind][at % tokens[kind].length] ?? "";

  function partsOf({ base, who, cents, tweaks: applied }: Plan): CheckParts {
    const kind = who ?? ({ kind: base === "payment" || base === "balance" ? "finance" : "clinic", at: cents % AGENTS } satisfies Who);
    // Without a prototype, for headers called `valueOf`.
    const headers: Record<string, string | readonly string[]> = Object.create(null);
    headers["x-sluice-token"] = tokenOf(kind);
    let built: CheckParts = { scheme: "http", ...BASES[base](cents) };
    for (const tweak of applied) {
      switch (tweak.kind) {
        case "part":
          built = { ...built, ...tweak.parts };
          break;
        case "body":
          built = { ...built, body: tweak.text };
          break;
        case "header":
          headers[tweak.name] = name(headers[tweak.name], tweak.value);
          break;
        case "token":
          headers[tweak.header] = name(
            tweak.header === "x-sluice-token" ? undefined : headers[tweak.header],
            `Bearer ${tokenOf(tweak.who)}`,
          );
      }
    }
    return { ...built, headers: { ...built.headers, ...headers } };
  }

  async function askAll(batch: readonly Plan[]) {
    const requests = batch.map((plan) => mutate(encodeCheckRequest(partsOf(plan)), plan.edits));
    // Four out of five as from our proxy, the others as from anyone on this machine.
    const answers = await Promise.all(requests.map((bytes, at) => (at % 5 === 0 ? stranger : client).check(bytes)));
    return requests.map((bytes, at) => ({ plan: batch[at], bytes, answer: decodeCheckResponse(answers[at] ?? Buffer.alloc(0)) }));
  }

  it("are each answered, and go on only where a plain reading of the policies permits them", async () => {
    const seen = new Map<string, number>();
    const spent = new Map<string, number>();
    let answered = 0;
    const property = fc.asyncProperty(fc.array(plans, { minLength: BATCH, maxLength: BATCH, size: "max" }), async (batch) => {
      for (const { plan, bytes, answer } of await askAll(batch)) {
        answered += 1;
        const key = keyOf(answer);
        seen.set(key, (seen.get(key) ?? 0) + 1);
        if (answer.code !== 0) {
          expect([answer.arm, STATUSES[answer.code]?.includes(answer.httpStatus)]).toEqual(["denied", true]);
          // No proxy can send such a name; what would set it in the answer is stopped by the encoder.
          const unsendable = plan?.tweaks.some((tweak) => tweak.kind === "header" && !TOKEN.test(tweak.name)) === true;
          expect({ plan, faulted: key === "deny fault internal" && !unsendable }).toEqual({ plan, faulted: false });
          continue;
        }
        const verdict = judgePlainly(bytes, good);
        expect({ plan, verdict, arm: answer.arm }).toMatchObject({ verdict: { kind: "permitted" }, arm: "ok" });
        if (verdict.kind !== "permitted") continue;
        spent.set(verdict.agent, (spent.get(verdict.agent) ?? 0) + verdict.cents);
        expect({ plan, leaks: leaksOf(verdict.request, answer, verdict.clinic) }).toEqual({ plan, leaks: [] });
      }
    });
    await fc.assert(property, { seed: SEED, numRuns: BATCHES, endOnFailure: true });
    expect(answered).toBe(BATCHES * BATCH);
    expect(seen.get("allow") ?? 0).toBeGreaterThan(500);
    expect(seen.get("sanitize") ?? 0).toBeGreaterThan(200);
    for (const reached of ["approval_needed", "deny policy", "deny identity", "deny malformed", "deny limit"]) {
      expect([...seen.keys()].filter((key) => key.startsWith(reached))).not.toEqual([]);
    }
    expect([...spent].filter(([, cents]) => cents > 1_000_000)).toEqual([]);
  });
});

const FORM = { "content-type": "application/x-www-form-urlencoded" };
const BASES = {
  payment: (cents) => ({
    method: "POST",
    host: "api.stripe.com",
    path: "/v1/payment_intents",
    headers: FORM,
    body: `amount=${cents}&currency=usd&destination=acct_1`,
  }),
  balance: () => ({ host: "api.stripe.com", path: "/v1/balance" }),
  record: (cents) => ({ host: cents % 2 === 0 ? "ehr.clinic.internal" : "health.example.com", path: `/patients/${cents}` }),
  search: () => ({ host: "health.example.com", path: `/patients/search?ssn=${SSN}&page=2`, headers: { "x-note": `ssn ${SSN}` } }),
  appointment: (cents) => ({
    method: "POST",
    host: "ehr.clinic.internal",
    path: "/appointments",
    headers: { "content-type": "application/json" },
    body: `{"patient":${cents}}`,
  }),
} satisfies Record<Plan["base"], (cents: number) => CheckParts>;

/** A header's name, RFC 9110 section 5.6.2. */
const TOKEN = /^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/;

/** The HTTP statuses that belong to a code of contract section 4. */
const STATUSES: Readonly<Record<number, readonly number[]>> = { 3: [400], 7: [403], 8: [402, 429], 14: [503], 16: [401, 407] };

function keyOf({ code, error, headers, metadata }: CheckAnswer): string {
  if (code === 0) return String(metadata["decision"]);
  if (error === null) return `grpc ${headers["grpc-status"]}`;
  return error["decision"] === "deny" ? `deny ${error["class"]} ${error["code"]}` : String(error["decision"]);
}

function name(known: string | readonly string[] | undefined, value: string): string | readonly string[] {
  return known === undefined ? value : [...(typeof known === "string" ? [known] : known), value];
}

function mutate(bytes: Buffer, list: readonly Edit[]): Buffer {
  let edited = bytes;
  for (const { kind, at, byte } of list) {
    const i = Math.floor(at * edited.length);
    const [before, after] = [edited.subarray(0, i), edited.subarray(i)];
    switch (kind) {
      case "flip":
        edited = Buffer.concat([before, Buffer.from([(after[0] ?? 0) ^ (byte || 1)]), after.subarray(1)]);
        break;
      case "insert":
        edited = Buffer.concat([before, Buffer.from([byte]), after]);
        break;
      case "drop":
        edited = Buffer.concat([before, after.subarray(1 + (byte % 8))]);
        break;
      case "cut":
        edited = before;
        break;
      case "repeat":
        edited = Buffer.concat([before, after, after.subarray(0, byte)]);
    }
  }
  return edited;
}

/** What must not go upstream and would. */
function leaksOf(request: SeenRequest, answer: CheckAnswer, clinic: boolean): readonly string[] {
  // Envoy drops a `host` beside the authority, and the files of envoy/ every x-envoy-* of the caller.
  const passes = (key: string) => key !== "host" && !key.startsWith("x-envoy-");
  const left = request.headers.filter(([key]) => passes(key) && !answer.removed.includes(key) && !Object.hasOwn(answer.headers, key));
  const sent = [...left, ...Object.entries(answer.headers)];
  const path = answer.headers[":path"] ?? request.path;
  const names = sent.map(([key]) => key);
  const leaks = names.filter((key) => key === "proxy-authorization" || key.startsWith("x-sluice-") || key === "x-http-method-override");
  if (!clinic) return leaks;
  const numbers = [path, ...sent.map(([, value]) => value)].filter(holdsSsn);
  return [...leaks, ...numbers, ...names.filter((key) => key === "x-patient-name"), ...(/[?&]debug=/.test(path) ? ["debug"] : [])];
}
