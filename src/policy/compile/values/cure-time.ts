import { parseDuration } from "./parse-duration.ts";
import { parseRate } from "./parse-rate.ts";

const UNITS = [
  { sign: "s", seconds: 1, words: /^(?:s|secs?|seconds?)$/i },
  { sign: "m", seconds: 60, words: /^(?:m|mins?|minutes?)$/i },
  { sign: "h", seconds: 3600, words: /^(?:h|hrs?|hours?)$/i },
  { sign: "d", seconds: 86_400, words: /^(?:d|days?)$/i },
  { sign: "w", seconds: 604_800, words: /^(?:w|weeks?)$/i },
] as const;

function unitOf(word: string) {
  return UNITS.find(({ words }) => words.test(word));
}

const RATE = /^([0-9]+(?:\.[0-9]+)?)\s*(?:requests?|calls?)?\s*(?:\/|r?p(?=[smh]$)|\b(?:per|an?|each|every)\b)\s*([a-z]+)$/i;

/** What to write for a text that was meant as a rate such as `50/s`: a count that is not whole becomes one of a longer time. */
export function cureRate(text: string): string {
  const [, count = "", word = ""] = RATE.exec(text) ?? [];
  const seconds = unitOf(word)?.seconds;
  const written = UNITS.flatMap((unit) => {
    if (seconds === undefined || unit.seconds < seconds) return [];
    const rate = `${Number(count) * (unit.seconds / seconds)}/${unit.sign}`;
    return parseRate(rate) === null ? [] : [rate];
  });
  return written[0] === undefined ? "for example 50/s, 100/m or 5/h" : `write ${written[0]}`;
}

const PART = /([0-9]+(?:\.[0-9]+)?)\s*([a-z]+)/gi;

/** What to write for a text that was meant as a duration such as `30m`, in the longest unit that divides it. */
export function cureDuration(text: string, maxMs: number): string {
  const seconds = /^(?:[0-9.]+\s*[a-z]+\s*)+$/i.test(text)
    ? [...text.matchAll(PART)].reduce((sum, [, count, word = ""]) => sum + Number(count) * (unitOf(word)?.seconds ?? Number.NaN), 0)
    : Number.NaN;
  const unit = UNITS.filter(({ sign }) => sign !== "w").findLast((one) => seconds % one.seconds === 0);
  const written = `${seconds / (unit?.seconds ?? 1)}${unit?.sign ?? ""}`;
  const ms = parseDuration(written);
  return ms === null || ms > maxMs ? "for example 30m" : `write ${written}`;
}
