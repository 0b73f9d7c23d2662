import { z } from "zod";
import { builtOnly } from "../core/setting.ts";

const sink = z.enum(["file", "stdout", "postgres", "redis", "otlp"]).transform(builtOnly("sinks", ["file", "stdout"] as const));

export const audit = z
  .strictObject({
    sinks: z
      .array(sink)
      .min(1)
      .refine((sinks) => new Set(sinks).size === sinks.length, { error: "a sink is listed twice" })
      .prefault(["file"])
      .describe("Where receipts go: `file` is `<state.folder>/receipts/<stream>.jsonl`. `postgres`, `redis` and `otlp` are not built yet."),
  })
  .prefault({})
  .describe("The record of decisions.");
