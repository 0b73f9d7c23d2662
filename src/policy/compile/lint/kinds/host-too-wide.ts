import type { LintFinding, LintKind } from "../lint-kind.ts";
import { isPublicSuffix } from "../match/public-name.ts";
import { type HostAt, openedHosts } from "../opened-hosts.ts";

/** Suffixes under which anybody can have a name: what is allowed there is allowed to strangers. */
export const hostTooWide: LintKind = {
  find: (context) => openedHosts(context).flatMap((host) => (isTooWide(host.text) ? [findingAt(host)] : [])),
};

function isTooWide(host: string): boolean {
  return (
    host.startsWith(".") &&
    isPublicSuffix(
      host
        .slice(1)
        .toLowerCase()
        .replace(/:[0-9]+$/, ""),
    )
  );
}

function findingAt({ text, spot }: HostAt): LintFinding {
  return {
    spot,
    message: `anybody can have a name under \`${text}\`, so this opens the hosts of strangers`,
    fix: `name the hosts, or a domain of your own${text.split(".").length > 3 ? "" : ` such as .yours${text}`}`,
  };
}
