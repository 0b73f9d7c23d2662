const UNIT_MS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Milliseconds of `90s`, `15m`, `12h` or `7d`; null when the text is none of these. */
export function parseDuration(text: string): number | null {
  const parts = /^([1-9][0-9]{0,6})([smhd])$/.exec(text);
  const unit = UNIT_MS[parts?.[2] ?? ""];
  return parts === null || unit === undefined ? null : Number(parts[1]) * unit;
}
