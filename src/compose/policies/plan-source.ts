import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import type { Environment } from "../../config/apply-environment.ts";
import { readSecret } from "../../config/read-secret.ts";
import type { Settings, TenantSettings } from "../../config/settings.ts";
import type { SecretRef } from "../../core/setting.ts";
import { parseBundleKey } from "../../policy/bundle/keys.ts";
import type { BundleKey } from "../../policy/bundle/signing/verify-files.ts";
import { BUNDLE_FETCH_DEFAULT, type BundleFetch } from "../../policy/settings.ts";
import { POLICY_SOURCES } from "../../policy/sources/index.ts";
import type { PolicyFeed, PolicySourceName } from "../../policy/sources/policy-feed.ts";
import type { BundleServer, BundleTrust, SourceDeps } from "../../policy/sources/source-deps.ts";
import { ENGINE_WASM } from "../open-policies.ts";

/** Where a tenant's policy comes from, with everything read that could be wrong about it. */
export type SourcePlan = {
  readonly source: PolicySourceName | "embedded";
  /** Null of the embedded bundle, which never changes. */
  readonly open: ((deps: SourceDeps) => Promise<PolicyFeed>) | null;
  /** After it without an answer of the source the tenant denies; null: never. */
  readonly maxAgeMs: number | null;
  /** Two plans of the same text mean the same source, asked in the same way with the same keys. */
  readonly text: string;
};

/** Throws where a key of bundles cannot be read. */
export function planSource(name: string, settings: Settings, env: Environment): SourcePlan {
  const tenant = settings.tenants.get(name);
  if (tenant === undefined) throw new Error(`there is no tenant ${name}`);
  const { bundle, policiesFolder, guardrailsFolder } = tenant;
  if (bundle !== null) return planBundle(name, bundle, { tenant, env });
  if (policiesFolder === null) return { source: "embedded", open: null, maxAgeMs: null, text: "embedded" };
  const guardrailFolders = [settings.guardrailsFolder, guardrailsFolder].filter((folder) => folder !== null);
  const place = { folder: policiesFolder, guardrailFolders, engineFile: fileURLToPath(ENGINE_WASM) };
  return { source: "folder", open: (deps) => POLICY_SOURCES.folder.open(place, deps), maxAgeMs: null, text: JSON.stringify(place) };
}

type BundleSettings = { readonly tenant: TenantSettings; readonly env: Environment };

function planBundle(name: string, bundle: NonNullable<TenantSettings["bundle"]>, { tenant, env }: BundleSettings): SourcePlan {
  const { bundleKeys, unsignedBundlesAllowed, bundleFetch } = tenant;
  const keys = bundleKeys.map((key, index) => readKey(key, `tenants.${name}.bundle_keys[${index}]`, env));
  const trust: BundleTrust = { keys, unsignedAllowed: unsignedBundlesAllowed };
  const said = keys.map(({ kid, alg, publicKey }) => [kid, alg, publicKey.export({ format: "jwk" })]);
  const text = JSON.stringify([bundle, said, unsignedBundlesAllowed, bundleFetch]);
  switch (bundle.kind) {
    case "file":
      return {
        source: "bundle_file",
        open: (deps) => POLICY_SOURCES.bundle_file.open({ ...trust, path: bundle.path }, deps),
        maxAgeMs: null,
        text,
      };
    case "pushed":
      return { source: "pushed", open: (deps) => POLICY_SOURCES.pushed.open(trust, deps), maxAgeMs: null, text };
    case "url": {
      const fetch = bundleFetch ?? BUNDLE_FETCH_DEFAULT;
      const server = { ...trust, ...serverOf(bundle.url, fetch, env), pollMs: fetch.pollMs };
      return { source: "bundle_url", open: (deps) => POLICY_SOURCES.bundle_url.open(server, deps), maxAgeMs: fetch.maxAgeMs, text };
    }
  }
}

function serverOf(url: string, { token, certFile, keyFile, caFile, waitMs, timeoutMs }: BundleFetch, env: Environment): BundleServer {
  const readPem = async (file: string | null) => (file === null ? null : readFile(file, "utf8"));
  const hasTls = certFile !== null || caFile !== null;
  return {
    url,
    readToken: token === null ? null : async () => readOrThrow(token, env),
    readTls: hasTls ? async () => ({ cert: await readPem(certFile), key: await readPem(keyFile), ca: await readPem(caFile) }) : null,
    waitMs,
    timeoutMs,
  };
}

function readKey({ kid, key, alg }: TenantSettings["bundleKeys"][number], where: string, env: Environment): BundleKey {
  const parsed = parseBundleKey(readOrThrow(key, env), { kid, alg });
  if (parsed.kind === "unfit") throw new Error(`${where}: ${parsed.message}`);
  return parsed.key;
}

function readOrThrow(ref: SecretRef, env: Environment): string {
  const read = readSecret(ref, env);
  if (read.kind === "unreadable") throw new Error(read.message);
  return read.value;
}
