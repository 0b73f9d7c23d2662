import { z } from "zod";

const endpoint = z.string().refine(isPlainUrl, { error: "a URL without credentials is expected, such as http://collector:4317" });

export const telemetry = z
  .strictObject({
    otlp: z
      .strictObject({
        endpoint: endpoint.describe("The collector, such as `http://127.0.0.1:4317`."),
        protocol: z.enum(["grpc"]).prefault("grpc").describe("How it is spoken to."),
      })
      .nullable()
      .prefault(null)
      .describe("Where spans go; null: nowhere."),
    sample: z
      .number()
      .min(0)
      .max(1)
      .prefault(0.01)
      .describe("The share of decisions whose spans are kept where Envoy does not trace; where it does, its own sampling decides."),
    log_level: z.enum(["debug", "info", "warn", "error"]).prefault("info").describe("The least level that is logged."),
  })
  .transform((telemetry) => ({ otlp: telemetry.otlp, sample: telemetry.sample, logLevel: telemetry.log_level }))
  .prefault({})
  .describe("Traces, metrics and logs.");

function isPlainUrl(text: string): boolean {
  const url = URL.parse(text);
  return url !== null && /^https?:$/.test(url.protocol) && url.username === "" && url.password === "";
}
