import { describe, expect, it } from "vitest";
import { listVariables } from "../../../src/config/apply-environment.ts";
import { createJsonSchema } from "../../../src/config/json-schema.ts";
import { createFolder, loadText, problemsOf, settingsOf } from "./load.ts";

const folder = createFolder();

describe("SLUICE_ variables", () => {
  it.each([
    ["SLUICE_DEADLIN", "environment: SLUICE_DEADLIN: overrides nothing; the nearest is SLUICE_DEADLINE"],
    ["SLUICE_LISTEN_GRPC", "environment: SLUICE_LISTEN_GRPC: overrides nothing; the nearest is SLUICE_LISTEN__GRPC"],
    ["SLUICE_LISTEN", "environment: SLUICE_LISTEN: overrides nothing"],
    ["SLUICE_TENANTS__OTHER__MODE", "environment: SLUICE_TENANTS__OTHER__MODE: overrides nothing"],
    ["SLUICE_PROXIES__1__NAME", "environment: SLUICE_PROXIES__1__NAME: overrides nothing"],
    ["SLUICE_PROXIES__00__NAME", "environment: SLUICE_PROXIES__00__NAME: overrides nothing"],
    ["SLUICE___PROTO____X", "environment: SLUICE___PROTO____X: overrides nothing"],
  ])("refuses %s", (variable, expected) => {
    const text = "proxies: [{ name: edge, auth: { secret: { env: S } }, tenants: [default] }]\ntenants: { default: {} }";
    const loaded = loadText(folder, text, { [variable]: "1" });
    const found = loaded.kind === "invalid" ? loaded.problems.map(({ file, message }) => `${file}: ${message}`) : [];
    expect(found).toEqual([expect.stringContaining(expected)]);
  });

  it.each([
    ["SLUICE_DEADLINE", "soon", 'deadline: SLUICE_DEADLINE: found "soon"; a duration from 5ms to 10s is expected'],
    ["SLUICE_DEADLINE", "", 'deadline: SLUICE_DEADLINE: found ""; a duration'],
    ["SLUICE_WORKERS", "two", "workers: SLUICE_WORKERS: found text; expected: a whole number"],
    ["SLUICE_WORKERS", "2", "workers: SLUICE_WORKERS: workers above 1 are not built yet"],
    ["SLUICE_MODE", "shadwo", 'mode: SLUICE_MODE: found "shadwo"; allowed: enforce, shadow; the nearest is "shadow"'],
    ["SLUICE_PUBLIC_URL", "https://a", "public_url: SLUICE_PUBLIC_URL: public_url: not built yet"],
    ["SLUICE_TELEMETRY__SAMPLE", "2", "telemetry.sample: SLUICE_TELEMETRY__SAMPLE: Too big"],
  ])("tells that %s=%s is wrong, by its name", (variable, value, expected) => {
    const found = problemsOf(loadText(folder, "deadline: 20ms", { [variable]: value }));
    expect(found).toEqual([expect.stringContaining(`null:null ${expected}`)]);
  });

  it("refuses to override inside what is no mapping", () => {
    const loaded = loadText(folder, "listen: here", { SLUICE_LISTEN__GRPC: "127.0.0.1:1" });
    expect(problemsOf(loaded)).toContain("null:null : SLUICE_LISTEN__GRPC: what it overrides is not a mapping in the file");
  });

  it("overrides scalars of every type over the file's", () => {
    const text = `
listen: { grpc: 127.0.0.1:1 }
proxies: [{ name: edge, auth: { secret: { env: S } }, tenants: [a-b] }]
tenants: { a-b: { identity: { required: false, issuers: [{ issuer: i, audience: old, keys: k }] } } }
`;
    const settings = settingsOf(
      loadText(folder, text, {
        SLUICE_LISTEN__GRPC: "unix:/run/s",
        SLUICE_PROXIES__0__NAME: "sidecar",
        SLUICE_PROXIES__0__BODY__MAX_BYTES: "10",
        SLUICE_TENANTS__A_B__MODE: "shadow",
        SLUICE_TENANTS__A_B__IDENTITY__REQUIRED: "true",
        SLUICE_TENANTS__A_B__IDENTITY__ISSUERS__0__AUDIENCE: "7",
        SLUICE_TELEMETRY__SAMPLE: "0.5",
        SLUICE_TELEMETRY__OTLP__ENDPOINT: "http://c:4317",
        SLUICE_STATE__UNSHARED: "null",
      }),
    );
    expect(settings.listen.grpc).toEqual({ kind: "unix", path: "/run/s" });
    expect(settings.proxies[0]).toMatchObject({ name: "sidecar", body: { maxBytes: 10, partial: false } });
    expect(settings.tenants.get("a-b")).toMatchObject({ mode: "shadow", identity: { required: true, issuers: [{ audience: "7" }] } });
    expect(settings.telemetry).toEqual({ otlp: { endpoint: "http://c:4317", protocol: "grpc" }, sample: 0.5, logLevel: "info" });
    expect(settings.state.unsharedAccepted).toBe(false);
  });

  it("leaves alone what commands read, what secrets name and what Kubernetes sets for a Service called sluice", () => {
    const env = {
      SLUICE_CONFIG: "sluice.yaml",
      SLUICE_SERVER: "http://a",
      SLUICE_TOKEN_FILE: "t",
      SLUICE_EDGE_SECRET: "s",
      SLUICE_SERVICE_HOST: "10.0.0.1",
      SLUICE_SERVICE_PORT: "9191",
      SLUICE_SERVICE_PORT_GRPC: "9191",
      SLUICE_PORT: "tcp://10.0.0.1:9191",
      SLUICE_PORT_9191_TCP: "tcp://10.0.0.1:9191",
      SLUICE_PORT_9191_TCP_ADDR: "10.0.0.1",
      PATH: "/bin",
    };
    const text = "proxies: [{ name: edge, auth: { secret: { env: SLUICE_EDGE_SECRET } }, tenants: [default] }]";
    expect(problemsOf(loadText(folder, text, env))).toEqual([]);
  });

  it("has a variable for every scalar of the schema, each once at most", () => {
    const variables = listVariables(createJsonSchema());
    expect(variables).toContain("SLUICE_LISTEN__GRPC");
    expect(variables).toContain("SLUICE_TENANTS__*__IDENTITY__ISSUERS__*__AUDIENCE");
    expect(new Set(variables).size).toBe(variables.length);
    expect(variables.length).toBeGreaterThan(60);
  });
});
