import { join } from "node:path";
import { describeSecret, readSecret } from "../config/read-secret.ts";
import type { Settings } from "../config/settings.ts";
import type { KeyFile, KeyUse } from "../core/keys.ts";
import type { SecretRef } from "../core/setting.ts";
import { createKeyFiles, parseKeyText, readOrMakeKey, refuseDemoKey } from "../platform/key-files.ts";
import type { ComposeOptions } from "./compose-options.ts";

export type ServerKeys = {
  readonly grants: KeyFile;
  readonly receipts: KeyFile;
  /** The local issuer's; null where issuers are configured. */
  readonly agents: KeyFile | null;
};

/** Our own keys: as configured, or made at first start in the state folder. */
export async function openKeys(settings: Settings, options: ComposeOptions): Promise<ServerKeys> {
  const hasIssuer = [...settings.tenants.values()].some(({ identity }) => identity.issuers.length > 0);
  const open = (use: "grants" | "receipts" | "agents") => openKey(settings.keys[use], use, settings, options);
  return { grants: await open("grants"), receipts: await open("receipts"), agents: hasIssuer ? null : await open("agents") };
}

async function openKey(ref: SecretRef | null, use: KeyUse, settings: Settings, { env, demo }: ComposeOptions): Promise<KeyFile> {
  const path = join(settings.state.folder, "keys", `${use}.jwk`);
  const where = ref === null ? path : describeSecret(ref);
  const key = ref === null ? await readOrMakeKey(path, use, createKeyFiles({ demo })) : parseKeyText(readOrThrow(ref, env), use, where);
  if (!demo) refuseDemoKey(key, where);
  return key;
}

/** A secret that must be there for the server to start. */
export function readOrThrow(ref: SecretRef, env: ComposeOptions["env"]): string {
  const read = readSecret(ref, env);
  if (read.kind === "unreadable") throw new Error(read.message);
  return read.value;
}
