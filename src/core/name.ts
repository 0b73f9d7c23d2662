import type { Brand } from "./brand.ts";

/** A tenant, agent, subject, role, group, label key or label value, as contract section 2 allows them. */
export type Name = Brand<string, "Name">;

const GRAMMAR = /^[A-Za-z0-9._:@/+-]{1,128}$/;

/** The name, or null when the text is none. */
export function parseName(text: unknown): Name | null {
  // The grammar was checked on this line; this is the one place that makes the brand.
  return typeof text === "string" && GRAMMAR.test(text) ? (text as Name) : null;
}
