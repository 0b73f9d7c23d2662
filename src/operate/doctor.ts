/** What the doctor is told of a server: its effective settings, and what was found on this machine. */
export type ServerFacts = {
  readonly grpc: string;
  readonly deadlineMs: number;
  readonly proxies: readonly { readonly name: string; readonly auth: "secret" | "unix" | "client_certificate" }[];
  /** Every setting that switches a protection off, in words. */
  readonly switchedOff: readonly string[];
  /** Contradictions that would end the start. */
  readonly problems: readonly string[];
  readonly tenants: readonly TenantFacts[];
  readonly receiptSinks: readonly string[];
  readonly otlp: string | null;
  readonly tools: readonly { readonly name: string; readonly path: string | null }[];
};

export type TenantFacts = {
  readonly name: string;
  readonly issuers: number;
  readonly policy:
    | { readonly kind: "loaded"; readonly revision: string; readonly rules: number; readonly shadowRules: number }
    | { readonly kind: "failed"; readonly reason: string };
};

export type DoctorLine = {
  /** `broken`: it cannot do its work; `off`: the configuration switches a protection off; `absent`: not there, and not needed. */
  readonly state: "broken" | "off" | "works" | "absent";
  readonly about: string;
  readonly text: string;
};

const RANK = { broken: 0, off: 1, works: 2, absent: 3 } as const satisfies Record<DoctorLine["state"], number>;

/** What works, what is switched off, what is broken; worst first. */
export function doctorServer(facts: ServerFacts): readonly DoctorLine[] {
  const lines = [
    ...facts.problems.map((text) => line("broken", "configuration", text)),
    ...facts.switchedOff.map((text) => line("off", "configuration", text)),
    line("works", "deadline", `${facts.deadlineMs} ms on ${facts.grpc}; Envoy's ext_authz timeout must be above it`),
    ...judgeProxies(facts),
    ...facts.tenants.flatMap(judgeTenant),
    ...judgeRecord(facts),
    ...facts.tools.map(({ name, path }) => (path === null ? line("absent", name, "not in PATH or cache") : line("works", name, path))),
  ];
  return lines.toSorted((a, b) => RANK[a.state] - RANK[b.state]);
}

/** Exit code 1 is for what cannot work; what is switched off on purpose is told, and is no failure. */
export function isHealthy(lines: readonly DoctorLine[]): boolean {
  return lines.every((one) => one.state !== "broken");
}

function judgeProxies({ proxies }: ServerFacts): readonly DoctorLine[] {
  if (proxies.length > 0) return proxies.map(({ name, auth }) => line("works", `proxy ${name}`, `proves itself by ${auth}`));
  return [line("absent", "proxies", "none is declared: of what an Envoy sends, only the agent's own token is believed")];
}

function judgeTenant({ name, issuers, policy }: TenantFacts): readonly DoctorLine[] {
  const about = `tenant ${name}`;
  const identity = issuers === 0 ? [line("broken", about, "no issuer: no token can be accepted")] : [];
  switch (policy.kind) {
    case "loaded": {
      const shadow =
        policy.shadowRules === 0 ? [] : [line("off", about, `${policy.shadowRules} rules are judged and not enforced (mode: shadow)`)];
      return [line("works", about, `policy ${policy.revision}, ${policy.rules} rules`), ...shadow, ...identity];
    }
    case "failed":
      return [line("broken", about, `no policy, every call is denied: ${policy.reason}`), ...identity];
  }
}

function judgeRecord({ receiptSinks, otlp }: ServerFacts): readonly DoctorLine[] {
  return [
    receiptSinks.length === 0
      ? line("off", "receipts", "no sink: nothing is recorded")
      : line("works", "receipts", `to ${receiptSinks.join(", ")}`),
    otlp === null ? line("absent", "traces", "no collector is named (telemetry.otlp.endpoint)") : line("works", "traces", `to ${otlp}`),
  ];
}

function line(state: DoctorLine["state"], about: string, text: string): DoctorLine {
  return { state, about, text };
}
