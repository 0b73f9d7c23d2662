import type { Names } from "../../program.ts";
import { mayBeLost } from "../lost-names.ts";
import { suggestName } from "../nearest-name.ts";
import type { Spot } from "../spot.ts";
import { checkMethod } from "./check-method.ts";
import type { MatchContext } from "./lower-match.ts";
import { makeNames } from "./names.ts";
import { parseHost } from "./parse-host.ts";

export function readHosts(list: readonly string[], spot: Spot): Names | null {
  const hosts = list.map((text, at) => parseHost(text, spot.in(at)));
  const good = hosts.filter((host) => host !== null);
  if (good.length < hosts.length) return null;
  return makeNames({
    is: good.filter((host) => !host.startsWith(".")),
    ends: good.filter((host) => host.startsWith(".")),
  });
}

export function readMethods(list: readonly string[], spot: Spot): Names | null {
  const bad = list.filter((text, at) => !checkMethod(text, spot.in(at)));
  return bad.length > 0 ? null : makeNames({ is: list });
}

const PROTOCOLS = ["http", "tunnel", "upgrade", "stream"];
const PROTOCOLS_LATER = ["mcp", "llm", "sql", "a2a"];

export function readProtocols(list: readonly string[], spot: Spot): Names | null {
  const bad = list.filter((text, at) => {
    if (PROTOCOLS.includes(text)) return false;
    if (PROTOCOLS_LATER.includes(text)) spot.in(at).problem({ code: "not_built_yet", message: `protocol \`${text}\` is not built yet` });
    else spot.in(at).problem({ code: "wrong_value", message: `\`${text}\` is no protocol`, fix: suggestName(text, PROTOCOLS) });
    return true;
  });
  return bad.length > 0 ? null : makeNames({ is: list });
}

/** The call's tool when the host is catalogued and no entry fits. */
export const UNKNOWN = "unknown";

/**
 * Patterns become the names they cover now: a tool that joins the catalogue later is covered by the next build. Null too,
 * without a word, where a tool is named that has a mistake of its own.
 */
export function readTools(list: readonly string[], spot: Spot, context: MatchContext): Names | null {
  const found = list.map((text, at) => {
    if (text === UNKNOWN) return context.unknown;
    const fits = text.endsWith("*")
      ? [...context.tools].filter((name) => name.startsWith(text.slice(0, -1)))
      : context.tools.has(text)
        ? [text]
        : [];
    const more = text === "*" ? [...context.beyond, ...(context.restricts ? context.unknown : [])] : [];
    if (fits.length + more.length > 0) return [...fits, ...more];
    if (!mayBeLost(text, context.lost)) noteNoTool(text, spot.in(at), context);
    return null;
  });
  const good = found.filter((names) => names !== null);
  return good.length < found.length ? null : makeNames({ is: good.flat() });
}

function noteNoTool(text: string, spot: Spot, { tools, beyond, lost, guard }: MatchContext): void {
  const known = [...tools, ...lost];
  const there = guard ? " there" : "";
  const near = known.length === 0 ? `write a file with the key \`tools\`${there}` : suggestName(text, known);
  const message = guard
    ? `the guardrails' folder has no tool \`${text}\`: tools that a guardrail names stand in the guardrails' folder`
    : `no tool of the catalogue is \`${text}\``;
  spot.problem({ code: "no_such_tool", message, fix: guard && beyond.includes(text) ? "move it there from the policies' folder" : near });
}
