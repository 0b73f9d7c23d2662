import { z } from "zod";
import { PROGRAM_FORMAT } from "../program.ts";
import { ENGINE_VERSION } from "./bundle-files.ts";

const digest = z.string().regex(/^[0-9a-f]{64}$/);

/** `.manifest` of a bundle of ours. Unknown keys refuse it: each may be a promise that this version does not keep. */
export const manifestSchema = z.strictObject({
  revision: z.string().min(1).max(128),
  roots: z.array(z.string()).readonly(),
  rego_version: z.literal(1),
  metadata: z.strictObject({
    sluice: z.strictObject({
      format: z.literal(PROGRAM_FORMAT),
      engine: z.strictObject({ version: z.literal(ENGINE_VERSION), wasm: digest }),
      entrypoints: z.array(z.string()).readonly(),
      name: z.string().min(1).max(128),
      tenant: z.string().exactOptional(),
      policies: z.array(z.strictObject({ name: z.string(), version: z.string().nullable() })).readonly(),
      sources: digest,
    }),
  }),
});

export type Manifest = z.infer<typeof manifestSchema>;
