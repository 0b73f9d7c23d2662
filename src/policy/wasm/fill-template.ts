import type { Caller } from "../../core/caller.ts";

const PLACEHOLDER = /\{caller\.([^{}]+)\}/g;
/** What a text says where a fact is absent. */
const ABSENT = "-";
const VISIBLE_ASCII = /^[\x21-\x7e]*$/;

/** What stands for one caller. */
export type Filled<T> = (caller: Caller) => T;

/** Fills facts into what an agent reads. */
export function planText(template: string | null): Filled<string | null> {
  if (template === null || !template.includes("{caller.")) return () => template;
  return (caller) => template.replaceAll(PLACEHOLDER, (_, name: string) => factOf(caller, name) ?? ABSENT);
}

/** Fills facts into a header's value; null where one of them is absent. */
export function planHeader(template: string): Filled<string | null> {
  if (!template.includes("{caller.")) return () => template;
  const names = [...template.matchAll(PLACEHOLDER)].map(([, name = ""]) => name);
  return function fillHeader(caller) {
    if (names.some((name) => factOf(caller, name) === null)) return null;
    return template.replaceAll(PLACEHOLDER, (_, name: string) => encodeFact(factOf(caller, name) ?? ""));
  };
}

const FACTS: Readonly<Record<string, (caller: Caller) => string | null>> = {
  tenant: ({ tenant }) => tenant,
  agent: ({ agent }) => agent,
  subject: ({ subject }) => subject,
  session: ({ session }) => session,
  agent_version: ({ agentVersion }) => agentVersion,
  issuer: ({ issuer }) => issuer,
};
const LABEL = "labels.";

function factOf(caller: Caller, name: string): string | null {
  if (name.startsWith(LABEL)) {
    const label = name.slice(LABEL.length);
    return Object.hasOwn(caller.labels, label) ? (caller.labels[label] ?? null) : null;
  }
  return Object.hasOwn(FACTS, name) ? (FACTS[name]?.(caller) ?? null) : null;
}

/** Visible ASCII as it is, but `%`; everything else as the percent-encoded bytes of its UTF-8, so that no two facts look alike. */
function encodeFact(fact: string): string {
  if (VISIBLE_ASCII.test(fact) && !fact.includes("%")) return fact;
  let encoded = "";
  for (const byte of Buffer.from(fact.toWellFormed())) {
    const isPlain = byte > 0x20 && byte < 0x7f && byte !== 0x25;
    encoded += isPlain ? String.fromCharCode(byte) : `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
  }
  return encoded;
}
