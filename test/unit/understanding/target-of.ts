import type { Target } from "../../../src/core/intent.ts";

/** A canonical https target. */
export function targetOf(host: string, segments: readonly string[]): Target {
  const path = `/${segments.join("/")}`;
  const rewritten = { path: false, authority: false };
  return { scheme: "https", host, hostname: host, port: 443, path, segments, query: [], text: path, rewritten, private: false };
}
