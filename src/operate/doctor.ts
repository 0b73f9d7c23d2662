/** What the doctor is told of a server: its effective settings, and what was found on this machine. */
export type ServerFacts = {
  readonly listen: { readonly grpc: string; readonly isLocal: boolean; readonly isTls: boolean };
  readonly proxies: readonly { readonly name: string; readonly auth: "secret" | "unix" | "certificate" }[];
  readonly allowsUnauthenticatedProxies: boolean;
  readonly deadlineMs: number;
  readonly onFault: "deny" | "allow";
  readonly tenants: readonly TenantFacts[];
  readonly receipts: { readonly sinks: readonly string[]; readonly isSigned: boolean };
  readonly telemetry: { readonly otlp: string | null };
  readonly tools: readonly { readonly name: string; readonly path: string | null }[];
};

export type TenantFacts = {
  readonly name: string;
  readonly mode: "enforce" | "shadow";
  readonly policy:
    | { readonly kind: "loaded"; readonly revision: string; readonly rules: number; readonly shadowRules: number }
    | { readonly kind: "failed"; readonly reason: string };
  readonly identityRequired: boolean;
  readonly issuers: number;
  readonly allowsUnsignedBundles: boolean;
};

export type DoctorLine = {
  /** `works`; `off`: the configuration switches a protection off; `broken`: it cannot do its work; `absent`: not there, and not needed. */
  readonly state: "works" | "off" | "broken" | "absent";
  readonly about: string;
  readonly text: string;
};

/** What works, what is switched off, what is broken; worst first. */
export function doctorServer(facts: ServerFacts): readonly DoctorLine[] {
  const lines = [
    ...judgeProxies(facts),
    ...judgeFaults(facts),
    ...facts.tenants.flatMap(judgeTenant),
    ...judgeRecord(facts),
    ...judgeTools(facts),
  ];
  const rank = { broken: 0, off: 1, works: 2, absent: 3 } as const satisfies Record<DoctorLine["state"], number>;
  return lines.toSorted((a, b) => rank[a.state] - rank[b.state]);
}

/** Exit code 1 is for what cannot work; what is switched off on purpose is told and is no failure. */
export function isHealthy(lines: readonly DoctorLine[]): boolean {
  return lines.every((line) => line.state !== "broken");
}

function judgeProxies({ listen, proxies, allowsUnauthenticatedProxies }: ServerFacts): readonly DoctorLine[] {
  const lines: DoctorLine[] = proxies.map(({ name, auth }) => ({
    state: "works",
    about: `proxy ${name}`,
    text: `proves itself by ${auth}`,
  }));
  if (proxies.length === 0) {
    lines.push({
      state: "absent",
      about: "proxies",
      text: "none is declared: only the agent's own token is believed, no principal, context or metadata",
    });
  }
  if (!listen.isLocal && !listen.isTls) {
    lines.push(
      allowsUnauthenticatedProxies
        ? {
            state: "off",
            about: "listen.grpc",
            text: `anyone who reaches ${listen.grpc} may ask, in clear (allow_unauthenticated_proxies)`,
          }
        : { state: "broken", about: "listen.grpc", text: `${listen.grpc} is off loopback without TLS; serve will not start on it` },
    );
  }
  return lines;
}

function judgeFaults({ onFault, deadlineMs }: ServerFacts): readonly DoctorLine[] {
  const deadline: DoctorLine = { state: "works", about: "deadline", text: `${deadlineMs} ms; Envoy's ext_authz timeout must be above it` };
  return onFault === "deny"
    ? [deadline]
    : [deadline, { state: "off", about: "on_fault", text: "calls pass when a named dependency is down (on_fault: allow)" }];
}

function judgeTenant(tenant: TenantFacts): readonly DoctorLine[] {
  const about = `tenant ${tenant.name}`;
  const lines: DoctorLine[] = [];
  switch (tenant.policy.kind) {
    case "loaded": {
      const { revision, rules, shadowRules } = tenant.policy;
      lines.push({ state: "works", about, text: `policy ${revision}, ${rules} rules` });
      if (shadowRules > 0) lines.push({ state: "off", about, text: `${shadowRules} rules are judged and not enforced (mode: shadow)` });
      break;
    }
    case "failed":
      lines.push({ state: "broken", about, text: `no policy, every call is denied: ${tenant.policy.reason}` });
      break;
  }
  if (tenant.mode === "shadow") lines.push({ state: "off", about, text: "every call is allowed and only recorded (mode: shadow)" });
  if (!tenant.identityRequired)
    lines.push({ state: "off", about, text: "calls without a token are taken as `anonymous` (identity.required: false)" });
  if (tenant.identityRequired && tenant.issuers === 0) lines.push({ state: "broken", about, text: "no issuer: no token can be accepted" });
  if (tenant.allowsUnsignedBundles)
    lines.push({ state: "off", about, text: "bundles without a signature are taken (allow_unsigned_bundles)" });
  return lines;
}

function judgeRecord({ receipts, telemetry }: ServerFacts): readonly DoctorLine[] {
  const record: DoctorLine =
    receipts.sinks.length === 0
      ? { state: "off", about: "receipts", text: "no sink: nothing is recorded" }
      : { state: "works", about: "receipts", text: `to ${receipts.sinks.join(", ")}` };
  const lines: DoctorLine[] = [record];
  if (!receipts.isSigned)
    lines.push({ state: "off", about: "receipts", text: "checkpoints are not signed; a cut tail cannot be told from a quiet hour" });
  lines.push(
    telemetry.otlp === null
      ? { state: "absent", about: "traces", text: "no collector is named (telemetry.otlp.endpoint)" }
      : { state: "works", about: "traces", text: `to ${telemetry.otlp}` },
  );
  return lines;
}

function judgeTools({ tools }: ServerFacts): readonly DoctorLine[] {
  return tools.map(({ name, path }) =>
    path === null ? { state: "absent", about: name, text: "not found in PATH or cache" } : { state: "works", about: name, text: path },
  );
}
