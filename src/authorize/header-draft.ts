import type { Pseudonyms } from "../core/keys.ts";
import type { RedactWith } from "../core/ruling.ts";
import { FRAMING_HEADERS } from "../understanding/header-names.ts";
import { type FindingObligation, redactFound, redactWhole } from "./redact-found.ts";

export type HeaderDraft = {
  /** Whether the header goes upstream with text of the call in it. */
  readonly holds: (name: string) => boolean;
  /** Whether the header may be changed at all; those that frame the message may not. */
  readonly mayChange: (name: string) => boolean;
  readonly redactAll: (name: string, how: RedactWith) => void;
  readonly redactFound: (name: string, obligation: FindingObligation) => void;
  readonly result: () => { readonly set: readonly { readonly name: string; readonly value: string }[]; readonly remove: readonly string[] };
};

const FRAMING: ReadonlySet<string> = new Set(FRAMING_HEADERS);
// No header value may hold a control character but the tab; U+FFFD stands for bytes that cannot be written back.
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for.
const UNWRITABLE = /[\u0000-\u0008\u000a-\u001f\u007f\ufffd]/;

/** The headers while obligations are carried out on them. `removed` are taken out whatever the obligations say. */
export function createHeaderDraft(headers: ReadonlyMap<string, string>, removed: readonly string[], pseudonyms: Pseudonyms): HeaderDraft {
  const done = new Set(removed);
  const edits = new Map<string, string>();

  return {
    holds: (name) => headers.has(name) && !done.has(name),
    mayChange: (name) => !FRAMING.has(name),
    redactAll(name, how) {
      edits.set(name, redactWhole(headers.get(name) ?? "", how, pseudonyms));
      done.add(name);
    },
    redactFound(name, obligation) {
      const text = edits.get(name) ?? headers.get(name) ?? "";
      const redacted = redactFound(text, { kind: "header", name }, obligation, pseudonyms);
      edits.set(name, redacted ?? redactWhole(text, obligation.with, pseudonyms, obligation.finding));
    },
    result() {
      // Envoy cannot blank a header, and must not write what it cannot carry.
      const goes = ([, value]: readonly [string, string]) => value.trim() === "" || UNWRITABLE.test(value);
      const all = [...edits];
      return {
        set: all.filter((edit) => !goes(edit)).map(([name, value]) => ({ name, value })),
        remove: all.filter(goes).map(([name]) => name),
      };
    },
  };
}
