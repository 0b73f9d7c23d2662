import fc from "fast-check";

/** Small policies over few names, so that rules meet calls and each other often. */
export type RandomRule = { readonly verdict: string | null; readonly lines: readonly string[]; readonly limit: boolean };

export const TOOLS = `tools:
  pay:
    http: { method: POST, host: pay.example, path: /v1/pay, body: json }
    args: { sum: { from: json.sum }, cur: { from: json.cur }, to: { from: json.to }, tags: { from: json.tags } }
    amount: { value: args.sum, unit: minor, currency: args.cur }
  read: { http: { method: GET, host: pay.example, path: "/v1/items/:id" }, args: { id: { from: path.id }, to: { from: query.to } } }
`;

/** None of these asks whether something is there. */
export const PLAIN = [
  "args.sum > 5",
  "args.sum <= 500 || args.sum == 700",
  "amount > usd(5)",
  "amount <= usd(5) && amount != usd(1)",
  'args.to == "x"',
  '!(args.to in ["x", "y"])',
  'args.to.startsWith("x")',
  'args.tags.exists(t, t == "x")',
  'args.tags.all(t, t != "x")',
  'http.headers["x-a"] == "1"',
  'http.query["to"] != "x"',
  'caller.subject == "ana"',
  'caller.labels["team"] in ["a", "b"]',
  'caller.roles.exists(r, r == "admin")',
  'http.method == "GET"',
] as const;

export const PRESENCE = ["has(args.to)", "!has(args.sum)", '"x-a" in http.headers', '!("team" in caller.labels)'] as const;

/** Of a guardrail outside its own tools: nothing that a catalogue says. */
const OUTSIDE = PLAIN.filter((condition) => !/args|amount/.test(condition));

const MATCHES = {
  agents: ["a-*", "b-1", "'*'"],
  hosts: ["pay.example", ".example", "other.example"],
  methods: ["GET", "POST"],
  paths: ["/v1/pay", "'/v1/**'", "'/:x/items/*'"],
  protocols: ["http", "tunnel"],
  roles: ["admin", "ops-*"],
  groups: ["treasury", "'*'"],
  models: ["gpt-*"],
} as const;

const ALL_TOOLS = ["pay", "read", "unknown", "'*'"] as const;

const list = (values: readonly string[]) =>
  fc.subarray([...values], { minLength: 1, maxLength: Math.min(2, values.length) }).map((some) => `[${some.join(", ")}]`);

const match = (tools: readonly string[]) =>
  fc
    .tuple(
      fc.subarray(Object.keys(MATCHES), { maxLength: 2 }),
      fc.record(Object.fromEntries(Object.entries(MATCHES).map(([key, values]) => [key, list(values)]))),
      fc.option(list(tools)),
    )
    .map(([keys, values, named]) => [...(named === null ? [] : [`tools: ${named}`]), ...keys.map((key) => `${key}: ${values[key]}`)]);

const condition = (atoms: readonly string[]) =>
  fc
    .tuple(fc.constantFrom(...atoms), fc.constantFrom(" && ", " || "), fc.option(fc.constantFrom(...atoms), { freq: 2 }), fc.boolean())
    .map(([a, join, b, negated]) => {
      const whole = b === null ? a : `${a}${join}${b}`;
      return negated ? `!(${whole})` : whole;
    });

const CHANGES = ["redact: [{ header: x-a }]", "remove: [x-b]", "redact: [{ query: to, with: mask }]"];

type Vocabulary = { readonly thens: readonly (string | null)[]; readonly atoms: readonly string[]; readonly tools: readonly string[] };

function randomRule({ thens, atoms, tools }: Vocabulary): fc.Arbitrary<RandomRule> {
  const parts = fc.record({
    verdict: fc.constantFrom(...thens),
    match: match(tools),
    condition: fc.option(condition(atoms), { freq: 3 }),
    change: fc.constantFrom(...CHANGES),
    changes: fc.boolean(),
  });
  return parts.map(({ verdict, match: dimensions, condition: text, change, changes }) => ({
    verdict,
    limit: verdict === "limit",
    lines: [
      ...(dimensions.length === 0 ? [] : [`match: { ${dimensions.join(", ")} }`]),
      ...(text === null ? [] : [`if: |\n        ${text}`]),
      ...(verdict === "limit" ? ["per: [agent]", "rate: 5/s"] : []),
      ...(verdict === null || verdict === "limit" ? [] : [`then: ${verdict}`]),
      ...(verdict === "approval_needed" ? ["approval: { from: [treasury] }"] : []),
      ...(verdict === null || (changes && verdict === "allow") ? [change] : []),
    ],
  }));
}

