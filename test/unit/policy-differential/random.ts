/** A repeatable source of choices, so that a difference that was found is found again. */
export type Random = {
  readonly below: (bound: number) => number;
  readonly chance: (share: number) => boolean;
  readonly pick: <T>(from: readonly T[]) => T;
  readonly some: <T>(from: readonly T[]) => readonly T[];
  readonly list: <T>(max: number, make: () => T) => readonly T[];
};

// mulberry32
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  const below = (bound: number) => Math.floor(next() * bound);
  const pick = <T>(from: readonly T[]): T => {
    const item = from[below(from.length)];
    if (item === undefined) throw new Error("nothing to pick from");
    return item;
  };
  return {
    below,
    pick,
    chance: (share) => next() < share,
    some: (from) => from.filter(() => next() < 0.4),
    list: (max, make) => Array.from({ length: below(max + 1) }, make),
  };
}
