import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { loadSettings } from "../../../src/config/load-settings.ts";
import { describeProblem } from "../../../src/config/problem.ts";
import { createFolder, loadText, problemsOf, settingsOf } from "./load.ts";

const folder = createFolder();
const problems = (text: string, env = {}) => problemsOf(loadText(folder, text, env));

const issuers = "issuers: [{ issuer: https://i.example, audience: sluice, keys: ./i.jwks.json }]";
const NO_BUNDLE = { bundle: null, bundleKeys: [], unsignedBundlesAllowed: false, bundleFetch: null };
const proxy = (auth: string) => `proxies: [{ name: edge, auth: ${auth}, tenants: [default] }]`;

describe("loadSettings", () => {
  it.each([
    ["lisen: {}", '1:1 lisen: unknown key; the nearest is "listen"; allowed: listen, proxies'],
    [
      "listen:\n  grcp: a:1",
      '2:3 listen.grcp: unknown key; the nearest is "grpc"; allowed: grpc, http, hosts, agents, callbacks, metrics, tls',
    ],
    [
      "proxies:\n  - name: a\n    auth: { unix: true }\n    tenants: [default]\n    boddy: {}",
      '5:5 proxies[0].boddy: unknown key; the nearest is "body"; allowed: name, auth, tenants',
    ],
    ["tenants: { default: { identity: { isuers: [] } } }", '1:35 tenants.default.identity.isuers: unknown key; the nearest is "issuers"'],
    ["identity: { isuers: [] }", '1:13 identity.isuers: unknown key; the nearest is "issuers"'],
    ["constructor: 1", "1:1 constructor: unknown key; allowed:"],
    ["__proto__: 1", "1:1 : a key must be a plain name other than __proto__"],
    ["? [a]\n: 1", "1:3 : a key must be a plain name other than __proto__"],
    ["deadline: 1s\ndeadline: 2s", "2:1 : Map keys must be unique"],
    ["deadline: [", "1:12 : Flow sequence in block collection must be sufficiently indented"],
    ["deadline: !!js x", "1:11 : Unresolved tag"],
    ["<<: {deadline: 1s}", "1:1 <<: unknown key"],
    ["- a", "1:1 : found a list; expected: a mapping"],
    ["deadline: 150", "1:11 deadline: found number 150; expected: a duration such as 150ms, 5s, 30m or 1h"],
    ["deadline: 150 ms", '1:11 deadline: found "150 ms"; a duration from 5ms to 10s is expected'],
    ["deadline: 1h", '1:11 deadline: found "1h"; a duration from 5ms to 10s is expected'],
    ["deadline: null", "1:11 deadline: found nothing; expected: a duration"],
    ["listen: { hosts: ['http://x'] }", "1:19 listen.hosts[0]: expected a name with its port, for example sluice.prod.svc:9190"],
    ["listen: { grpc: nowhere }", '1:17 listen.grpc: found "nowhere"; an address is expected'],
    ["listen: { grpc: 127.0.0.1:65536 }", '1:17 listen.grpc: found "127.0.0.1:65536"; an address is expected'],
    ["listen: { tls: { cert: a } }", "1:16 listen.tls.key: is required; expected: text"],
    ["mode: shadwo", '1:7 mode: found "shadwo"; allowed: enforce, shadow; the nearest is "shadow"'],
    ["workers: '1'", "1:10 workers: found text; expected: a whole number"],
    ["allow_unauthenticated_proxies: yes", "1:32 allow_unauthenticated_proxies: found text; expected: true or false"],
    ["tenants: { 'a b': {} }", "1:12 tenants.a b: a name is 1 to 128 of"],
    [proxy("{ secret: hunter2 }"), "1:41 proxies[0].auth.secret: found text; expected: a mapping"],
    [proxy("{ secret: { file: a, env: B } }"), "1:41 proxies[0].auth.secret: a secret is either {file: PATH} or {env: NAME}"],
    [proxy("{}"), "1:31 proxies[0].auth: a proxy proves itself by exactly one of"],
    [proxy("{ unix: true, secret: { env: B } }"), "1:31 proxies[0].auth: a proxy proves itself by exactly one of"],
    ["identity: { headers: [] }", "1:22 identity.headers: Too small"],
    ["identity: { headers: [X-Token] }", "1:23 identity.headers[0]: a header name in lower case is expected"],
    ["identity: { headers: [a, a] }", "1:22 identity.headers: a header is listed twice"],
    ["audit: { sinks: [] }", "1:17 audit.sinks: Too small"],
    ["audit: { sinks: [file, file] }", "1:17 audit.sinks: a sink is listed twice"],
    ["telemetry: { otlp: { endpoint: http://u:secret@c:4317 } }", "1:32 telemetry.otlp.endpoint: a URL without credentials is expected"],
    ["telemetry: { sample: 2 }", "1:22 telemetry.sample: Too big"],
    ["identity: { issuers: [{ issuer: a, audience: b, keys: 3 }] }", "1:55 identity.issuers[0].keys: a JWKS is expected"],
    [
      "identity: { issuers: [{ issuer: a, audience: b, keys: k, types: [sluice-grant+jwt] }] }",
      "1:65 identity.issuers[0].types: a type that Sluice itself signs",
    ],
  ])("refuses %j at its place", (text, expected) => {
    expect(problems(text)).toEqual([expect.stringContaining(expected)]);
  });

  it.each([
    ["workers: 2", "1:10 workers: workers above 1 are not built yet"],
    ["on_fault: allow", "1:11 on_fault: on_fault: allow is not built yet; built: deny"],
    ["on_fault_routes: true", "1:18 on_fault_routes: on_fault_routes: not built yet"],
    ["public_url: https://a", "1:13 public_url: public_url: not built yet"],
    ["opa: {}", "1:6 opa: opa: not built yet"],
    ["state: { redis: { url: redis://a } }", "1:17 state.redis: redis: not built yet"],
    ["state: { postgres: {} }", "1:20 state.postgres: postgres: not built yet"],
    ["listen: { http: unix:run/http }", "http: a Unix socket is not built yet; give host:port"],
    ["listen: { agents: 127.0.0.1:1 }", "1:19 listen.agents: agents: not built yet"],
    ["listen: { callbacks: 127.0.0.1:1 }", "1:22 listen.callbacks: callbacks: not built yet"],
    ["listen: { metrics: 127.0.0.1:1 }", "1:20 listen.metrics: metrics: not built yet"],
    ["identity: { mtls: true }", "1:19 identity.mtls: mtls: true is not built yet"],
    [
      "identity: { issuers: [{ issuer: a, audience: b, keys: https://i/k }] }",
      "1:55 identity.issuers[0].keys: keys: a URL is not built yet",
    ],
    ["limits: { expected_servers: 3 }", "1:29 limits.expected_servers: expected_servers above 1 is not built yet"],
    ["audit: { sinks: [file, postgres] }", "1:24 audit.sinks[1]: sinks: postgres is not built yet; built: file, stdout"],
    ["approvals: { channels: {} }", "1:24 approvals.channels: channels: not built yet"],
    ["people: [{ name: ana, slack: U1 }]", "1:30 people[0].slack: slack: not built yet"],
    ["people: [{ name: ana, teams: t }]", "1:30 people[0].teams: teams: not built yet"],
    [
      "proxies: [{ name: a, auth: { secret: { env: S } }, tenants: [default], trust: [metadata] }]",
      "1:80 proxies[0].trust[0]: trust: metadata is not built yet; built: principal, context, explain",
    ],
    [
      "proxies: [{ name: a, auth: { secret: { env: S } }, tenants: [default], ext_proc: true }]",
      "1:82 proxies[0].ext_proc: ext_proc: true is not built yet",
    ],
  ])("ends the start of %j as not built yet", (text, expected) => {
    expect(problems(text)).toEqual([expect.stringContaining(expected)]);
  });

  it.each([
    [
      `tenants: { default: {} }\nmode: shadow\nidentity: { ${issuers} }`,
      ["2:1 mode: belongs into a tenant", "3:13 identity.issuers: belongs into a tenant"],
    ],
    [
      `tenants:\n  a: { identity: { ${issuers} } }\n  b: { identity: { ${issuers} } }`,
      ["3:30 tenants.b.identity.issuers[0]: this issuer and audience is already given (also tenants.a.identity.issuers[0] at 2:30)"],
    ],
    [
      `tenants:\n  a: { identity: { ${issuers} } }\n  b: {}`,
      ["3:3 tenants.b: has no issuer, so no agent could be identified; give one in identity.issuers"],
    ],
    ["tenants: { a: {} }", ["1:12 tenants.a: has no issuer, so no agent could be identified; give one in identity.issuers"]],
    [
      "proxies: [{ name: a, auth: { secret: { env: S } }, tenants: [nobody] }]",
      ["1:62 proxies[0].tenants[0]: no such tenant; there are: default"],
    ],
    [
      "proxies:\n  - { name: a, auth: { secret: { env: S } }, tenants: [default] }\n  - { name: a, auth: { secret: { env: T } }, tenants: [default] }",
      ["3:13 proxies[1].name: this proxy's name is already given (also proxies[0].name at 2:13)"],
    ],
    [
      "operators: [{ name: admin, token: { file: t }, roles: [viewer], tenants: [default] }]",
      ["1:21 operators[0].name: admin is the operator of <state.folder>/operator.token; choose another name"],
    ],
    ["people: [{ name: ana, operator: ana }]", ["1:33 people[0].operator: no such operator; there are: admin"]],
    [
      "people: [{ name: ana, subjects: [u1] }, { name: bob, subjects: [u1] }]",
      ["1:65 people[1].subjects[0]: this identity of a person is already given (also people[0].subjects[0] at 1:34)"],
    ],
    [
      "people: [{ name: ana, operator: admin }, { name: bob, operator: admin }]",
      ["1:65 people[1].operator: this identity of a person is already given (also people[0].operator at 1:33)"],
    ],
    [
      "listen: { grpc: 0.0.0.0:9191 }",
      [
        "1:17 listen.grpc: listens off loopback and no proxy can prove itself: give `proxies`, or write allow_unauthenticated_proxies: true",
      ],
    ],
    [
      "listen: { grpc: 127.0.0.1:1, http: 127.0.0.1:1 }",
      ["1:36 listen.http: is the same address as listen.grpc (also listen.grpc at 1:17)"],
    ],
    ["listen: { grpc: unix:s, tls: { cert: a, key: b } }", ["1:30 listen.tls: a Unix socket has no TLS (also listen.grpc at 1:17)"]],
    [proxy("{ unix: true }"), ["1:31 proxies[0].auth: unix: true needs listen.grpc: unix:PATH (also listen.grpc)"]],
    [
      "listen: { grpc: unix:s }\nproxies:\n  - { name: a, auth: { unix: true }, tenants: [default] }\n  - { name: b, auth: { unix: true }, tenants: [default] }",
      ["4:22 proxies[1].auth: this proof of a proxy is already given (also proxies[0].auth at 3:22)"],
    ],
    [
      "proxies:\n  - { name: a, auth: { secret: { env: S } }, tenants: [default] }\n  - { name: b, auth: { secret: { env: S } }, tenants: [default] }",
      ["3:22 proxies[1].auth: this proof of a proxy is already given (also proxies[0].auth at 2:22)"],
    ],
    ["guardrails: ./g", ["1:1 guardrails: stands only where every tenant has its `policies`, and default runs the embedded examples"]],
    [
      `guardrails: ./g\ntenants: { a: { policies: ./p, identity: { ${issuers} } }, b: { identity: { required: false } } }`,
      ["1:1 guardrails: stands only where every tenant has its `policies`, and b runs the embedded examples"],
    ],
    [
      "tenants: { default: { guardrails: ./g } }",
      ["1:23 tenants.default.guardrails: stands only where every tenant has its `policies`, and default runs the embedded examples"],
    ],
    [proxy("{ client_certificate: edge }"), ["1:31 proxies[0].auth: client_certificate needs listen.tls.client_ca"]],
  ])("refuses the contradiction in %j", (text, expected) => {
    expect(problems(text)).toEqual(expected.map((start) => expect.stringContaining(start)));
  });

  it("refuses an empty file's defaults nowhere", () => {
    expect(problems("")).toEqual([]);
  });

  it("refuses a file that is not there", () => {
    const loaded = loadSettings({ file: "absent.yaml", env: {}, cwd: folder });
    expect(loaded).toEqual({
      kind: "invalid",
      problems: [{ file: "absent.yaml", line: null, column: null, path: "", message: "cannot be read: ENOENT" }],
    });
  });

  it("refuses an alias that multiplies", () => {
    const bomb = [
      "a: &a [x, x, x, x, x, x, x, x, x]",
      ...["b", "c", "d"].map((k, i) => `${k}: &${k} [${Array(9).fill(`*${"abc"[i]}`).join(", ")}]`),
    ];
    expect(problems(bomb.join("\n"))).toEqual(["1:1 : Excessive alias count indicates a resource exhaustion attack"]);
  });

  it("never quotes what stands in the place of a secret", () => {
    const text = `${proxy("{ secret: hunter2 }")}\noperators: [{ name: a, token: hunter2, roles: [viewer], tenants: [default] }]\nkeys: { grants: hunter2 }`;
    const found = problems(text);
    expect(found).toHaveLength(3);
    expect(found.join()).not.toContain("hunter2");
  });

  it("tells every problem at once, with its file", () => {
    const loaded = loadText(folder, "deadline: 1\nworkers: 2\nmode: x");
    const lines = loaded.kind === "invalid" ? loaded.problems.map(describeProblem) : [];
    expect(lines.map((line) => line.split(": ", 2).join(": ")).sort()).toEqual([
      "sluice.yaml:1:11: deadline",
      "sluice.yaml:2:10: workers",
      "sluice.yaml:3:7: mode",
    ]);
  });

  it("is complete with nothing written", () => {
    expect(settingsOf(loadText(folder, ""))).toEqual({
      listen: {
        grpc: { kind: "tcp", host: "127.0.0.1", port: 9191 },
        http: { kind: "tcp", host: "127.0.0.1", port: 9190 },
        hosts: [],
        tls: null,
      },
      proxies: [],
      allowUnauthenticatedProxies: false,
      workers: 1,
      deadlineMs: 150,
      onFault: "deny",
      keys: { grants: null, receipts: null, agents: null },
      operators: [],
      people: [],
      tenants: new Map([
        [
          "default",
          { mode: "enforce", policiesFolder: null, guardrailsFolder: null, ...NO_BUNDLE, identity: { required: true, issuers: [] } },
        ],
      ]),
      guardrailsFolder: null,
      identity: { headers: ["x-sluice-token", "proxy-authorization"], tokenMaxLifetimeMs: 3_600_000, clockSkewMs: 5_000 },
      state: { folder: join(folder, ".sluice"), unsharedAccepted: false },
      shutdown: { delayMs: 5_000, graceMs: 10_000 },
      approvals: {},
      limits: { expectedServers: 1 },
      audit: { sinks: ["file"] },
      telemetry: { otlp: null, sample: 0.01, logLevel: "info" },
    });
  });

  it("runs on the defaults where there is no file", () => {
    const loaded = loadSettings({ file: null, env: {}, cwd: join(folder, "nowhere") });
    expect(loaded).toMatchObject({ kind: "settings", file: null });
  });

  it("reads the file that SLUICE_CONFIG names, unless one is given", () => {
    writeFileSync(join(folder, "other.yaml"), "deadline: 20ms");
    writeFileSync(join(folder, "given.yaml"), "deadline: 30ms");
    const env = { SLUICE_CONFIG: "other.yaml" };
    expect(settingsOf(loadSettings({ file: null, env, cwd: folder })).deadlineMs).toBe(20);
    expect(settingsOf(loadSettings({ file: "given.yaml", env, cwd: folder })).deadlineMs).toBe(30);
  });

  it("keeps the fleet's guardrails apart from a tenant's", () => {
    const settings = settingsOf(loadText(folder, "guardrails: ./fleet\ntenants: { default: { policies: ./p, guardrails: ./own } }"));
    expect(settings.guardrailsFolder).toBe(join(folder, "fleet"));
    expect(settings.tenants.get("default")?.guardrailsFolder).toBe(join(folder, "own"));
  });

  it("gives the only tenant the keys of the top level", () => {
    const text = `mode: shadow\npolicies: ./p\nidentity: { headers: [x-sluice-token], required: false, ${issuers} }`;
    const settings = settingsOf(loadText(folder, text));
    expect(settings.tenants).toEqual(
      new Map([
        [
          "default",
          {
            mode: "shadow",
            policiesFolder: join(folder, "p"),
            guardrailsFolder: null,
            ...NO_BUNDLE,
            identity: {
              required: false,
              issuers: [
                {
                  issuer: "https://i.example",
                  audience: "sluice",
                  keys: join(folder, "i.jwks.json"),
                  types: ["JWT", "at+jwt", "sluice-agent+jwt", "absent"],
                },
              ],
            },
          },
        ],
      ]),
    );
    expect(settings.identity.headers).toEqual(["x-sluice-token"]);
  });

  it("puts --policies over the only tenant's, and refuses it for several", () => {
    const several = `tenants:\n  a: { identity: { required: false } }\n  b: { identity: { required: false } }`;
    writeFileSync(join(folder, "one.yaml"), "policies: ./from-file");
    writeFileSync(join(folder, "several.yaml"), several);
    const load = (file: string) => loadSettings({ file, env: {}, cwd: folder, policies: "from-command" });
    expect(settingsOf(load("one.yaml")).tenants.get("default")?.policiesFolder).toBe(join(folder, "from-command"));
    expect(problemsOf(load("several.yaml"))).toEqual(["1:1 tenants: --policies needs exactly one tenant"]);
  });

  it.each([
    [{ secret: { env: "S" } }, { kind: "secret", secret: { kind: "env", name: "S" } }, ""],
    [{ unix: true }, { kind: "unix" }, "listen: { grpc: unix:run/s }\n"],
    [
      { client_certificate: "spiffe://a/edge" },
      { kind: "client_certificate", name: "spiffe://a/edge" },
      "listen: { tls: { cert: c, key: k, client_ca: ca } }\n",
    ],
  ])("takes the proof %j of a proxy", (auth, expected, listen) => {
    const text = `${listen}proxies: [{ name: edge, auth: ${JSON.stringify(auth)}, tenants: [default], trust: [context], body: { max_bytes: 9 } }]`;
    expect(settingsOf(loadText(folder, text)).proxies).toEqual([
      { name: "edge", auth: expected, tenants: ["default"], trusts: ["context"], body: { maxBytes: 9, partial: false } },
    ]);
  });

  it.each(["0.0.0.0:1", "10.0.0.1:1", "[::]:1", "sluice.example:1"])("starts off loopback on %s when a proxy can prove itself", (grpc) => {
    const listen = `listen: { grpc: '${grpc}' }`;
    expect(problems(listen)).toHaveLength(1);
    expect(problems(`${listen}\n${proxy("{ secret: { env: S } }")}`)).toEqual([]);
    expect(problems(`${listen}\nallow_unauthenticated_proxies: true`)).toEqual([]);
  });

  it.each(["127.0.0.1:0", "127.3.2.1:1", "[::1]:1", "localhost:1", "unix:run/sluice.sock"])("takes %s for loopback", (grpc) => {
    expect(problems(`listen: { grpc: '${grpc}' }`)).toEqual([]);
  });
});
