const RFC_3339 =
  /^(?<date>[0-9]{4}-[0-9]{2}-[0-9]{2})T(?<time>[0-9]{2}:[0-9]{2}:[0-9]{2})(?<fraction>\.[0-9]{1,3}0*)?(?:Z|[+-](?:[01][0-9]|2[0-3]):[0-5][0-9])$/;

/** Whole milliseconds since 1970 of an RFC 3339 text; null when the text is none, or is finer than a millisecond. */
export function parseMoment(text: string): number | null {
  const parts = RFC_3339.exec(text)?.groups;
  const { date = "", time = "" } = parts ?? {};
  // Date.parse takes 24:00:00 and the 30th of February; no RFC 3339 reader does.
  if (!isDate(date) || time > "23:59:59") return null;
  const ms = Date.parse(text);
  return Number.isInteger(ms) ? ms : null;
}

/** Whether the text is a day of the calendar, `YYYY-MM-DD`. */
export function isDate(text: string): boolean {
  if (!/^[0-9]{4}-[0-9]{2}-[0-9]{2}$/.test(text)) return false;
  const ms = Date.parse(`${text}T00:00:00Z`);
  return Number.isInteger(ms) && new Date(ms).toISOString().slice(0, 10) === text;
}
