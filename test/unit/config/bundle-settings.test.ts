import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { BUNDLE_FETCH_DEFAULT } from "../../../src/policy/settings.ts";
import { createFolder, loadText, problemsOf, settingsOf } from "./load.ts";

const folder = createFolder();
const problems = (text: string, env = {}) => problemsOf(loadText(folder, text, env));
const tenantOf = (text: string) => settingsOf(loadText(folder, text)).tenants.get("default");

const KEYS = "bundle_keys: [{ kid: ci, key: { env: K } }]";

describe("settings of bundles", () => {
  it.each([
    ["policies: https://bundles.example/a", "1:11 policies: a folder is expected; a bundle or a URL goes into `bundle`"],
    ["policies: bundle:a.tar.gz", "1:11 policies: a folder is expected; a bundle or a URL goes into `bundle`"],
    [`bundle: https://u:secret@b.example/a\n${KEYS}`, "1:9 bundle: an http or https URL without credentials is expected"],
    [`bundle: ftp://b.example/a\n${KEYS}`, "1:9 bundle: an http or https URL without credentials is expected"],
    [`bundle: https://\n${KEYS}`, "1:9 bundle: an http or https URL without credentials is expected"],
    [`bundle: https://b.example/a#b\n${KEYS}`, "1:9 bundle: an http or https URL without credentials is expected"],
    [`bundle: a\npolicies: ./p\n${KEYS}`, "1:1 bundle: a tenant runs a folder or a bundle, not both (also policies at 2:11)"],
    ["bundle: a", "1:1 bundle: needs `bundle_keys`, or allow_unsigned_bundles: true"],
    [KEYS, "1:1 bundle_keys: means nothing without `bundle`"],
    ["allow_unsigned_bundles: true", "1:1 allow_unsigned_bundles: means nothing without `bundle`"],
    ["bundle_fetch: {}", "1:1 bundle_fetch: means nothing unless `bundle` is a URL"],
    [`bundle: a\n${KEYS}\nbundle_fetch: { poll: 5s }`, "3:1 bundle_fetch: means nothing unless `bundle` is a URL"],
    [`bundle: a\n${KEYS}\nguardrails: ./g`, "3:1 guardrails: stands only where every tenant has its `policies`, and default runs a bundle"],
    [`bundle: a\nbundle_keys: [{ kid: a, key: { env: K }, alg: HS256 }]`, "2:47 bundle_keys[0].alg: allowed: ES256, EdDSA, RS256, PS256"],
    [
      "bundle: a\nbundle_keys: [{ kid: a, key: { env: K } }, { kid: a, key: { env: L } }]",
      "2:51 bundle_keys[1].kid: this key's id is already given (also bundle_keys[0].kid at 2:22)",
    ],
    [`bundle: https://b.example\n${KEYS}\nbundle_fetch: { cert: c }`, "3:15 bundle_fetch: cert and key belong together"],
    [`bundle: https://b.example\n${KEYS}\nbundle_fetch: { max_age: 0s }`, "3:26 bundle_fetch.max_age: a duration from 1s to 365d"],
    [`bundle: https://b.example\n${KEYS}\nbundle_fetch: { pol: 5s }`, '3:17 bundle_fetch.pol: unknown key; the nearest is "poll"'],
  ])("refuses %j at its place", (text, expected) => {
    expect(problems(text)).toEqual([expect.stringContaining(expected)]);
  });

  it.each([
    ["b.tar.gz", { kind: "file", path: join(folder, "b.tar.gz") }],
    ["./pushed", { kind: "file", path: join(folder, "pushed") }],
    ["pushed", { kind: "pushed" }],
    ["https://b.example/v1/bundles/a?x=1", { kind: "url", url: "https://b.example/v1/bundles/a?x=1" }],
  ])("takes %s for what it is", (text, place) => {
    expect(tenantOf(`bundle: ${text}\n${KEYS}`)?.bundle).toEqual(place);
  });

  it("has ES256 for a key's algorithm, and the defaults for how a URL is asked", () => {
    const tenant = tenantOf(`bundle: https://b.example\n${KEYS}`);
    expect(tenant?.bundleKeys).toEqual([{ kid: "ci", key: { kind: "env", name: "K" }, alg: "ES256" }]);
    expect(tenant?.bundleFetch).toBeNull();
    expect(BUNDLE_FETCH_DEFAULT).toEqual({
      token: null,
      certFile: null,
      keyFile: null,
      caFile: null,
      pollMs: 60_000,
      waitMs: 30_000,
      timeoutMs: 10_000,
      maxAgeMs: null,
    });
  });

  it("reads how a URL is asked, with files from the working directory", () => {
    const fetch = "{ token: { file: t }, cert: c, key: k, ca: a, poll: 5s, wait: 0s, timeout: 2s, max_age: 1d }";
    expect(tenantOf(`bundle: https://b.example\n${KEYS}\nbundle_fetch: ${fetch}`)?.bundleFetch).toEqual({
      token: { kind: "file", path: join(folder, "t") },
      certFile: join(folder, "c"),
      keyFile: join(folder, "k"),
      caFile: join(folder, "a"),
      pollMs: 5_000,
      waitMs: 0,
      timeoutMs: 2_000,
      maxAgeMs: 86_400_000,
    });
  });
});
