import { describePlace, type Finding } from "../../core/finding.ts";
import type { Aspect, Json } from "../../core/intent.ts";
import type { Money } from "../../core/money.ts";
import type { LimitUsage, PolicyInput } from "../../core/policy-input.ts";
import { toolName } from "./describe-match.ts";
import { createZoneClock, type WallTime } from "./zone-clock.ts";

/** What a policy may read of a call, by the names of policy.md section 3. */
export const FIELDS: Readonly<Record<string, Field>> = {
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
  "http.query": members(readQuery, readWholeQuery),
  "http.headers": members(readHeader, readAllHeaders),
  path: map(({ intent }) => intent.bindings),
  protocol: value(({ intent }) => intent.protocol),
  tool: value(({ intent }) => toolName(intent.tool) ?? undefined),
  operation: value(({ intent }) => aspectOf(intent.operation)),
  model: value(({ intent }) => aspectOf(intent.model)),
  args: map(({ intent }) => intent.args),
  amount: value(({ intent }) => money(intent.amount)),
  cost: value(({ intent }) => money(intent.cost)),
  findings: value(({ findings }) => findings.map(describeFinding)),
  "envoy.context": map(({ call }) => call.context),
  segment: { names: 1, open: readSegment },
  time: { names: 2, open: readTime },
  usage: { names: 2, open: readUsage },
};

/** Reads one value of a call. Undefined is absent, null is there and cannot be judged. */
export type Reader = (input: PolicyInput) => Json | undefined;

export type Field = {
  /** How many names lead from the field to what is read; a path with fewer reads the field as a whole, or nothing. */
  readonly names: 0 | 1 | 2;
  readonly open: (names: readonly string[]) => Reader | null;
};

function value(read: Reader): Field {
  return { names: 0, open: () => read };
}

/** A reader of one member, or of all of them. */
function map(read: (input: PolicyInput) => Readonly<Record<string, Json>>): Field {
  return members((input, key) => {
    const all = read(input);
    return Object.hasOwn(all, key) ? all[key] : undefined;
  }, read);
}

function members(read: (input: PolicyInput, key: string) => Json | undefined, readAll: Reader): Field {
  return { names: 1, open: ([key]) => (key === undefined ? readAll : (input) => read(input, key)) };
}

const WALL_TIME = {
  hour: ({ hour }) => hour,
  weekday: ({ weekday }) => weekday,
  date: ({ date }) => date,
} as const satisfies Readonly<Record<string, (time: WallTime) => Json>>;

/** `time`, by zone and name; each reader keeps a clock of its own. */
function readTime([zone, name]: readonly string[]): Reader | null {
  const read = memberOf(WALL_TIME, name);
  if (zone === undefined || read === null) return null;
  const clock = createZoneClock(zone);
  return ({ nowMs }) => read(clock(nowMs));
}

const LIMIT_USAGE = {
  used: ({ used }) => used,
  remaining: ({ remaining }) => remaining,
  share: ({ share }) => share,
} as const satisfies Readonly<Record<string, (usage: LimitUsage) => Json>>;

function readUsage([id, name]: readonly string[]): Reader | null {
  const read = memberOf(LIMIT_USAGE, name);
  if (id === undefined || read === null) return null;
  return ({ usage }) => {
    const found = Object.hasOwn(usage, id) ? usage[id] : undefined;
    return found === undefined ? undefined : read(found);
  };
}

/** The path's segment at a place, which the rule's own pattern binds to a name. */
function readSegment([place]: readonly string[]): Reader | null {
  const at = Number(place);
  return place !== undefined && Number.isInteger(at) ? (input) => seen(input, input.intent.target.segments[at]) : null;
}

function memberOf<T>(rows: Readonly<Record<string, T>>, name: string | undefined): T | null {
  return name !== undefined && Object.hasOwn(rows, name) ? (rows[name] ?? null) : null;
}

function aspectOf(aspect: Aspect): string | undefined {
  return aspect.kind === "known" ? aspect.name : undefined;
}

/** A tunnel hides the request that goes through it. */
function seen<T>(input: PolicyInput, read: T): T | undefined {
  return input.intent.protocol === "tunnel" ? undefined : read;
}

// A key given twice is there, so `has` must see it, and has no one value.
function readQuery(input: PolicyInput, key: string): Json | undefined {
  if (input.intent.protocol === "tunnel") return undefined;
  let found: string | null | undefined;
  for (const pair of input.intent.target.query) {
    if (pair.key === key) found = found === undefined ? pair.value : null;
  }
  return found;
}

function readWholeQuery(input: PolicyInput): Json | undefined {
  if (input.intent.protocol === "tunnel") return undefined;
  const all = new Map<string, string | null>();
  for (const pair of input.intent.target.query) all.set(pair.key, all.has(pair.key) ? null : pair.value);
  return Object.fromEntries(all);
}

function readHeader({ call }: PolicyInput, key: string): Json | undefined {
  const name = key.toLowerCase();
  return call.repeated.has(name) ? null : call.headers.get(name);
}

function readAllHeaders({ call }: PolicyInput): Json {
  return Object.fromEntries([...call.headers].map(([name, text]) => [name, call.repeated.has(name) ? null : text]));
}

function money(amount: Money | null): Json | undefined {
  return amount === null ? undefined : { currency: amount.currency, micros: amount.micros };
}

function describeFinding(finding: Finding): Json {
  return { kind: finding.kind, where: describePlace(finding.place), confidence: finding.confidence };
}
