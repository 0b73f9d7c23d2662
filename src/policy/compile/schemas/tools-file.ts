import { z } from "zod";
import { fileSchema, object, text } from "./object.ts";

const argument = object({
  from: text.describe("Where it is: form.KEY, json.a.b, query.KEY, path.NAME or header.NAME."),
  type: z.enum(["string", "integer", "number", "any"]).optional().describe("any if absent; text is converted, JSON must already be it."),
  record: z.boolean().optional().describe("true: receipts show its value in clear."),
});

const http = object({
  method: text.describe("In upper case."),
  host: text.describe("Exact; `:port` only if it is not the scheme's default."),
  path: text.describe("By segments: `*` is one, a final `**` any number, `:name` one that `path.name` reads."),
  body: z.enum(["none", "json", "form"]).optional().describe("How the body is read; none if absent."),
});

const amount = object({
  value: text.describe("The argument that holds the number, for example args.amount."),
  unit: z
    .enum(["minor", "major", "micros"])
    .describe("What the number counts: cents, dollars or millionths of a dollar, and so for each currency."),
  currency: text.describe("The argument that holds the currency, for example args.currency, or a code such as usd."),
});

const tool = object(
  {
    http: http.optional().describe("Which call it is."),
    args: z.record(text, argument).optional().describe("Its arguments by their names."),
    amount: amount.optional().describe("The money inside the call."),
    model: text.optional().describe("The argument that names the model, for example args.model."),
    cost: z
      .union([text, z.record(text, text)])
      .optional()
      .describe("What the call itself costs: 0.30 usd, or so by model; one `*` at the end."),
    schema: text.optional().describe("A file NAME.schema.json beside this one: a JSON Schema of the arguments."),
  },
  ["mcp", "sql", "llm", "a2a"],
);

/** A file with the key `tools`: the catalogue. */
export const toolsFile = object({
  $schema: fileSchema,
  tools: z.record(text, tool).describe("Tools by their names."),
}).describe("A tools file: which call is which tool, where its arguments are and what it costs.");

export type ToolSource = z.infer<typeof tool>;
