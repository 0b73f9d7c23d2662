import { parse } from "@bufbuild/cel";
import type { Json } from "../../../src/core/intent.ts";
import { type Fact, factAt } from "./cel-facts.ts";
import {
  type CelSeen,
  type See,
  type Seen,
  seeAddress,
  seeElements,
  seeMoment,
  seeMoney,
  seeNumber,
  seeOf,
  seePair,
  seeSized,
  seeText,
  seeTruth,
} from "./cel-values.ts";

export type Expr = ReturnType<typeof parse>["expr"];

/** What stands around a condition: its policy, its time zone and the names that the rule's own paths bind. */
export type Around = { readonly policy: string; readonly timeZone: string; readonly segments: Readonly<Record<string, number>> };

/** Reads the fact at a path of the language; in an element, of that element. */
export type ReadFact = (path: readonly string[]) => Fact;

/** A map of variables that an expression reads, `root.v0`, `root.v1`, … */
export type Frame = {
  readonly root: string;
  readonly slots: ((read: ReadFact) => Readonly<Record<string, CelSeen>>)[];
  /** The name of the element that paths begin with; null outside. */
  readonly element: string | null;
};

export function createFrame(root: string, element: string | null): Frame {
  return { root, slots: [], element };
}

/** What CEL sees under `root` of one call or element. */
export function fill(frame: Frame, read: ReadFact): { readonly [name: string]: CelSeen } {
  return Object.assign({}, ...frame.slots.map((slot) => slot(read)));
}

/**
 * A condition for CEL's own evaluator, where each field stands as a variable of its own that is bound only if its value
 * has the type that its place asks for. Else reading it fails, and CEL's `&&`, `||`, `exists` and `all` join failures as
 * Kleene's logic joins what is unknown.
 */
export function rewriteTest(expr: Expr, frame: Frame): Expr {
  const kind = expr.exprKind;
  switch (kind.case) {
    case "constExpr":
      return expr;
    case "selectExpr":
      return kind.value.testOnly ? presence(kind.value.operand as Expr, kind.value.field, frame) : slot(expr, seeTruth, frame);
    case "identExpr":
      return slot(expr, seeTruth, frame);
    case "callExpr":
      return rewriteCall(expr, kind.value, frame);
    case "comprehensionExpr":
      return rewriteFold(expr, kind.value, frame);
    default:
      throw new Error(`no condition: ${kind.case}`);
  }
}

type Call = Extract<Expr["exprKind"], { readonly case: "callExpr" }>["value"];
type Fold = Extract<Expr["exprKind"], { readonly case: "comprehensionExpr" }>["value"];

function rewriteCall(expr: Expr, call: Call, frame: Frame): Expr {
  const [first, second] = call.args as [Expr, Expr];
  switch (call.function) {
    case "_&&_":
    case "_||_":
    case "!_":
      return withArgs(
        expr,
        call,
        call.args.map((arg) => rewriteTest(arg, frame)),
      );
    case "_[_]":
      return slot(expr, seeTruth, frame);
    case "startsWith":
    case "endsWith":
    case "contains":
    case "matches": {
      const [target, operand] = call.target === undefined ? [first, second] : [call.target, first];
      return { ...expr, exprKind: { case: "callExpr", value: { ...call, target: slot(target, seeText, frame), args: [operand] } } };
    }
    case "inCidr":
      return withArgs(expr, call, [slot(first, seeAddress, frame), second]);
    case "@in":
      return rewriteMembership(expr, call, frame);
    default:
      return rewriteComparison(expr, call, frame);
  }
}

