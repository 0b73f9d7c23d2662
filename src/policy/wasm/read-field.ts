import { describePlace, type Finding } from "../../core/finding.ts";
import type { Json } from "../../core/intent.ts";
import type { Money } from "../../core/money.ts";
import type { PolicyInput } from "../../core/policy-input.ts";
import { toolName } from "./describe-match.ts";

/**
 * What a policy may read of a call, by the names of policy.md section 3. A reader of one value; or of a map, by one key
 * or (null) as a whole. Undefined is absent, null is there and cannot be judged.
 */
export const FIELDS: Readonly<Record<string, FieldReader>> = {
  "caller.tenant": value(({ caller }) => caller.tenant),
  "caller.agent": value(({ caller }) => caller.agent),
  "caller.subject": value(({ caller }) => caller.subject ?? undefined),
  "caller.actors": value(({ caller }) => caller.actors),
  "caller.roles": value(({ caller }) => caller.roles),
  "caller.groups": value(({ caller }) => caller.groups),
  "caller.scope": value(({ caller }) => caller.scope ?? undefined),
  "caller.labels": map(({ caller }) => caller.labels),
  "caller.session": value(({ caller }) => caller.session ?? undefined),
  "caller.agent_version": value(({ caller }) => caller.agentVersion ?? undefined),
  "caller.issuer": value(({ caller }) => caller.issuer ?? undefined),
  "caller.credential": value(({ caller }) => caller.credential),
  "http.method": value((input) => seen(input, input.call.method)),
  "http.scheme": value((input) => seen(input, input.intent.target.scheme)),
  "http.host": value(({ intent }) => intent.target.host),
  "http.port": value(({ intent }) => intent.target.port),
  "http.path": value((input) => seen(input, input.intent.target.path)),
  "http.segments": value((input) => seen(input, input.intent.target.segments)),
  "http.query": { kind: "map", read: readQuery },
  "http.headers": { kind: "map", read: readHeaders },
  path: map(({ intent }) => intent.bindings),
  protocol: value(({ intent }) => intent.protocol),
  tool: value(({ intent }) => toolName(intent.tool) ?? undefined),
  args: map(({ intent }) => intent.args),
  amount: value(({ intent }) => money(intent.amount)),
  cost: value(({ intent }) => money(intent.cost)),
  findings: value(({ findings }) => findings.map(describeFinding)),
  "envoy.context": map(({ call }) => call.context),
};

export type FieldReader =
  | { readonly kind: "value"; readonly read: (input: PolicyInput) => Json | undefined }
  | { readonly kind: "map"; readonly read: (input: PolicyInput, key: string | null) => Json | undefined };

function value(read: (input: PolicyInput) => Json | undefined): FieldReader {
  return { kind: "value", read };
}

function map(read: (input: PolicyInput) => Readonly<Record<string, Json>>): FieldReader {
  return {
    kind: "map",
    read(input, key) {
      const all = read(input);
      if (key === null) return all;
      return Object.hasOwn(all, key) ? all[key] : undefined;
    },
  };
}

/** A tunnel hides the request that goes through it. */
function seen<T>(input: PolicyInput, read: T): T | undefined {
  return input.intent.protocol === "tunnel" ? undefined : read;
}

// A key given twice is there, so `has` must see it, and has no one value.
function readQuery(input: PolicyInput, key: string | null): Json | undefined {
  if (input.intent.protocol === "tunnel") return undefined;
  const { query } = input.intent.target;
  if (key === null) {
    const all = new Map<string, string | null>();
    for (const pair of query) all.set(pair.key, all.has(pair.key) ? null : pair.value);
    return Object.fromEntries(all);
  }
  let found: string | null | undefined;
  for (const pair of query) {
    if (pair.key === key) found = found === undefined ? pair.value : null;
  }
  return found;
}

function readHeaders(input: PolicyInput, key: string | null): Json | undefined {
  const { headers, repeated } = input.call;
  if (key === null) return Object.fromEntries([...headers].map(([name, text]) => [name, repeated.has(name) ? null : text]));
  const name = key.toLowerCase();
  return repeated.has(name) ? null : headers.get(name);
}

function money(amount: Money | null): Json | undefined {
  return amount === null ? undefined : { currency: amount.currency, micros: amount.micros };
}

function describeFinding(finding: Finding): Json {
  return { kind: finding.kind, where: describePlace(finding.place), confidence: finding.confidence };
}
