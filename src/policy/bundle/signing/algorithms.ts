import type { KeyObject } from "node:crypto";

type AlgorithmRow = {
  /** Whether the key is of the algorithm's kind and strong enough. */
  readonly fits: (key: KeyObject) => boolean;
  readonly needs: string;
};

const RSA_BITS_MIN = 2048;

/** Signatures that bundles may carry (RFC 7518, RFC 8037). Shared secrets are none: whoever can check could also sign. */
export const BUNDLE_ALGORITHMS = {
  ES256: {
    fits: (key) => key.asymmetricKeyType === "ec" && key.asymmetricKeyDetails?.namedCurve === "prime256v1",
    needs: "an EC key on P-256",
  },
  EdDSA: { fits: (key) => key.asymmetricKeyType === "ed25519", needs: "an Ed25519 key" },
  RS256: { fits: isRsa, needs: `an RSA key of at least ${RSA_BITS_MIN} bits` },
  PS256: { fits: isRsa, needs: `an RSA key of at least ${RSA_BITS_MIN} bits` },
} as const satisfies Record<string, AlgorithmRow>;

export type BundleAlgorithm = keyof typeof BUNDLE_ALGORITHMS;

export function isBundleAlgorithm(text: unknown): text is BundleAlgorithm {
  return typeof text === "string" && Object.hasOwn(BUNDLE_ALGORITHMS, text);
}

function isRsa(key: KeyObject): boolean {
  return key.asymmetricKeyType === "rsa" && (key.asymmetricKeyDetails?.modulusLength ?? 0) >= RSA_BITS_MIN;
}
