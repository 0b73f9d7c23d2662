import { createHash } from "node:crypto";
import { LRUCache } from "lru-cache";
import type { VerifiedToken } from "./verify-token.ts";

/**
 * What signatures were found to be. It holds facts of the signature alone: time, tenant and proxy are judged on every
 * call. Refused ones are kept by hash, so that garbage takes little memory.
 */
export type TokenCache = {
  readonly findVerified: (token: string) => VerifiedToken | null;
  readonly addVerified: (token: string, facts: VerifiedToken) => void;
  readonly isForged: (token: string) => boolean;
  readonly addForged: (token: string) => void;
};

export function createTokenCache(tokensMax: number): TokenCache {
  // Keyed by the whole token: no other text can be taken for it.
  const verified = new LRUCache<string, VerifiedToken>({ max: tokensMax });
  const forged = new LRUCache<string, true>({ max: tokensMax });
  return {
    findVerified: (token) => verified.get(token) ?? null,
    addVerified: (token, facts) => {
      verified.set(token, facts);
    },
    isForged: (token) => forged.has(hash(token)),
    addForged: (token) => {
      forged.set(hash(token), true);
    },
  };
}

function hash(token: string): string {
  return createHash("sha256").update(token, "latin1").digest("base64");
}
