/** `100 per day`: how many in which window; null when the text is none. */
export function parseQuota(text: string): { readonly count: number; readonly window: string } | null {
  const [, count = "", window = ""] = /^([1-9][0-9]{0,8}) per (hour|day|week|month)$/.exec(text) ?? [];
  return window === "" ? null : { count: Number(count), window };
}
