import { z } from "zod";
import { later, laterSwitch, path } from "../core/setting.ts";

/** Restricts whatever a tenant's own policies allow: of the whole fleet at the top level, of one tenant inside it. */
export const guardrails = path()
  .nullable()
  .prefault(null)
  .describe("A folder of policy files whose rules only deny, ask, redact or limit, watched. Policies cannot loosen them.");

/** Keys of a tenant that say which policy it runs and how. */
export const tenantPolicyShape = {
  mode: z
    .enum(["enforce", "shadow"])
    .prefault("enforce")
    .describe("`shadow`: everything runs and is recorded, and the answer is allow. Switches protection off."),
  policies: path()
    .refine((place) => !/^([a-z][a-z0-9+.-]*:\/\/|bundle:)/i.test(place), {
      error: "policies: only a folder; bundles and URLs are not built yet",
    })
    .nullable()
    .prefault(null)
    .describe("A folder of policy files, watched. Null: the embedded bundle of the examples."),
  guardrails,
  bundle: later("bundle").describe("A bundle's file, folder or URL instead of `policies`. Not built yet."),
  bundle_keys: later("bundle_keys").describe("Keys that bundles must be signed with. Not built yet."),
  allow_unsigned_bundles: laterSwitch("allow_unsigned_bundles").describe("Whether a bundle may be unsigned. Not built yet."),
};
