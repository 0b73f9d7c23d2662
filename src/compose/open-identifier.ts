import type { Settings } from "../config/settings.ts";
import type { Observer } from "../core/observer.ts";
import { createIdentifier, type Identifier } from "../identity/create-identifier.ts";
import { type Issuer, LOCAL_ISSUER } from "../identity/issuer.ts";
import { loadIssuers } from "../identity/load-issuers.ts";
import type { ComposeOptions } from "./compose-options.ts";
import type { ServerKeys } from "./open-keys.ts";

export type IdentifierParts = {
  readonly options: ComposeOptions;
  readonly keys: ServerKeys;
  readonly observer: Observer;
  /** What becomes of an issuer whose keys cannot be used: at a start it is told and left out, a reload is given up. */
  readonly onProblem: (problem: IssuerProblem) => void;
};

export type IssuerProblem = { readonly tenant: string; readonly issuer: string; readonly message: string };

/** Whom the agents' tokens are believed to come from. */
export function openIdentifier(settings: Settings, { options, keys, observer, onProblem }: IdentifierParts): Identifier {
  const { tenants, identity } = settings;
  const { issuers, problems } = loadIssuers({ tenants, acceptDemoKeys: options.demo });
  problems.forEach(onProblem);
  const trusted: readonly Issuer[] = keys.agents === null ? issuers : [...issuers, localIssuer(keys.agents)];
  return createIdentifier({
    issuers: trusted,
    headers: identity.headers,
    tokenMaxLifetimeMs: identity.tokenMaxLifetimeMs,
    clockSkewMs: identity.clockSkewMs,
    tenants,
    observer,
  });
}

function localIssuer(key: NonNullable<ServerKeys["agents"]>): Issuer {
  return { ...LOCAL_ISSUER, keys: [key], types: ["JWT", "at+jwt", "sluice-agent+jwt", "absent"] };
}