const LOOSE: Vocabulary = {
  thens: ["allow", "allow", "allow", "deny", "approval_needed", null, "limit"],
  atoms: [...PLAIN, ...PRESENCE],
  tools: ALL_TOOLS,
};

export const ANY_RULE = randomRule(LOOSE);
export const PLAIN_RULE = randomRule({ ...LOOSE, atoms: PLAIN });
export const RESTRICTING_RULE = randomRule({ ...LOOSE, thens: ["deny", null, "limit"] });
/** A rule that a guardrail may have, and what it may read there. */
export const GUARD_RULE = fc.oneof(
  randomRule({ thens: ["deny", "approval_needed", null, "limit"], atoms: OUTSIDE, tools: ALL_TOOLS }),
  randomRule({ thens: ["deny", "approval_needed", null, "limit"], atoms: PLAIN, tools: ["pay", "read"] }).map((rule) => ({
    ...rule,
    lines: rule.lines.some((line) => line.includes("tools:"))
      ? rule.lines
      : ["match: { tools: [pay, read] }", ...rule.lines.filter((line) => !line.startsWith("match"))],
  })),
);

/** One policy file; ids say the place in the list, so that a reordered list keeps its ids. */
export function policyOf(name: string, rules: readonly (RandomRule & { readonly id?: string })[]): string {
  const part = (limits: boolean) =>
    rules.flatMap((rule, at) =>
      rule.limit === limits ? [`  - id: ${rule.id ?? `r${at}`}\n${rule.lines.map((line) => `    ${line}\n`).join("")}`] : [],
    );
  const section = (key: string, parts: readonly string[]) => (parts.length === 0 ? "" : `${key}:\n${parts.join("")}`);
  return `policy: ${name}\n${section("rules", part(false))}${section("limits", part(true))}`;
}

export type RandomCall = {
  readonly agent: string;
  readonly subject: string | null;
  readonly roles: readonly string[];
  readonly groups: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
  readonly method: string;
  readonly host: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly json: Readonly<Record<string, unknown>>;
};

const text = fc.constantFrom("x", "y", "xy", "1", "");
const some = <T>(parts: { readonly [key in keyof T]: fc.Arbitrary<T[key]> }) => fc.record(parts, { requiredKeys: [] });

export const CALL: fc.Arbitrary<RandomCall> = fc.record({
  agent: fc.constantFrom("a-1", "b-1", "c"),
  subject: fc.constantFrom(null, "ana", "bob"),
  roles: fc.subarray(["admin", "ops-1"]),
  groups: fc.subarray(["treasury", "audit"]),
  labels: some({ team: fc.constantFrom("a", "c") }).map((labels): Readonly<Record<string, string>> => ({ ...labels })),
  method: fc.constantFrom("GET", "POST", "POST", "CONNECT"),
  host: fc.constantFrom("pay.example", "pay.example", "other.example", "far.test"),
  path: fc.constantFrom("/v1/pay", "/v1/pay", "/v1/items/7", "/v2"),
  query: some({ to: text }).map((query): Readonly<Record<string, string>> => ({ ...query })),
  headers: some({ "x-a": text, "x-b": text }).map((headers): Readonly<Record<string, string>> => ({ ...headers })),
  json: some({
    sum: fc.constantFrom<unknown>(3, 600, 700, "600", null),
    cur: fc.constantFrom<unknown>("usd", "eur", 1),
    to: fc.constantFrom<unknown>("x", "z", 5),
    tags: fc.constantFrom<unknown>([], ["x"], ["y", 1], "x"),
  }).map((json): Readonly<Record<string, unknown>> => ({ ...json })),
});
