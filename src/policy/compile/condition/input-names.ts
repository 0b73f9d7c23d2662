/**
 * Types of what a condition can read. `any` is a value of an argument: its type is known only when a call is judged.
 * `untyped` is an argument that is always text, though the catalogue does not say so.
 */
export type InputType = "text" | "number" | "date" | "money" | "texts" | "findings" | "text_map" | "any_map" | "any" | "untyped" | "group";

export type InputRow = {
  readonly type: InputType;
  /** A call may come without it: then what reads it is unknown. */
  readonly optional: boolean;
  /** The only values it has, where they are few. */
  readonly values?: readonly string[];
  /** The least and the greatest number it can be. */
  readonly range?: NumberRange;
  /** The tool whose catalogue entry gives it the type. */
  readonly declaredBy?: string;
};

export type NumberRange = { readonly from: number; readonly to: number };

/** Kinds of findings there are detectors for. */
export const FINDING_KINDS: readonly string[] = ["pii.card", "pii.ssn"];

const SHARE: NumberRange = { from: 0, to: 1 };

/** Every name of a condition, by its path from the root. */
export const INPUT_NAMES: Readonly<Record<string, InputRow>> = {
  caller: group(),
  "caller.tenant": always("text"),
  "caller.agent": always("text"),
  "caller.subject": maybe("text"),
  "caller.actors": always("texts"),
  "caller.roles": always("texts"),
  "caller.groups": always("texts"),
  "caller.scope": maybe("texts"),
  "caller.labels": always("text_map"),
  "caller.session": maybe("text"),
  "caller.agent_version": maybe("text"),
  "caller.issuer": maybe("text"),
  "caller.credential": { ...always("text"), values: ["agent_token", "anonymous"] },
  http: group(),
  "http.method": always("text"),
  "http.scheme": { ...always("text"), values: ["http", "https"] },
  "http.host": always("text"),
  "http.port": { ...always("number"), range: { from: 0, to: 65_535 } },
  "http.path": always("text"),
  "http.segments": always("texts"),
  "http.query": always("text_map"),
  "http.headers": always("text_map"),
  path: group(),
  protocol: { ...always("text"), values: ["http", "tunnel", "upgrade", "stream"] },
  operation: maybe("text"),
  tool: maybe("text"),
  model: maybe("text"),
  args: always("any_map"),
  amount: maybe("money"),
  cost: maybe("money"),
  findings: always("findings"),
  usage: group(),
  time: group(),
  "time.hour": { ...always("number"), range: { from: 0, to: 23 } },
  "time.weekday": { ...always("text"), values: ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] },
  "time.date": always("date"),
  envoy: group(),
  "envoy.context": always("text_map"),
};

/** What an element of `findings` has. */
export const FINDING_NAMES: Readonly<Record<string, InputRow>> = {
  kind: { ...always("text"), values: FINDING_KINDS },
  where: always("text"),
  confidence: { ...always("number"), range: SHARE },
};

/** What `usage` says of a limit. */
export const USAGE_NAMES: Readonly<Record<string, InputRow>> = {
  used: always("number"),
  remaining: always("number"),
  share: { ...always("number"), range: SHARE },
};

/** Names that are kept for what is not built yet. */
export const INPUT_NAMES_LATER: ReadonlySet<string> = new Set(["session"]);

function always(type: InputType): InputRow {
  return { type, optional: false };
}
function maybe(type: InputType): InputRow {
  return { type, optional: true };
}
function group(): InputRow {
  return { type: "group", optional: false };
}
