import { describe, expect, it } from "vitest";
import { doctorServer, isHealthy, type ServerFacts } from "../../../src/operate/doctor.ts";

const LOADED = { kind: "loaded", revision: "sha256:ab", rules: 7, shadowRules: 0 } as const;
const GOOD: ServerFacts = {
  grpc: "127.0.0.1:9191",
  deadlineMs: 150,
  proxies: [{ name: "sidecar", auth: "secret" }],
  switchedOff: [],
  problems: [],
  tenants: [{ name: "default", issuers: 1, policy: LOADED }],
  receiptSinks: ["file"],
  otlp: "http://127.0.0.1:4317",
  tools: [{ name: "envoy", path: "/usr/bin/envoy" }],
};

const bad = (change: Partial<ServerFacts>) => doctorServer({ ...GOOD, ...change }).filter((line) => line.state !== "works");

describe("the doctor on a server", () => {
  it.each<[string, Partial<ServerFacts>, object]>([
    ["a contradiction", { problems: ["x"] }, { state: "broken", about: "configuration", text: "x" }],
    [
      "a tenant without policy",
      { tenants: [{ name: "a", issuers: 1, policy: { kind: "failed", reason: "no such folder" } }] },
      { state: "broken", about: "tenant a", text: "no policy, every call is denied: no such folder" },
    ],
    [
      "a tenant without issuer",
      { tenants: [{ name: "a", issuers: 0, policy: LOADED }] },
      { state: "broken", about: "tenant a", text: "no issuer: no token can be accepted" },
    ],
    ["a switched-off protection", { switchedOff: ["mode: shadow"] }, { state: "off", about: "configuration", text: "mode: shadow" }],
    [
      "rules in shadow",
      { tenants: [{ name: "a", issuers: 1, policy: { ...LOADED, shadowRules: 2 } }] },
      { state: "off", about: "tenant a", text: "2 rules are judged and not enforced (mode: shadow)" },
    ],
    ["receipts that go nowhere", { receiptSinks: [] }, { state: "off", about: "receipts", text: "no sink: nothing is recorded" }],
    ["no collector", { otlp: null }, { state: "absent", about: "traces", text: "no collector is named (telemetry.otlp.endpoint)" }],
    ["a missing tool", { tools: [{ name: "opa", path: null }] }, { state: "absent", about: "opa", text: "not in PATH or cache" }],
    [
      "undeclared proxies",
      { proxies: [] },
      { state: "absent", about: "proxies", text: "none is declared: of what an Envoy sends, only the agent's own token is believed" },
    ],
  ])("tells of %s", (_name, change, line) => {
    expect(bad(change)).toEqual([line]);
  });

  it("tells of a good server only what works", () => {
    expect(bad({})).toEqual([]);
    expect(doctorServer(GOOD).map(({ about }) => about)).toEqual([
      "deadline",
      "proxy sidecar",
      "tenant default",
      "receipts",
      "traces",
      "envoy",
    ]);
  });

  it("puts the worst first and fails only for what is broken", () => {
    const lines = doctorServer({ ...GOOD, otlp: null, switchedOff: ["a"], problems: ["b"] });
    expect([lines[0]?.state, lines[1]?.state, lines.at(-1)?.state]).toEqual(["broken", "off", "absent"]);
    expect(isHealthy(lines)).toBe(false);
    expect(isHealthy(doctorServer({ ...GOOD, switchedOff: ["a"] }))).toBe(true);
  });
});
