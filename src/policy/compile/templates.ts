import { parseName } from "../../core/name.ts";
import { suggestName } from "./nearest-name.ts";
import type { Complaint, Spot } from "./spot.ts";

const PLACEHOLDER = /\{([^{}]*)\}/g;
const CHARS_MAX = 2048;

/** Verified facts of the caller, beside `caller.labels.NAME`. */
const FACTS = ["agent", "subject", "tenant", "session", "agent_version", "issuer"].map((fact) => `caller.${fact}`);
const LABEL = "caller.labels.";

/** What an agent reads: verified facts of the caller, and never an argument of the call. */
export function checkAgentText(text: string, spot: Spot): boolean {
  return checkTemplate(text, spot, (whole) => `\`${whole}\` cannot stand in what an agent reads: verified facts of the caller only`);
}

/** What a header is set to: visible ASCII, and verified facts of the caller. */
export function checkHeaderValue(text: string, spot: Spot): boolean {
  const wrong = (message: string, more: Pick<Complaint, "fix" | "offset"> = {}) => {
    spot.problem({ code: "wrong_value", message, ...more });
    return false;
  };
  if (text === "") return wrong("a header is not set to nothing", { fix: "write `remove` to take it out" });
  const odd = text.search(/[^\x20-\x7e]/);
  if (odd >= 0) return wrong("a header's value is visible ASCII and spaces", { offset: odd });
  if (text.trim() !== text) return wrong("a header's value neither begins nor ends with a space");
  return checkTemplate(text, spot, (whole) => `\`${whole}\` cannot stand in a header's value: verified facts of the caller only`);
}

function checkTemplate(text: string, spot: Spot, describe: (whole: string) => string): boolean {
  const stranger = placeholdersOf(text).find(({ name }) => !isFact(name));
  if (stranger !== undefined) {
    const fact = `caller.${stranger.name.trim()}`;
    const fix = isFact(fact) ? `write {${fact}}` : suggestName(stranger.name, [...FACTS, `${LABEL}NAME`]);
    spot.problem({ code: "wrong_value", message: describe(stranger.whole), fix, offset: stranger.offset });
    return false;
  }
  return checkSize(text, spot) && checkBraces(text, spot);
}

function isFact(name: string): boolean {
  return FACTS.includes(name) || (name.startsWith(LABEL) && parseName(name.slice(LABEL.length)) !== null);
}

/** What every tool of a rule has. */
type Told = { readonly args: ReadonlySet<string>; readonly amount: boolean };

/** What approvers read: may use the call's arguments and its amount. */
export function checkSummary(text: string, spot: Spot, { args, amount }: Told): boolean {
  const allowed = [...(amount ? ["amount"] : []), ...[...args].map((name) => `args.${name}`)];
  const stranger = placeholdersOf(text).find(({ name }) => !allowed.includes(name));
  if (stranger !== undefined) {
    const message = `\`${stranger.whole}\` is nothing that every tool of this rule has`;
    spot.problem({
      code: "wrong_value",
      message,
      fix: allowed.length === 0 ? "name tools in the rule's match" : suggestName(stranger.name, allowed),
      offset: stranger.offset,
    });
    return false;
  }
  return checkSize(text, spot) && checkBraces(text, spot);
}

type Placeholder = { readonly whole: string; readonly name: string; readonly offset: number };

function placeholdersOf(text: string): readonly Placeholder[] {
  return [...text.matchAll(PLACEHOLDER)].map((found) => ({ whole: found[0], name: found[1] ?? "", offset: found.index }));
}

function checkSize(text: string, spot: Spot): boolean {
  if (text.length <= CHARS_MAX) return true;
  spot.problem({ code: "too_large", message: `this text has more than ${CHARS_MAX} characters` });
  return false;
}

function checkBraces(text: string, spot: Spot): boolean {
  const dollar = text.search(/\$\{/);
  if (dollar >= 0) {
    const fix = "a placeholder is written {caller.agent}, without `$`";
    spot.problem({ code: "wrong_value", message: "`$` before a placeholder stays in the text", fix, offset: dollar });
    return false;
  }
  const offset = text.replaceAll(PLACEHOLDER, (whole) => " ".repeat(whole.length)).search(/[{}]/);
  if (offset < 0) return true;
  spot.problem({ code: "wrong_value", message: "a brace without its partner", fix: "a placeholder is written {caller.agent}", offset });
  return false;
}
