import type { KeyAlgorithm, KeyFiles, KeyUse } from "../core/keys.ts";

export type MadeKey = {
  readonly kid: string;
  readonly use: KeyUse;
  /** Where the private key is. */
  readonly file: string;
  /** Where its public half is, as a JWKS. */
  readonly publicFile: string;
  /** The same in PEM, of a key for bundles: what a stock OPA is given. Null of all others. */
  readonly pemFile: string | null;
};

export type KeyToMake = { readonly use: KeyUse; readonly file: string; readonly alg?: KeyAlgorithm };

/** Makes a key for one use, with its public half beside it: `agents.jwk` and `agents.jwks.json`. */
export async function makeKey(keyFiles: KeyFiles, { use, file, alg }: KeyToMake): Promise<MadeKey> {
  const key = await keyFiles.make(file, use, alg);
  const stem = file.replace(/\.jwk$/, "");
  const publicFile = `${stem}.jwks.json`;
  await keyFiles.writePublic(publicFile, [key]);
  const pemFile = use === "bundles" ? `${stem}.pub.pem` : null;
  if (pemFile !== null) await keyFiles.writePublicPem(pemFile, key);
  return { kid: key.kid, use, file, publicFile, pemFile };
}
