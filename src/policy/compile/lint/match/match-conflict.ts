import type { CatalogueEntry } from "../../../../core/catalogue.ts";
import type { Match, Names } from "../../../program.ts";
import { covers } from "../../match/names.ts";
import { intersectGlobs, toGlob } from "../../match/path-patterns.ts";
import type { Tools } from "../tools.ts";

const UNKNOWN_TOOL = "unknown";
const HTTP = "http";

/** Why a rule that permits never does: what the named protocols hide cannot be asked for by name. Null where it may. */
export function hiddenConflict({ protocol, tool, method, path }: Match): string | null {
  if (protocol === undefined || protocol.starts.length + protocol.ends.length > 0 || Object.hasOwn(protocol.is, HTTP)) return null;
  const names = Object.keys(protocol.is);
  const hidden = tool !== undefined ? "tool" : names.every((name) => name === "tunnel") ? hiddenInTunnel({ method, path }) : null;
  return hidden === null ? null : `the protocol ${names.join(" or ")} hides the ${hidden} of a call, so none is known to fit`;
}

function hiddenInTunnel({ method, path }: { method: Match["method"]; path: Match["path"] }): string | null {
  return method !== undefined ? "method" : path !== undefined ? "path" : null;
}

/**
 * Why no call fits the tools of the match and the rest of it together, or null where one may. `isSure`: for certain;
 * otherwise a call that hides its tool or method fits too.
 */
export function toolConflict(match: Match, isSure: boolean, tools: Tools): string | null {
  const { tool } = match;
  if (tool === undefined || tool.starts.length + tool.ends.length > 0) return null;
  const isVisible = isSure || isOnlyHttp(match.protocol);
  const entries = tools.named(match);
  if (Object.hasOwn(tool.is, UNKNOWN_TOOL)) {
    if (tools.entries.some((entry) => isOnHost(entry, match.host, false))) return null;
    if (entries.length === 0) return "no host of its match has tools in the catalogue, and only there a tool can be unknown";
  }
  const tests: readonly Test[] = [
    { says: "host", fits: (entry) => isOnHost(entry, match.host, isVisible) },
    { says: "method", fits: ({ method }) => !isVisible || match.method === undefined || covers(match.method, method) },
    { says: "path", fits: ({ path }) => !isVisible || match.path === undefined || intersectGlobs([toGlob(path)], match.path).length > 0 },
  ];
  if (entries.some((entry) => tests.every(({ fits }) => fits(entry)))) return null;
  const failing = tests.find(({ fits }) => !entries.some(fits));
  const names = entries.map((entry) => `\`${entry.tool}\``).join(", ");
  return failing === undefined
    ? `host, method and path of its match are together those of none of its tools: ${names}`
    : `the ${failing.says} of its match is that of none of its tools: ${names}`;
}

type Test = { readonly says: string; readonly fits: (entry: CatalogueEntry) => boolean };

function isOnlyHttp(protocol: Names | undefined): boolean {
  return protocol !== undefined && protocol.starts.length + protocol.ends.length === 0 && Object.keys(protocol.is).join() === HTTP;
}

/** A call that hides its tool may be any of those of the same name, whatever the port. */
function isOnHost({ host }: CatalogueEntry, names: Names | undefined, isExact: boolean): boolean {
  if (names === undefined) return true;
  if (isExact) return covers(names, host);
  const name = withoutPort(host);
  return Object.keys(names.is).some((one) => withoutPort(one) === name) || names.ends.some((end) => name.endsWith(withoutPort(end)));
}

function withoutPort(host: string): string {
  return host.replace(/:[0-9]+$/, "");
}
