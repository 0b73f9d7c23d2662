import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { renderSettings } from "../../../src/config/render-settings.ts";
import { createFolder, loadText, settingsOf } from "./load.ts";

const folder = createFolder();

/** Every key that is built, with relative paths and without a default value. */
const EVERYTHING = `
listen: { grpc: unix:run/grpc, http: "[::1]:2" }
proxies:
  - { name: socket, auth: { unix: true }, tenants: [acme], trust: [principal, context], body: { max_bytes: 1, partial: true } }
  - { name: secret, auth: { secret: { file: s/proxy } }, tenants: [acme] }
allow_unauthenticated_proxies: true
deadline: 20ms
keys: { grants: { file: k/grants }, receipts: { env: RECEIPTS }, agents: { file: k/agents } }
operators: [{ name: ana, token: { file: s/ana }, roles: [approver, viewer], tenants: [acme] }]
people: [{ name: ana, operator: ana, subjects: [u1], owns: [finance-*], groups: [treasury] }]
tenants:
  acme:
    mode: shadow
    policies: ./policies
    identity:
      required: false
      issuers:
        - { issuer: a, audience: b, keys: ./a.jwks.json, types: [absent] }
        - { issuer: a, audience: c, keys: { keys: [{ kty: OKP }] } }
identity: { headers: [x-agent], token_max_lifetime: 2h, clock_skew: 1s }
state: { folder: ./state, unshared: accepted }
shutdown: { delay: 0s, grace: 1m }
audit: { sinks: [stdout, file] }
telemetry: { otlp: { endpoint: "http://c:4317" }, sample: 1, log_level: warn }
`;

describe("renderSettings", () => {
  it.each(["", EVERYTHING])("prints what loads to the same settings", (text) => {
    const loaded = loadText(folder, text);
    const printed = loaded.kind === "settings" ? renderSettings(loaded.effective) : "";
    expect(printed).not.toBe("");
    expect(settingsOf(loadText(folder, printed))).toEqual(settingsOf(loaded));
  });

  it("prints a secret as its reference, and masks credentials in a URL", () => {
    const effective = { keys: { grants: { file: "/k" }, agents: { env: "AGENTS" } }, url: "redis://user:hunter2@cache:6379/0" };
    expect(renderSettings(effective)).toBe("keys:\n  grants:\n    file: /k\n  agents:\n    env: AGENTS\nurl: redis://***@cache:6379/0\n");
  });
});

describe("paths of the settings", () => {
  it("are all absolute, from the working directory", () => {
    const settings = settingsOf(loadText(folder, EVERYTHING));
    const paths: string[] = [];
    const visit = (value: unknown): void => {
      if (value instanceof Map) for (const item of value.values()) visit(item);
      else if (typeof value === "object" && value !== null) Object.values(value).forEach(visit);
      else if (typeof value === "string" && value.includes("/") && !value.includes("://")) paths.push(value);
    };
    visit(settings);
    const expected = ["run/grpc", "s/proxy", "k/grants", "k/agents", "s/ana", "policies", "a.jwks.json", "state"];
    expect(paths.toSorted()).toEqual(expected.map((path) => join(folder, path)).toSorted());
  });
});
