import type { Call } from "../core/call.ts";
import type { Json } from "../core/intent.ts";
import type { JsonStep, Obligation } from "../core/ruling.ts";
import { foldPath, overlaps } from "../understanding/argument-names.ts";
import { decodeComponentLossy } from "../understanding/percent.ts";
import { type BodyRead, readBody } from "../understanding/read-body.ts";

export type BodyObligation = Extract<Obligation, { readonly kind: "redact_form" | "redact_json" }>;

/** Which of the obligations is the first whose place the call's body holds, or null; a body that cannot be read may hold everything. */
export function findFirstInBody(call: Pick<Call, "headers" | "body">, obligations: readonly BodyObligation[]): number | null {
  const body = readBody(call, "any");
  const at = obligations.findIndex((obligation) => body.kind === "refused" || findInBody(body, obligation));
  return at === -1 ? null : at;
}

/**
 * Whether the body holds what the obligation names, as any reader may see it: a name in another case, joined to another
 * or with brackets means the same to lenient servers, and those that take a form often take JSON for it and the other way.
 */
function findInBody(body: BodyRead, obligation: BodyObligation): boolean {
  if (body.kind === "none") return false;
  switch (obligation.kind) {
    case "redact_form": {
      // Older servers split at `;` as well.
      if (body.kind !== "form" || body.text.includes(";")) return true;
      const names = foldPath(obligation.key);
      return body.pairs.some(({ key }) => key === obligation.key || overlaps(names, foldPath(decodedAgain(key))));
    }
    case "redact_json":
      return body.kind !== "json" || holds(body.value, obligation.path);
  }
}

function decodedAgain(key: string): string {
  return key.includes("%") ? decodeComponentLossy(key) : key;
}

/** Recursion ends with the policy's own path, never with what the body nests. */
function holds(value: Json, [step, ...rest]: readonly JsonStep[]): boolean {
  if (step === undefined) return true;
  if (typeof value !== "object" || value === null) return false;
  switch (step.kind) {
    case "elements":
      // An object with numbers as names is a list to some.
      return Object.values(value).some((element) => holds(element, rest));
    case "member":
      return !Array.isArray(value) && Object.entries(value).some(([key, inner]) => isMember(key, step.name, () => holds(inner, rest)));
  }
}

function isMember(key: string, name: string, holdsRest: () => boolean): boolean {
  if (key === name) return holdsRest();
  const given = foldPath(key);
  const wanted = foldPath(name);
  if (!overlaps(given, wanted)) return false;
  // A joined name is a way of its own, and nobody knows how far it leads.
  return given.length > 1 || wanted.length > 1 || holdsRest();
}
