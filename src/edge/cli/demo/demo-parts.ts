/** What the demo is given of the product: it starts none of it itself. */
export type DemoServer = {
  /** Where Check is answered, `127.0.0.1:PORT` or `unix:PATH`. */
  readonly grpcAddress: string;
  /** The operators' API, for example `http://127.0.0.1:9190`. */
  readonly operatorUrl: string;
  readonly operatorTokenFile: string;
  /** The operators' credentials of the people of treasury, in the order in which they answer. */
  readonly approverTokens: readonly string[];
  /** What the demo's Envoy proves itself with. */
  readonly proxySecret: string;
  readonly issueToken: (agent: string) => Promise<DemoToken>;
  /** What the receipt of a decision says; null when there is none. */
  readonly findReceipt: (decisionId: string) => Promise<DemoReceipt | null>;
  readonly verifyReceipts: () => Promise<{ readonly ok: boolean; readonly text: string }>;
};

/** `file` is where the token was written, for the lines a person can try. */
type DemoToken = { readonly token: string; readonly file: string };

export type DemoReceipt = { readonly rule: string | null; readonly us: number };

/** Starts an Envoy between the agent and the upstream; null when none can be had. */
export type StartDemoEnvoy = (between: {
  readonly sluice: string;
  readonly upstream: string;
  readonly secret: string;
}) => Promise<DemoEnvoy | null>;

type DemoEnvoy = { readonly listenerPort: number; readonly stop: () => Promise<void> };

/** One HTTP request of an agent. */
export type DemoRequest = {
  readonly method: "GET" | "POST";
  readonly host: string;
  /** With its query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
};

/** What the agent saw of one call. */
export type Seen = {
  readonly status: number;
  readonly decision: string;
  readonly class: string | null;
  readonly code: string | null;
  readonly message: string | null;
  readonly decisionId: string | null;
  readonly approvalId: string | null;
  readonly retryAfter: string | null;
  readonly upstream: UpstreamSight;
};

export type UpstreamSight =
  /** There is no proxy that could forward anything. */
  | { readonly kind: "not_forwarded" }
  | { readonly kind: "nothing" }
  | { readonly kind: "received"; readonly target: string; readonly headers: readonly (readonly [string, string])[] };

/** A way to make a call: through a real Envoy, or by asking Sluice what it would answer one. */
export type Sender = { readonly send: (request: DemoRequest) => Promise<Seen>; readonly close: () => Promise<void> };
