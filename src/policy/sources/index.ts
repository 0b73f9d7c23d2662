import { openBundleFile } from "./open-bundle-file.ts";
import { openBundleUrl } from "./open-bundle-url.ts";
import { openFolder } from "./open-folder.ts";
import { openPushed } from "./open-pushed.ts";
import type { PolicyFeed, PolicySourceName } from "./policy-feed.ts";
import type { SourceDeps, SourcePlaces } from "./source-deps.ts";

type SourceTable = {
  readonly [Name in PolicySourceName]: { readonly open: (place: SourcePlaces[Name], deps: SourceDeps) => Promise<PolicyFeed> };
};

/** Where a tenant's policy comes from. */
export const POLICY_SOURCES = {
  folder: { open: openFolder },
  bundle_file: { open: openBundleFile },
  bundle_url: { open: openBundleUrl },
  pushed: { open: openPushed },
} as const satisfies SourceTable;

/**
 * Opens a tenant's source. Its first news is told before this resolves. Rejects only where the source could not begin: what
 * it has to say against a version is news.
 */
export function openSource<Name extends PolicySourceName>(kind: Name, place: SourcePlaces[Name], deps: SourceDeps): Promise<PolicyFeed> {
  const table: SourceTable = POLICY_SOURCES;
  return table[kind].open(place, deps);
}
