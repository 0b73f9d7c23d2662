import { randomBytes } from "node:crypto";

const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const POOL_BYTES = 4096;
const RANDOM_BYTES = 16;

let pool = Buffer.alloc(0);
let used = 0;

/** A ULID (26 characters of Crockford base 32): 48 bits of milliseconds, 80 bits of randomness. */
export function createUlid(nowMs: number): string {
  let text = "";
  let time = nowMs;
  for (let i = 0; i < 10; i++) {
    text = ALPHABET[time % 32] + text;
    time = Math.floor(time / 32);
  }
  if (used + RANDOM_BYTES > pool.length) {
    pool = randomBytes(POOL_BYTES);
    used = 0;
  }
  for (let i = 0; i < 16; i++) text += ALPHABET[(pool[used + i] ?? 0) & 31];
  used += RANDOM_BYTES;
  return text;
}
