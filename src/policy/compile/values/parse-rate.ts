const PERIOD_MS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000 };

/** `50/s`, `100/m`, `5/h`; null when the text is none of these. */
export function parseRate(text: string): { readonly count: number; readonly periodMs: number } | null {
  const parts = /^([1-9][0-9]{0,8})\s*\/\s*([smh])$/.exec(text);
  const periodMs = PERIOD_MS[parts?.[2] ?? ""];
  return parts === null || periodMs === undefined ? null : { count: Number(parts[1]), periodMs };
}
