import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { KeyFile } from "../../src/core/keys.ts";
import { issueToken, type TokenRequest } from "../../src/operate/issue-token.ts";
import { makeKey } from "../../src/operate/make-key.ts";
import { createKeyFiles } from "../../src/platform/key-files.ts";
import { PROXY_SECRET, type Sluice, startSluice } from "../tools/start-sluice.ts";

/** `default` enforces, `pilot` is in shadow on the same policies, the policies of `broken` do not compile. */
export type Tenant = "default" | "pilot" | "broken";

export type ThreeTenants = {
  readonly sluice: Sluice;
  readonly issue: (tenant: Tenant, agent: string, more?: Partial<TokenRequest>) => Promise<string>;
  readonly stop: () => Promise<void>;
};

const AUDIENCE = "sluice";

/** The real server for three tenants, each with its own issuer and key. */
export async function startThreeTenants(policies: Readonly<Record<string, string>>): Promise<ThreeTenants> {
  const folder = await mkdtemp(join(tmpdir(), "sluice-tenants-"));
  const write = async (name: string, files: Readonly<Record<string, string>>): Promise<string> => {
    const path = join(folder, name);
    await mkdir(path);
    for (const [file, text] of Object.entries(files)) await writeFile(join(path, file), text);
    return path;
  };
  const good = await write("good", policies);
  const bad = await write("bad", { "bad.yaml": "policy: bad\nrules: [{ id: one, then: perhaps }]\n" });
  const proxy = await write("proxy", { secret: PROXY_SECRET });
  const keys = new Map<Tenant, KeyFile>();
  const tenant = async (name: Tenant, mode: "enforce" | "shadow", policyFolder: string) => {
    const file = join(folder, `${name}.jwk`);
    const { publicFile } = await makeKey(createKeyFiles({ demo: false }), { use: "agents", file });
    keys.set(name, await createKeyFiles({ demo: false }).read(file, "agents"));
    return { mode, policies: policyFolder, identity: { issuers: [{ issuer: issuerOf(name), audience: AUDIENCE, keys: publicFile }] } };
  };
  const tenants = {
    default: await tenant("default", "enforce", good),
    pilot: await tenant("pilot", "shadow", good),
    broken: await tenant("broken", "enforce", bad),
  };
  const proxies = [
    { name: "test", auth: { secret: { file: join(proxy, "secret") } }, tenants: Object.keys(tenants), body: { max_bytes: 1_048_576 } },
  ];
  const sluice = await startSluice({ config: { tenants, proxies } });

  return {
    sluice,
    issue: (name, agent, more = {}) => {
      const key = keys.get(name);
      if (key === undefined) throw new Error(`no key of ${name}`);
      const claims = { issuer: issuerOf(name), audience: AUDIENCE, tenant: name, agent, lifetimeMs: 600_000, nowMs: Date.now() };
      return issueToken({ key, ...claims, ...more });
    },
    stop: async () => {
      await sluice.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function issuerOf(tenant: Tenant): string {
  return `https://${tenant}.issuer.test`;
}
