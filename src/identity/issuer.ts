import type { VerifyingKey } from "../core/keys.ts";

/** Who may sign tokens for a tenant. The pair of issuer and audience belongs to one tenant. */
export type Issuer = {
  readonly tenant: string;
  readonly issuer: string;
  readonly audience: string;
  readonly keys: readonly VerifyingKey[];
  /** Accepted values of `typ`; `absent` accepts a token without one. */
  readonly types: readonly string[];
};

/** The issuer that `serve` trusts for the tenant `default` where none is configured. */
export const LOCAL_ISSUER = { issuer: "sluice:local", audience: "sluice", tenant: "default" } as const;

/** An issuer ready to judge tokens by. */
export type TrustedIssuer = Issuer & {
  readonly keysById: ReadonlyMap<string, VerifyingKey>;
  readonly acceptedTypes: ReadonlySet<string>;
};

const ABSENT = "absent";
const AGENT_TYPE = "application/sluice-agent+jwt";
const OWN_TYPE_PREFIX = "application/sluice-";

/** Issuers by `iss`. Throws where two tenants share a pair or one issuer has two keys of one id: both would be guesses. */
export function indexIssuers(issuers: readonly Issuer[]): ReadonlyMap<string, readonly TrustedIssuer[]> {
  const index = new Map<string, TrustedIssuer[]>();
  for (const issuer of issuers) {
    const keysById = new Map(issuer.keys.map((key) => [key.kid, key]));
    if (keysById.size !== issuer.keys.length) throw new Error(`two keys of the issuer ${issuer.issuer} have one id`);
    const rows = index.get(issuer.issuer) ?? [];
    if (rows.some((row) => row.audience === issuer.audience))
      throw new Error(`the issuer ${issuer.issuer} is given twice for one audience`);
    const acceptedTypes = new Set(issuer.types.map(normalizeType).filter((type) => !isOwnType(type)));
    index.set(issuer.issuer, [...rows, { ...issuer, keysById, acceptedTypes }]);
  }
  return index;
}

export function isTypeAccepted(issuer: TrustedIssuer, type: string | null): boolean {
  return issuer.acceptedTypes.has(type === null ? ABSENT : normalizeType(type));
}

/** RFC 7515 section 4.1.9: media types ignore case, and `application/` may be left out. */
function normalizeType(type: string): string {
  const lower = type.toLowerCase();
  return lower === ABSENT || lower.includes("/") ? lower : `application/${lower}`;
}

// What we sign ourselves (grants, statements, checkpoints, bundles) is never an agent's token, whatever the list says.
function isOwnType(type: string): boolean {
  return type.startsWith(OWN_TYPE_PREFIX) && type !== AGENT_TYPE;
}
