import { describePlace } from "../../../src/core/finding.ts";
import type { Aspect, Json } from "../../../src/core/intent.ts";
import type { Money } from "../../../src/core/money.ts";
import type { PolicyInput } from "../../../src/core/policy-input.ts";

export type Fact = { readonly value: Json | undefined; readonly isCut: boolean };

const TEXT_BYTES_MAX = 16 * 1024;
const LIST_MAX = 1000;

/** Everything of a call by the names of policy.md section 3, read once more without the host's plan. */
export function factsOf(input: PolicyInput): Json {
  const { caller, call, intent } = input;
  const { target } = intent;
  const keys = target.query.map(({ key }) => key);
  const isTunnel = intent.protocol === "tunnel";
  return present({
    caller: present({
      tenant: caller.tenant,
      agent: caller.agent,
      subject: caller.subject,
      actors: caller.actors,
      roles: caller.roles,
      groups: caller.groups,
      scope: caller.scope,
      labels: caller.labels,
      credential: caller.credential,
    }),
    http: present({
      host: target.host,
      port: target.port,
      ...(!isTunnel && {
        method: call.method,
        scheme: target.scheme,
        path: target.path,
        segments: target.segments,
        query: Object.fromEntries(target.query.map(({ key, value }) => [key, isOnce(keys, key) ? value : UNKNOWN])),
      }),
      headers: Object.fromEntries([...call.headers].map(([name, value]) => [name, call.repeated.has(name) ? UNKNOWN : value])),
    }),
    protocol: intent.protocol,
    tool: intent.tool.kind === "known" ? intent.tool.name : intent.tool.kind === "unknown" ? "unknown" : null,
    operation: nameOf(intent.operation),
    model: nameOf(intent.model),
    args: intent.args,
    amount: moneyOf(intent.amount),
    cost: moneyOf(intent.cost),
    findings: input.findings.map(({ kind, place, confidence }) => ({ kind, where: describePlace(place), confidence })),
    usage: Object.fromEntries(Object.entries(input.usage).map(([id, { used, remaining, share }]) => [id, { used, remaining, share }])),
    path: intent.bindings,
    envoy: { context: call.context },
  });
}

/** What stands at a path, as far as the engine gets it: long texts and lists inside lists do not arrive, long lists arrive cut. */
export function factAt(base: Json, path: readonly string[]): Fact {
  let value: Json | undefined = base;
  for (const name of path) value = isMap(value) && Object.hasOwn(value, name) ? value[name] : undefined;
  if (value === undefined) return { value, isCut: false };
  if (!isList(value) || value.length <= LIST_MAX) return { value: carried(value, true), isCut: false };
  return { value: carried(value.slice(0, LIST_MAX), true), isCut: true };
}

// Stands where something is there that nobody can judge.
const UNKNOWN = null;

function carried(value: Json, isWhole: boolean): Json {
  if (typeof value === "string") return Buffer.byteLength(value) > TEXT_BYTES_MAX || !value.isWellFormed() ? UNKNOWN : value;
  if (typeof value === "number") return Number.isFinite(value) ? value : UNKNOWN;
  if (isList(value)) return value.length > LIST_MAX && !isWhole ? UNKNOWN : value.map((one) => carried(one, false));
  if (!isMap(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, carried(one, false)]));
}

function present(members: Readonly<Record<string, Json>>): { readonly [name: string]: Json } {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== null));
}

function isOnce(keys: readonly string[], key: string): boolean {
  return keys.indexOf(key) === keys.lastIndexOf(key);
}

function nameOf(aspect: Aspect): Json {
  return aspect.kind === "known" ? aspect.name : null;
}

function moneyOf(money: Money | null): Json {
  return money === null ? null : { currency: money.currency, micros: money.micros };
}

function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

export function isMap(value: Json | undefined): value is { readonly [key: string]: Json } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
