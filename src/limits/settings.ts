import { z } from "zod";

export const limits = z
  .strictObject({
    expected_servers: z
      .int()
      .min(1)
      .refine((count) => count === 1, { error: "expected_servers above 1 is not built yet" })
      .prefault(1)
      .describe("How many servers share the limits. More than one is not built yet."),
  })
  .transform((limits) => ({ expectedServers: limits.expected_servers }))
  .prefault({})
  .describe("Rates and budgets.");
