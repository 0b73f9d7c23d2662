import type { BrokenFile } from "./broken-file.ts";

const TOOLS = `tools:
  x.pay:
    http: { method: POST, host: x.example, path: "/pay/:id", body: json }
    args:
      id: { from: path.id }
      n: { from: json.n, type: integer }
      share: { from: json.share, type: number }
      to: { from: json.to, type: string }
      note: { from: json.note, type: string }
      any: { from: json.any }
      q: { from: query.q }
`;

const pays = (text: string) => ({
  text: `policy: p\nrules:\n  - id: a\n    then: allow\n    match: { tools: [x.pay] }\n    if: |\n      ${text}\n`,
  beside: [{ name: "tools.yaml", text: TOOLS }],
});

const RETYPE = "a number has `type: integer` or `type: number` there";
const UNTYPED = "a text without type by x.pay's catalogue entry";
const TEXT = "a text by x.pay's catalogue entry";
const NUMBER = "a number by x.pay's catalogue entry";
const NO_ORDER = "has no order: < <= > >= are for numbers, money, dates and timestamps";
const ANY_TEXT = "it compares with a text in quotes or a timestamp(…)";

/** Conditions that are wrong for what the catalogue declares; `§` marks where the problem must be told. */
export const BROKEN_ARGUMENTS: readonly BrokenFile[] = [
  {
    name: "a declared number with a number in quotes",
    ...pays('args.n §== "5"'),
    message: `\`args.n\` is ${NUMBER} and cannot be compared with a text`,
    fix: "write 5 without quotes",
  },
  {
    name: "an order of a declared number and a number in quotes",
    ...pays('args.share §<= "0.5"'),
    message: `\`args.share\` is ${NUMBER} and cannot be compared with a text`,
    fix: "write 0.5 without quotes",
  },
  {
    name: "a declared number with a text",
    ...pays('"five" §!= args.n'),
    message: `\`args.n\` is ${NUMBER} and cannot be compared with a text`,
    fix: "it compares with a number",
  },
  {
    name: "a declared number with true",
    ...pays("args.n §== true"),
    message: `\`args.n\` is ${NUMBER} and cannot be compared with true or false`,
    fix: "it compares with a number",
  },
  {
    name: "a declared number in texts",
    ...pays('args.n §in ["1", "2"]'),
    message: `\`args.n\` is ${NUMBER} and cannot be one of these`,
    fix: "write 1 without quotes",
  },
  {
    name: "a declared number with money",
    ...pays("args.n §> usd(5)"),
    message: `\`args.n\` is ${NUMBER} and cannot be compared with money`,
    fix: "it compares with a number",
  },
  {
    name: "the beginning of a declared number",
    ...pays('args.n§.startsWith("5")'),
    message: `\`args.n\` is ${NUMBER}, and startsWith is for texts`,
    fix: "it compares with a number",
  },
  {
    name: "the size of a declared number",
    ...pays("§size(args.n) > 1"),
    message: `\`args.n\` is ${NUMBER}, and size is for texts, lists and maps`,
    fix: "it compares with a number",
  },
  {
    name: "a part of a declared number",
    ...pays("args.n§.value > 5"),
    message: `\`args.n\` is ${NUMBER} and has no part \`value\``,
    fix: "an argument with parts has no type there, and is read from json",
  },
  {
    name: "a declared number as a condition",
    ...pays("!args§.n"),
    message: `\`args.n\` is ${NUMBER}, no condition by itself`,
    fix: "it compares with a number",
  },
  {
    name: "a declared text with a number",
    ...pays("args.to §== 1"),
    message: `\`args.to\` is ${TEXT} and cannot be compared with a number`,
    fix: `write "1" in quotes, or: ${RETYPE}`,
  },
  {
    name: "an order of a declared text and a number",
    ...pays("args.to §> 5"),
    message: `\`args.to\` is ${TEXT} and cannot be compared with a number`,
    fix: RETYPE,
  },
  {
    name: "an order of a declared text and a number in quotes",
    ...pays('args.to §<= "300"'),
    message: `a text ${NO_ORDER}`,
    fix: `write 300 without quotes: ${RETYPE}`,
  },
  {
    name: "an order of a declared text and a day",
    ...pays('args.to §<= "2026-12-24"'),
    message: `a text ${NO_ORDER}`,
    fix: 'write timestamp("2026-12-24T00:00:00Z")',
  },
  {
    name: "an order of a declared text and a moment in quotes",
    ...pays('args.to §> "2026-12-24T18:00:00+01:00"'),
    message: `a text ${NO_ORDER}`,
    fix: 'write timestamp("2026-12-24T18:00:00+01:00")',
  },
  { name: "an order of a declared text and a word", ...pays('args.to §> "bob"'), message: `a text ${NO_ORDER}` },
  {
    name: "a declared text with false",
    ...pays("args.to §!= false"),
    message: `\`args.to\` is ${TEXT} and cannot be compared with true or false`,
    fix: 'write "false" in quotes',
  },
  {
    name: "a declared text in numbers",
    ...pays("args.to §in [1, 2]"),
    message: `\`args.to\` is ${TEXT} and cannot be one of these`,
    fix: `write "1" in quotes, or: ${RETYPE}`,
  },
  {
    name: "a text in a declared text",
    ...pays('"a" §in args.to'),
    message: `\`args.to\` is ${TEXT}, neither a list nor a map`,
    fix: 'write args.to.contains("…") for a part of it',
  },
  {
    name: "the length of a declared text",
    ...pays("args.to§.length > 3"),
    message: `\`args.to\` is ${TEXT} and has no part \`length\``,
    fix: "write size(args.to)",
  },
  {
    name: "whether a declared text has a part",
    ...pays("§has(args.to.name)"),
    message: `\`args.to\` is ${TEXT} and has no part \`name\``,
    fix: "an argument with parts has no type there, and is read from json",
  },
  {
    name: "elements of a declared text",
    ...pays('args.to§.exists(x, x == "a")'),
    message: `\`args.to\` is ${TEXT}, and exists is for lists`,
    fix: ANY_TEXT,
  },
  {
    name: "a declared text as a condition",
    ...pays("args§.to"),
    message: `\`args.to\` is ${TEXT}, no condition by itself`,
    fix: ANY_TEXT,
  },
  {
    name: "a declared text with a declared number",
    ...pays("args.to §== args.n"),
    message: `\`args.to\`, ${TEXT}, cannot be compared with \`args.n\`, ${NUMBER}`,
    fix: RETYPE,
  },
  {
    name: "a declared number with a field that is a text",
    ...pays("args.n §== caller.agent"),
    message: `\`args.n\`, ${NUMBER}, cannot be compared with \`caller.agent\`, a text`,
    fix: "it compares with a number",
  },
  {
    name: "an order of two declared texts",
    ...pays("args.to §< args.note"),
    message: `\`args.to\` ${NO_ORDER}`,
    fix: RETYPE,
  },
  {
    name: "an argument of the query without type with a number",
    ...pays("args.q §> 5"),
    message: `\`args.q\` is ${UNTYPED} and cannot be compared with a number`,
    fix: RETYPE,
  },
  {
    name: "an argument of the path without type with true",
    ...pays("args.id §== true"),
    message: `\`args.id\` is ${UNTYPED} and cannot be compared with true or false`,
    fix: 'write "true" in quotes',
  },
  {
    name: "an argument of the query without type with a field that is a number",
    ...pays("args.q §== http.port"),
    message: `\`args.q\`, ${UNTYPED}, cannot be compared with \`http.port\`, a number`,
    fix: RETYPE,
  },
  {
    name: "an order of any argument and a number in quotes",
    ...pays('args.any §<= "300"'),
    message: `a text ${NO_ORDER}`,
    fix: "write 300 without quotes",
  },
];
