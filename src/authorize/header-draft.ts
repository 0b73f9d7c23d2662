import type { Pseudonyms } from "../core/keys.ts";
import type { RedactWith } from "../core/ruling.ts";
import { FRAMING_HEADERS } from "../understanding/header-names.ts";
import { type FindingObligation, redactFound, redactWhole } from "./redact-found.ts";

export type HeaderDraft = {
  /** Every name under which the call has the header: gateways that turn `_` into `-` see one in two spellings. */
  readonly spellings: (name: string) => readonly string[];
  /** Whether the header goes upstream with text of the call in it. */
  readonly holds: (name: string) => boolean;
  /** Whether the header may be changed at all; those that frame the message may not. */
  readonly mayChange: (name: string) => boolean;
  /** Whether there was such a header; one that was redacted goes as well. */
  readonly remove: (name: string) => boolean;
  readonly redactAll: (name: string, how: RedactWith) => void;
  readonly redactFound: (name: string, obligation: FindingObligation) => void;
  /** The operator's own value instead of whatever the call had there. Two values for one header are nobody's intention. */
  readonly set: (name: string, value: string) => void;
  /** Envoy removes last, so a header that is set is not among the removed. */
  readonly result: () => { readonly set: readonly { readonly name: string; readonly value: string }[]; readonly remove: readonly string[] };
};

const FRAMING: ReadonlySet<string> = new Set(FRAMING_HEADERS);
// No header value may hold a control character but the tab; U+FFFD stands for bytes that cannot be written back.
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for.
const UNWRITABLE = /[\u0000-\u0008\u000a-\u001f\u007f\ufffd]/;

/** The headers while obligations are carried out on them. `removed` are taken out whatever the obligations say. */
export function createHeaderDraft(headers: ReadonlyMap<string, string>, removed: readonly string[], pseudonyms: Pseudonyms): HeaderDraft {
  const done = new Set(removed);
  // Null: the header goes.
  const edits = new Map<string, string | null>(removed.map((name) => [name, null]));
  const own = new Map<string, string>();

  return {
    spellings: (name) => [...headers.keys()].filter((other) => other.replaceAll("_", "-") === name.replaceAll("_", "-")),
    holds: (name) => headers.has(name) && !done.has(name),
    mayChange: (name) => !FRAMING.has(name),
    remove(name) {
      if (!headers.has(name) || edits.get(name) === null) return false;
      edits.set(name, null);
      done.add(name);
      return true;
    },
    redactAll(name, how) {
      edits.set(name, redactWhole(headers.get(name) ?? "", how, pseudonyms));
      done.add(name);
    },
    redactFound(name, obligation) {
      const text = edits.get(name) ?? headers.get(name) ?? "";
      const redacted = redactFound(text, { kind: "header", name }, obligation, pseudonyms);
      edits.set(name, redacted ?? redactWhole(text, obligation.with, pseudonyms, obligation.finding));
    },
    set(name, value) {
      if ((own.get(name) ?? value) !== value) throw new Error(`two rules set the header ${name} to different values`);
      own.set(name, value);
    },
    result() {
      const all = new Map(edits);
      for (const [name, value] of own) all.set(name, value.trim() === "" ? null : value);
      const set: { readonly name: string; readonly value: string }[] = [];
      const remove: string[] = [];
      for (const [name, value] of all) {
        const sent = value === null || own.has(name) ? value : writable(value);
        if (sent === null) remove.push(name);
        else set.push({ name, value: sent });
      }
      return { set, remove };
    },
  };
}

/** Envoy cannot blank a header, and must not write what it cannot carry: such a header goes. */
function writable(value: string): string | null {
  return value.trim() === "" || UNWRITABLE.test(value) ? null : value;
}
