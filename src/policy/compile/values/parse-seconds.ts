const NANOS: Readonly<Record<string, bigint>> = {
  ns: 1n,
  us: 1_000n,
  µs: 1_000n,
  ms: 1_000_000n,
  s: 1_000_000_000n,
  m: 60_000_000_000n,
  h: 3_600_000_000_000n,
  d: 86_400_000_000_000n,
};
const WHOLE = /^-?(?:[0-9]+(?:\.[0-9]+)?(?:ns|us|µs|ms|s|m|h|d))+$/;
const PARTS = /(?<count>[0-9]+)(?:\.(?<fraction>[0-9]+))?(?<unit>ns|us|µs|ms|s|m|h|d)/g;
const DIGITS_MAX = 12;
/** The range of CEL's own durations, in whole seconds. */
const SECONDS_MAX = 315_576_000_000;

/** Seconds of a duration such as `90m`, `1h30m`, `1.5s` or `-2d`, to the nanosecond; null when the text is none. */
export function parseSeconds(text: string): number | null {
  if (!WHOLE.test(text)) return null;
  let nanos = 0n;
  for (const { groups } of text.matchAll(PARTS)) {
    const { count = "", fraction = "", unit = "" } = groups ?? {};
    const perUnit = NANOS[unit];
    if (perUnit === undefined || count.length > DIGITS_MAX || fraction.length > DIGITS_MAX) return null;
    const part = BigInt(count + fraction) * perUnit;
    const scale = 10n ** BigInt(fraction.length);
    if (part % scale !== 0n) return null;
    nanos += part / scale;
  }
  const seconds = Number(nanos) / 1e9;
  if (seconds > SECONDS_MAX) return null;
  return text.startsWith("-") && seconds > 0 ? -seconds : seconds;
}