function rewriteComparison(expr: Expr, call: Call, frame: Frame): Expr {
  const [left, right] = call.args as [Expr, Expr];
  if (pathOf(left) !== null && pathOf(right) !== null) {
    const isOrdered = call.function !== "_==_" && call.function !== "_!=_";
    return withArgs(
      expr,
      call,
      pair(left, right, frame, (a, b) => seePair(a, b, isOrdered)),
    );
  }
  const [field, constant] = constantOf(left) === null ? [left, right] : [right, left];
  const folded = constantOf(constant);
  if (folded === null) throw new Error("neither side is a constant");
  const side = subject(field, folded.see, frame);
  const judged = folded.wrap === null ? side : callOf(folded.wrap, [side]);
  return withArgs(expr, call, field === left ? [judged, folded.expr] : [folded.expr, judged]);
}

/** A field, or its size. */
function subject(expr: Expr, see: See, frame: Frame): Expr {
  const call = expr.exprKind.case === "callExpr" ? expr.exprKind.value : null;
  if (call?.function !== "size") return slot(expr, see, frame);
  return callOf("size", [slot(call.target ?? (call.args[0] as Expr), seeSized, frame)]);
}

/** How a constant is written for CEL, and what it compares with. `wrap`: the function that makes the field its like. */
function constantOf(expr: Expr): { readonly expr: Expr; readonly see: See; readonly wrap: string | null } | null {
  const kind = expr.exprKind;
  if (kind.case === "constExpr") return { expr, see: seeOf(literalOf(expr)), wrap: null };
  if (kind.case !== "callExpr") return null;
  const args = kind.value.args;
  switch (kind.value.function) {
    case "usd":
      return { expr, see: seeMoney("usd"), wrap: null };
    case "money":
      return { expr, see: seeMoney(String(literalOf(args[1] as Expr))), wrap: null };
    case "duration":
      return { expr: callOf("seconds", [expr]), see: seeNumber, wrap: null };
    case "timestamp":
      return { expr, see: seeMoment, wrap: "timestamp" };
    default:
      return null;
  }
}

function rewriteMembership(expr: Expr, call: Call, frame: Frame): Expr {
  const [member, whole] = call.args as [Expr, Expr];
  if (whole.exprKind.case === "listExpr") {
    const { elements } = whole.exprKind.value;
    const see = constantOf(elements[0] as Expr)?.see ?? seeText;
    const list = elements.map((element) => constantOf(element)?.expr ?? element);
    const constants: Expr = { ...whole, exprKind: { case: "listExpr", value: { ...whole.exprKind.value, elements: list } } };
    return withArgs(expr, call, [slot(member, see, frame), constants]);
  }
  const path = pathOf(whole) ?? [];
  if (pathOf(member) !== null) {
    const [list, one] = pair(whole, member, frame, (l, m) => [seeElements(l, m.value), seeOf(m.value)(m)]);
    return isElementOf(list, one);
  }
  const constant = literalOf(member);
  if (isMapPath(path)) return presence(whole, String(constant), frame);
  return isElementOf(
    slot(whole, (list) => seeElements(list, constant as Json), frame),
    member,
  );
}

const MAPS = new Set(["args", "http.query", "http.headers", "caller.labels", "envoy.context"]);

function isMapPath(path: readonly string[]): boolean {
  return MAPS.has(path.join("."));
}

/** `list.exists(e, e.v == one)` */
function isElementOf(list: Expr, one: Expr): Expr {
  const { expr } = parse("list.exists(e, e.v == 0)");
  const kind = expr.exprKind;
  const step = kind.case === "comprehensionExpr" ? kind.value.loopStep : undefined;
  const or = step?.exprKind.case === "callExpr" ? step.exprKind.value : undefined;
  const test = or?.args[1]?.exprKind;
  if (kind.case !== "comprehensionExpr" || step === undefined || or === undefined || test?.case !== "callExpr") throw new Error("no fold");
  const equal = withArgs(or.args[1] as Expr, test.value, [test.value.args[0] as Expr, one]);
  return {
    ...expr,
    exprKind: {
      case: "comprehensionExpr",
      value: { ...kind.value, iterRange: list, loopStep: withArgs(step, or, [or.args[0] as Expr, equal]) },
    },
  };
}

