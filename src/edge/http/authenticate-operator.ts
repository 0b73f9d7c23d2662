import { createHash, timingSafeEqual } from "node:crypto";
import type { Operator, Role } from "../../core/person.ts";

export type OperatorCredential = {
  readonly name: string;
  readonly token: string;
  readonly roles: readonly Role[];
  readonly tenants: readonly string[] | "all";
};

export type Authentication =
  | { readonly kind: "operator"; readonly operator: Operator }
  | { readonly kind: "refused"; readonly code: "credential_missing" | "credential_invalid" };

const TOKEN_LENGTH_MIN = 16;
const BEARER = /^bearer +([!-~]+)$/i;

/** Checks the `authorization` header. Throws at once on credentials that could not tell operators apart. */
export function createOperatorAuthentication(credentials: readonly OperatorCredential[]): (header: string | undefined) => Authentication {
  refuseAmbiguous(credentials);
  const known = credentials.map(({ name, token, roles, tenants }) => ({
    digest: sha256(token),
    operator: { name, roles: new Set(roles), tenants } satisfies Operator,
  }));

  return function authenticateOperator(header) {
    if (header === undefined || header === "") return { kind: "refused", code: "credential_missing" };
    const token = BEARER.exec(header)?.[1];
    if (token === undefined) return { kind: "refused", code: "credential_invalid" };
    const digest = sha256(token);
    let found: Operator | null = null;
    // No early end: the time says nothing about which credential came close.
    for (const one of known) if (timingSafeEqual(one.digest, digest)) found = one.operator;
    return found === null ? { kind: "refused", code: "credential_invalid" } : { kind: "operator", operator: found };
  };
}

function refuseAmbiguous(credentials: readonly OperatorCredential[]): void {
  const names = new Set<string>();
  const tokens = new Set<string>();
  for (const { name, token } of credentials) {
    if (token.length < TOKEN_LENGTH_MIN) throw new Error(`the token of operator ${name} has fewer than ${TOKEN_LENGTH_MIN} characters`);
    if (names.has(name)) throw new Error(`there are two operators named ${name}`);
    if (tokens.has(token)) throw new Error(`operator ${name} has the token of another operator`);
    names.add(name);
    tokens.add(token);
  }
}

function sha256(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
