import { z } from "zod";
import { object, text } from "./object.ts";

const argument = object({
  from: text,
  type: z.enum(["string", "integer", "number", "any"]).optional(),
  record: z.boolean().optional(),
});

const tool = object(
  {
    http: object({ method: text, host: text, path: text, body: z.enum(["none", "json", "form"]).optional() }).optional(),
    args: z.record(text, argument).optional(),
    amount: object({ value: text, unit: z.enum(["minor", "major", "micros"]), currency: text }).optional(),
    model: text.optional(),
    cost: z.union([text, z.record(text, text)]).optional(),
    schema: text.optional(),
  },
  ["mcp", "sql", "llm", "a2a"],
);

/** A file with the key `tools`: the catalogue. */
export const toolsFile = object({ tools: z.record(text, tool) });

export type ToolSource = z.infer<typeof tool>;
