import { z } from "zod";

const digest = z.string().regex(/^[0-9a-f]{64}$/);

/** `.manifest` of a bundle of ours. Unknown keys refuse it: each may be a promise that this version does not keep. */
export const manifestSchema = z.strictObject({
  revision: z.string().min(1).max(128),
  roots: z.array(z.string()).readonly(),
  rego_version: z.literal(1),
  metadata: z.strictObject({
    sluice: z.strictObject({
      format: z.int(),
      engine: z.strictObject({ version: z.int(), wasm: digest }),
      entrypoints: z.array(z.string()).readonly(),
      name: z.string().min(1).max(128),
      tenant: z.string().exactOptional(),
      /** Grows with every version of a tenant's policy; what is below the highest that decided is refused. */
      serial: z.int().min(0),
      /** RFC 3339. */
      not_after: z.iso.datetime().exactOptional(),
      /** The serial that decides now and that this older version may take the place of. */
      rollback_from: z.int().min(0).exactOptional(),
      policies: z.array(z.strictObject({ name: z.string(), version: z.string().nullable() })).readonly(),
      sources: digest,
    }),
  }),
});

export type Manifest = z.infer<typeof manifestSchema>;
