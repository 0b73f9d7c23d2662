import { InvalidArgumentError } from "@commander-js/extra-typings";

const COUNT_MAX = 100_000;

/** How many of something are to be shown. */
export function parseCount(text: string): number {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1 || count > COUNT_MAX)
    throw new InvalidArgumentError(`a whole number from 1 to ${COUNT_MAX} is expected`);
  return count;
}
