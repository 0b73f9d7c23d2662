import { describe, expect, it } from "vitest";
import { listDangers } from "../../../src/config/dangers.ts";
import { createFolder, loadText, settingsOf } from "./load.ts";

const folder = createFolder();
const SAFE = "policies: ./p";

describe("listDangers", () => {
  it.each([
    ["mode: shadow", "tenants.default.mode: shadow"],
    ["identity: { required: false }", "tenants.default.identity.required: false"],
    ["allow_unauthenticated_proxies: true", "allow_unauthenticated_proxies: true"],
    ["state: { unshared: accepted }", "state.unshared: accepted"],
    [
      "listen: { grpc: 0.0.0.0:1 }\nproxies: [{ name: a, auth: { secret: { env: S } }, tenants: [default] }]",
      "listen.grpc is off loopback without listen.tls",
    ],
    ["listen: { http: 0.0.0.0:1 }", "listen.http is off loopback"],
  ])("names %j", (text, expected) => {
    expect(listDangers(settingsOf(loadText(folder, `${SAFE}\n${text}`)))).toEqual([expect.stringContaining(expected)]);
  });

  it.each([
    ["bundle: b.tar.gz\nallow_unsigned_bundles: true", "tenants.default.allow_unsigned_bundles: true"],
    ["bundle: http://b.example/a\nbundle_keys: [{ kid: a, key: { env: K } }]", "tenants.default.bundle: http off loopback"],
  ])("names %j", (text, expected) => {
    expect(listDangers(settingsOf(loadText(folder, text)))).toEqual([expect.stringContaining(expected)]);
  });

  it.each(["http://127.0.0.1:9190/v1/bundles/a", "http://[::1]/a", "http://localhost/a", "https://b.example/a", "pushed", "b.tar.gz"])(
    "finds nothing in a signed bundle from %s",
    (place) => {
      expect(listDangers(settingsOf(loadText(folder, `bundle: ${place}\nbundle_keys: [{ kid: a, key: { env: K } }]`)))).toEqual([]);
    },
  );

  it("names the embedded examples as the policy", () => {
    expect(listDangers(settingsOf(loadText(folder, "")))).toEqual(["tenants.default.policies: none given, the embedded examples decide"]);
  });

  it("is empty where nothing is switched off", () => {
    expect(listDangers(settingsOf(loadText(folder, SAFE)))).toEqual([]);
  });
});