function rewriteFold(expr: Expr, fold: Fold, frame: Frame): Expr {
  const step = fold.loopStep?.exprKind;
  if (step?.case !== "callExpr" || fold.iterRange === undefined) throw new Error("no fold");
  const inner = createFrame(fold.iterVar, fold.iterVar);
  const body = rewriteTest(step.value.args[1] as Expr, inner);
  const range = slot(fold.iterRange, (list) => elementsOf(list, inner), frame);
  const loopStep = withArgs(fold.loopStep as Expr, step.value, [step.value.args[0] as Expr, body]);
  return { ...expr, exprKind: { case: "comprehensionExpr", value: { ...fold, iterRange: range, loopStep } } };
}

function elementsOf({ value, isCut }: Fact, inner: Frame): Seen {
  if (!Array.isArray(value)) return undefined;
  const elements = value.map((element: Json) => fill(inner, (path) => factAt(element, path)));
  return isCut ? [...elements, {}] : elements;
}

function slot(expr: Expr, see: See, frame: Frame): Expr {
  const path = pathIn(expr, frame);
  const name = `v${frame.slots.length}`;
  frame.slots.push((read) => bind(name, see(read(path))));
  return select(frame, name);
}

function pair(left: Expr, right: Expr, frame: Frame, see: (left: Fact, right: Fact) => readonly [Seen, Seen]): [Expr, Expr] {
  const [a, b] = [pathIn(left, frame), pathIn(right, frame)];
  const [one, other] = [`v${frame.slots.length}a`, `v${frame.slots.length}b`];
  frame.slots.push((read) => {
    const [seen, otherSeen] = see(read(a), read(b));
    return { ...bind(one, seen), ...bind(other, otherSeen) };
  });
  return [select(frame, one), select(frame, other)];
}

/** `has(root.v0.name)`, where v0 holds the name if the fact is there. */
function presence(of: Expr, name: string, frame: Frame): Expr {
  const path = [...pathIn(of, frame), name];
  const variable = `v${frame.slots.length}`;
  frame.slots.push((read) => ({ [variable]: read(path).value === undefined ? {} : { there: true } }));
  return parse(`has(${frame.root}.${variable}.there)`).expr;
}

function select(frame: Frame, name: string): Expr {
  return parse(`${frame.root}.${name}`).expr;
}

function bind(name: string, seen: Seen): Readonly<Record<string, CelSeen>> {
  return seen === undefined ? {} : { [name]: seen };
}

function callOf(name: string, args: readonly Expr[]): Expr {
  const { expr } = parse(`${name}(${args.map(() => "x").join()})`);
  return expr.exprKind.case === "callExpr" ? withArgs(expr, expr.exprKind.value, args) : expr;
}

function withArgs(expr: Expr, call: Call, args: readonly Expr[]): Expr {
  return { ...expr, exprKind: { case: "callExpr", value: { ...call, args: [...args] } } };
}

function literalOf(expr: Expr): unknown {
  const value = expr.exprKind.case === "constExpr" ? expr.exprKind.value.constantKind.value : undefined;
  return typeof value === "bigint" ? Number(value) : value;
}

function pathIn(expr: Expr, frame: Frame): readonly string[] {
  const path = pathOf(expr);
  if (path === null) throw new Error("no field");
  if (frame.element === null) return path;
  if (path[0] !== frame.element) throw new Error("not of the element");
  return path.slice(1);
}

/** `a.b["c"]` as its names; null for what is no field. */
function pathOf(expr: Expr): readonly string[] | null {
  const kind = expr.exprKind;
  if (kind.case === "identExpr") return [kind.value.name];
  if (kind.case === "selectExpr") {
    const path = pathOf(kind.value.operand as Expr);
    return path === null ? null : [...path, kind.value.field];
  }
  if (kind.case !== "callExpr" || kind.value.function !== "_[_]") return null;
  const path = pathOf(kind.value.args[0] as Expr);
  return path === null ? null : [...path, String(literalOf(kind.value.args[1] as Expr))];
}
