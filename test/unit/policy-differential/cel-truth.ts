import { CelScalar, celEnv, celFunc, isCelError, parse, plan } from "@bufbuild/cel";
import { describePlace } from "../../../src/core/finding.ts";
import type { Json } from "../../../src/core/intent.ts";
import type { PolicyInput } from "../../../src/core/policy-input.ts";

type Bindings = { readonly [name: string]: Json };

const ENVIRONMENT = celEnv({
  funcs: [
    celFunc("usd", [CelScalar.INT], CelScalar.DOUBLE, (units) => Number(units) * 1_000_000),
    celFunc("usd", [CelScalar.DOUBLE], CelScalar.DOUBLE, (units) => units * 1_000_000),
  ],
});

/**
 * A condition by CEL's own evaluator: 1 true, 0 false, 0.5 where it fails. What the three-valued rule calls unknown is
 * taken out of what CEL sees, so that reading it fails; its `||`, `&&` and `exists` then join failures as Kleene does.
 */
export function createCelTruth(condition: string): (input: PolicyInput) => number {
  const evaluate = plan(ENVIRONMENT, parse(withoutUnknown(condition)));
  return function celTruth(input) {
    const result = evaluate(bindingsOf(input));
    if (isCelError(result)) return 0.5;
    if (typeof result !== "boolean") throw new Error(`CEL gave ${String(result)} for ${condition}`);
    return Number(result);
  };
}

/** Types of the arguments in conditions: CEL itself would call a text unequal to a number, we call it unknown. */
const TYPES: Readonly<Record<string, (value: Json) => boolean>> = {
  s: (value) => typeof value === "string",
  n: (value) => typeof value === "number",
  b: (value) => typeof value === "boolean",
  l: (value) => Array.isArray(value),
};

/** Presence is asked of `present`, where nothing was taken out; elements of `args.l` stand behind `.v`, where they have one. */
function withoutUnknown(condition: string): string {
  return condition
    .replaceAll(/has\((args|http)\b/g, "has(present.$1")
    .replaceAll(/in (args|http\.query|http\.headers)(?![.[\w])/g, "in present.$1")
    .replaceAll(/("[^"]*") in args\.l/g, "args.l.exists(e, e.v == $1)")
    .replaceAll(/\be(?= ==| !=| in |\.startsWith)/g, "e.v")
    .replaceAll(".v.v", ".v");
}

function bindingsOf(input: PolicyInput): Bindings {
  const { caller, call, intent } = input;
  const { target } = intent;
  const present = (names: Iterable<string>) => Object.fromEntries([...names].map((name) => [name, true]));
  const keys = target.query.map(({ key }) => key);
  const once = target.query.filter(({ key }) => keys.indexOf(key) === keys.lastIndexOf(key));
  const headers = [...call.headers].filter(([name]) => !call.repeated.has(name));
  const amount = intent.amount?.currency === "usd" ? { amount: intent.amount.micros } : {};
  return {
    present: { args: present(Object.keys(intent.args)), http: { query: present(keys), headers: present(call.headers.keys()) } },
    caller: {
      agent: caller.agent,
      actors: caller.actors,
      roles: caller.roles,
      ...(caller.subject !== null && { subject: caller.subject }),
    },
    http: {
      method: call.method,
      query: Object.fromEntries(once.map(({ key, value }) => [key, value])),
      headers: Object.fromEntries(headers),
    },
    args: argsOf(intent.args),
    findings: [
      ...input.findings.map(({ kind, place, confidence }) => ({ kind, where: describePlace(place), confidence })),
      ...(input.findingsCut ? [{}] : []),
    ],
    ...amount,
  };
}

function argsOf(args: Readonly<Record<string, Json>>): Json {
  const typed = Object.entries(args).filter(([name, value]) => TYPES[name]?.(value) ?? false);
  return Object.fromEntries(typed.map(([name, value]) => [name, Array.isArray(value) ? elementsOf(value) : value]));
}

function elementsOf(list: readonly Json[]): Json {
  const elements = list.slice(0, 1000).map((element) => (typeof element === "string" ? { v: element } : {}));
  return list.length > 1000 ? [...elements, {}] : elements;
}
