/** Who makes a call, as its verified credential says (contract section 3). */
export type Caller = {
  readonly tenant: string;
  readonly agent: string;
  /** The principal the agent acts for; null without an `act` claim. */
  readonly subject: string | null;
  /** Earlier actors, latest first. They explain and grant nothing. */
  readonly actors: readonly string[];
  readonly roles: readonly string[];
  readonly groups: readonly string[];
  /** Null when the token has no scope, which is not the same as an empty one. */
  readonly scope: readonly string[] | null;
  readonly labels: Readonly<Record<string, string>>;
  readonly session: string | null;
  readonly agentVersion: string | null;
  readonly issuer: string | null;
  readonly tokenId: string | null;
  readonly credential: "agent_token" | "anonymous";
  /** `iat` in seconds since the epoch; a revocation later than this refuses the token. */
  readonly issuedAt: number;
};

/** A caller of whom nothing is known but what is given. */
export function bareCaller(known: Pick<Caller, "tenant" | "agent" | "credential" | "issuedAt">): Caller {
  return {
    ...known,
    subject: null,
    actors: [],
    roles: [],
    groups: [],
    scope: null,
    labels: {},
    session: null,
    agentVersion: null,
    issuer: null,
    tokenId: null,
  };
}
