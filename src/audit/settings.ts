import { z } from "zod";
import { builtOnly } from "../core/setting.ts";
import { SINKS, type SinkName } from "./sinks/index.ts";

const BUILT = Object.keys(SINKS).filter((name): name is SinkName => Object.hasOwn(SINKS, name));
const LATER = ["postgres", "redis", "otlp"] as const;

const sink = z.enum([...BUILT, ...LATER]).transform(builtOnly("sinks", BUILT));

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
