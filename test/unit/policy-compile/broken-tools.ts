import type { BrokenFile } from "./broken-file.ts";

const tool = (text: string) => `tools:\n  t.one:\n    http: { method: POST, host: h.example, path: "/v1/:id", body: form }\n${text}\n`;

export const BROKEN_TOOLS: readonly BrokenFile[] = [
  // The catalogue
  { name: "a tool that is no call", text: "tools:\n  §t.one: {}\n", message: "the tool `t.one` says no `http`: which call it is" },
  { name: "a tool of later", text: "tools:\n  t.one: { §mcp: {} }\n", message: "`mcp` is not built yet" },
  {
    name: "a tool called unknown",
    text: "tools:\n  §unknown: { http: { method: GET, host: h.example, path: / } }\n",
    message: "`unknown` cannot be the name of a tool",
    fix: "letters, digits, `.`, `_`, `:`, `/`, `-`; not `unknown`",
  },
  {
    name: "a tool on many hosts",
    text: "tools:\n  t: { http: { method: GET, host: §.example, path: / } }\n",
    message: "the host of a tool is exact",
  },
  {
    name: "two tools that are one call",
    text: 'tools:\n  a: { http: { method: GET, host: h.example, path: "/:x" } }\n  §b: { http: { method: GET, host: h.example, path: "/*" } }\n',
    message: "`a` and `b` both fit GET h.example/x, and neither is the more specific",
    fix: "make one path narrower at every place where they differ",
  },
  {
    name: "an argument from nowhere",
    text: tool("    args: { x: { from: §formm.x } }"),
    message: "`formm.x` is no place of an argument",
    fix: "did you mean form? allowed: form, json, query, path, header",
  },
  {
    name: "an argument from another body",
    text: tool("    args: { x: { from: §json.x } }"),
    message: "`json.x` is read from a JSON body, which the tool does not declare",
    fix: "write `body: json`",
  },
  {
    name: "an argument of a path that does not bind it",
    text: tool("    args: { x: { from: §path.x } }"),
    message: "`path.x` is not bound by the tool's path",
    fix: "write `:x` as a segment of the path",
  },
  {
    name: "an amount of no argument",
    text: tool("    amount: { value: §args.sum, unit: minor, currency: usd }"),
    message: "`args.sum` is no argument of this tool",
    fix: "there are none yet",
  },
  {
    name: "an amount in no currency",
    text: tool("    args: { sum: { from: form.sum } }\n    amount: { value: args.sum, unit: minor, currency: §dollars }"),
    message: "`dollars` is no currency",
    fix: "write args.NAME or a code such as usd",
  },
  { name: "a cost that is none", text: tool("    cost: §30 cents"), message: "`30 cents` is no cost", fix: "for example 0.30 usd" },
  {
    name: "a schema that is no such file",
    text: tool("    schema: §x.json"),
    message: "`x.json` cannot be the name of a schema's file",
    fix: "write NAME.schema.json, a file beside this one",
  },
];
