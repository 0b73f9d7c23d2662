import { createHmac, hkdfSync } from "node:crypto";
import type { Pseudonyms, SigningKey } from "../core/keys.ts";

const SECRET_BYTES = 32;
const PURPOSE = "sluice pseudonyms v1";

/** HMAC under `keys.grants`. The secret is derived, so that the key that signs is never itself the key that hashes. */
export function createPseudonyms(grants: Pick<SigningKey, "privateKey">): Pseudonyms {
  const seed = Buffer.from(grants.privateKey.export({ format: "jwk" }).d ?? "", "base64url");
  if (seed.length !== SECRET_BYTES) throw new TypeError("the grants key is no Ed25519 key");
  const secret = Buffer.from(hkdfSync("sha256", seed, "", PURPOSE, SECRET_BYTES));
  return { hmacHex: (text) => createHmac("sha256", secret).update(text, "utf8").digest("hex") };
}
