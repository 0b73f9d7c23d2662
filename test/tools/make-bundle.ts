import { generateKeyPairSync, type KeyPairKeyObjectResult } from "node:crypto";
import { readFileSync } from "node:fs";
import { type BundleParts, writeBundle } from "../../src/policy/bundle/write-bundle.ts";
import { compilePolicies } from "../../src/policy/compile/compile-policies.ts";
import { digestSources, revisionOf, sha256 } from "../../src/policy/digest-policy.ts";

export type MadeBundle = { readonly packed: Uint8Array; readonly revision: string; readonly digest: string; readonly serial: number };

/** A publisher with a key of its own. */
export type Publisher = {
  /** For `bundle_keys`; `pem` goes into the file or variable that it names. */
  readonly pem: string;
  readonly kid: string;
  readonly make: (yaml: string, parts: Partial<BundleParts> & { readonly serial: number }) => Promise<MadeBundle>;
};

const KID = "ci-1";
const ENGINE = new URL("../../policies/engine/", import.meta.url);
const wasm = readFileSync(new URL("policy.wasm", ENGINE));
const engineRego = readFileSync(new URL("engine.rego", ENGINE), "utf8");

export function createPublisher(): Publisher {
  const pair: KeyPairKeyObjectResult = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const signer = { kid: KID, alg: "ES256", privateKey: pair.privateKey } as const;
  return {
    pem: pair.publicKey.export({ type: "spki", format: "pem" }).toString(),
    kid: KID,
    make: async (yaml, parts) => {
      const compiled = compilePolicies([{ name: "policy.yaml", text: yaml }]);
      if (compiled.kind === "invalid") throw new Error(JSON.stringify(compiled.problems));
      const sources = digestSources([{ text: yaml }]);
      const revision = revisionOf(sources);
      const packed = await writeBundle({ program: compiled.program, wasm, engineRego, name: "p", revision, sources, signer, ...parts });
      return { packed, revision, digest: sha256(packed), serial: parts.serial };
    },
  };
}
