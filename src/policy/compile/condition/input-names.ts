/** Types of what a condition can read. `any` is a value of an argument: its type is known only when a call is judged. */
export type InputType = "text" | "number" | "money" | "texts" | "findings" | "text_map" | "any_map" | "any" | "group";

export type InputRow = {
  readonly type: InputType;
  /** A call may come without it: then what reads it is unknown. */
  readonly optional: boolean;
  /** The only values it has, where they are few. */
  readonly values?: readonly string[];
};

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
  "http.port": always("number"),
  "http.path": always("text"),
  "http.segments": always("texts"),
  "http.query": always("text_map"),
  "http.headers": always("text_map"),
  path: group(),
  protocol: { ...always("text"), values: ["http", "tunnel", "upgrade", "stream"] },
  tool: maybe("text"),
  args: always("any_map"),
  amount: maybe("money"),
  cost: maybe("money"),
  findings: always("findings"),
  envoy: group(),
  "envoy.context": always("text_map"),
};

/** What an element of `findings` has. */
export const FINDING_NAMES: Readonly<Record<string, InputRow>> = {
  kind: always("text"),
  where: always("text"),
  confidence: always("number"),
};

/** Names of the language that are not built yet, and functions of it. */
export const INPUT_NAMES_LATER: ReadonlySet<string> = new Set(["operation", "model", "usage", "session", "time"]);
export const FUNCTIONS_LATER: ReadonlySet<string> = new Set([
  "matches",
  "endsWith",
  "contains",
  "all",
  "size",
  "money",
  "duration",
  "timestamp",
  "inCidr",
]);

/** Kinds of findings there are detectors for. */
export const FINDING_KINDS: readonly string[] = ["pii.card", "pii.ssn"];

function always(type: InputType): InputRow {
  return { type, optional: false };
}
function maybe(type: InputType): InputRow {
  return { type, optional: true };
}
function group(): InputRow {
  return { type: "group", optional: false };
}
