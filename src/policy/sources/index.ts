import { openFolder } from "./folder.ts";

/** Where a tenant's policy comes from. */
export const POLICY_SOURCES = { folder: { open: openFolder } } as const;
