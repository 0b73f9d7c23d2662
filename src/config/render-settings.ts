import { stringify } from "yaml";

/**
 * The effective settings as a configuration file that loads to the same. A secret stands as its reference, which is all
 * that is known of it here; credentials inside a URL are masked.
 */
export function renderSettings(effective: unknown): string {
  return stringify(effective, (_, value: unknown) => (typeof value === "string" ? maskCredentials(value) : value), { lineWidth: 0 });
}

function maskCredentials(text: string): string {
  return text.replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/@]*@/i, "$1***@");
}
