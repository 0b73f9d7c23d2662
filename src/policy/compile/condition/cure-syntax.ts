/** What people write that is no CEL, by what stands before the place where it breaks and what stands there. */
type Cure = { readonly before?: RegExp; readonly rest: RegExp; readonly fix: (parts: Parts) => string | null };
type Parts = Readonly<Record<string, string | undefined>>;

/** The name or number that ends the text. */
const SUBJECT = /(?<subject>[\w.]+(?:\["[^"]*"\])*)\s*$/;

const CURES: readonly Cure[] = [
  { before: /(?<amount>\d+(?:\.\d+)?)\s*$/, rest: /^(?<code>[A-Za-z]{3})\b/, fix: writeMoney },
  { rest: /^(?<amount>\d+(?:\.\d+)?)(?<code>[A-Za-z]{3})\b/, fix: writeMoney },
  { rest: /^\$(?<amount>\d+(?:\.\d+)?)/, fix: ({ amount }) => `write usd(${amount})` },
  { before: /(?<left>\d{1,3})$/, rest: /^,(?<right>\d{3})\b/, fix: ({ left, right }) => `write ${left}${right}` },
  {
    before: SUBJECT,
    rest: /^not\s+in\b\s*(?<list>\[[^[\]]{0,80}\]|[\w.]+)?/i,
    fix: ({ subject, list = "[ … ]" }) => `write !(${subject} in ${list})`,
  },
  {
    before: /(?<subject>[\w.]+)\s+in\s+(?<from>\d+)$/,
    rest: /^\.{2,3}(?<to>\d+)/,
    fix: ({ subject, from, to }) => `write ${subject} >= ${from} && ${subject} < ${to}`,
  },
  { rest: /^\.{2,3}/, fix: () => "write time.hour >= 8 && time.hour < 20" },
  {
    before: SUBJECT,
    rest: /^between\s+(?<from>[\w.]+)\s+and\s+(?<to>[\w.]+)/i,
    fix: ({ subject, from, to }) => `write ${subject} >= ${from} && ${subject} <= ${to}`,
  },
  { before: SUBJECT, rest: /^is\s+not\s+null\b/i, fix: ({ subject }) => `write has(${subject})` },
  { before: SUBJECT, rest: /^is\s+null\b/i, fix: ({ subject }) => `write !has(${subject})` },
  { rest: /^(?:is|equals|eq)\b/i, fix: () => "equality is written ==" },
  {
    before: SUBJECT,
    rest: /^(?<method>startsWith|endsWith|contains|matches)\s+(?<text>"[^"]{0,80}")/,
    fix: ({ subject, method, text }) => `write ${subject}.${method}(${text})`,
  },
  { rest: /^(?:=~|like\b)/i, fix: () => 'write x.matches("^a"), x.startsWith("a") or x.contains("a")' },
  { rest: /^(?:<>|not\s+equals\b)/i, fix: () => "inequality is written !=" },
  { rest: /^=/, fix: () => "equality is written ==" },
  { rest: /^&/, fix: () => "write && for and" },
  { rest: /^\|/, fix: () => "write || for or" },
  { rest: /^[“”‘’]/, fix: () => 'write straight quotes: "a"' },
  { rest: /^(?:if|when|unless)\b/i, fix: () => "write the condition alone" },
];

/** What to write instead, or null where nothing is known. */
export function cureSyntax(before: string, rest: string): string | null {
  for (const cure of CURES) {
    const found = cureBy(cure, before, rest);
    if (found !== null) return found;
  }
  const whole = before + rest;
  const unquoted = whole.replaceAll(/"[^"]*"|'[^']*'/g, "");
  if (/\b(?:and|or|not)\b/i.test(unquoted)) return "write && for and, || for or, ! for not";
  if (/^["']/.test(rest)) return "close the quote";
  return closes(unquoted) ? null : "close the bracket";
}

function cureBy({ before, rest, fix }: Cure, left: string, right: string): string | null {
  const found = rest.exec(right);
  const ahead = before?.exec(left) ?? null;
  if (found === null || (before !== undefined && ahead === null)) return null;
  return fix({ ...ahead?.groups, ...found.groups });
}

function writeMoney({ amount = "", code = "" }: Parts): string | null {
  const currency = code.toLowerCase();
  if (!Intl.supportedValuesOf("currency").includes(code.toUpperCase())) return null;
  return currency === "usd" ? `write usd(${amount})` : `write money("${amount}", "${currency}")`;
}

function closes(text: string): boolean {
  return text.replaceAll(/[^([{]/g, "").length <= text.replaceAll(/[^)\]}]/g, "").length;
}
