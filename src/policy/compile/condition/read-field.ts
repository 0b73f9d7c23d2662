import type { CelExpr } from "./parse-cel.ts";
import { complain, type Reading } from "./reading.ts";
import { resolveInElement, resolveName } from "./resolve-name.ts";
import type { Field } from "./test-tree.ts";
import { writeName } from "./write-name.ts";

/** `a.b["c"]` as a path of the input or of the element, with its type. */
export function readField(expr: CelExpr, reading: Reading): Field | null {
  const steps = stepsOf(expr, reading);
  if (steps === null) return null;
  const { element, scope } = reading;
  const [root, ...rest] = steps;
  const isElement = root === element?.name;
  const resolved = isElement ? resolveInElement(rest, element.type) : resolveName(steps, scope);
  if (resolved.kind === "fault") return complain(reading, resolved.atRoot ? rootOf(expr) : expr, resolved.fault);
  const text = writeName(steps);
  if (!isElement && element !== null) {
    const message = `inside ${element.macro} only \`${element.name}\` can be read, not \`${text}\``;
    return complain(reading, expr, { code: "bad_expression", message, fix: "move the other test outside and join it with &&" });
  }
  const { row, path } = resolved;
  return {
    kind: "field",
    of: isElement ? "element" : "input",
    path,
    type: row.type,
    optional: row.optional,
    values: row.values ?? null,
    range: row.range ?? null,
    declaredBy: row.declaredBy ?? null,
    offset: reading.source.offsetOf(rootOf(expr)),
    text,
  };
}

type Steps = readonly [string, ...string[]];

function stepsOf(expr: CelExpr, reading: Reading): Steps | null {
  const kind = expr.exprKind;
  if (kind.case === "identExpr") return [kind.value.name];
  if (kind.case === "selectExpr" && kind.value.operand !== undefined && !kind.value.testOnly) {
    const steps = stepsOf(kind.value.operand, reading);
    return steps === null ? null : [...steps, kind.value.field];
  }
  if (kind.case === "callExpr" && kind.value.function === "_[_]") return stepsByKey(kind.value.args, expr, reading);
  return complain(reading, expr, { code: "bad_expression", message: "only names such as caller.agent or args.x can be read here" });
}

function stepsByKey(args: readonly CelExpr[], expr: CelExpr, reading: Reading): Steps | null {
  const [of, key] = args;
  const steps = of === undefined ? null : stepsOf(of, reading);
  if (steps === null) return null;
  const constant = key?.exprKind.case === "constExpr" ? key.exprKind.value.constantKind : null;
  if (constant?.case === "stringValue") return [...steps, constant.value];
  const message = constant?.case === "int64Value" ? "elements of lists cannot be read by number" : "a key is a text in quotes";
  return complain(reading, key ?? expr, { code: "bad_expression", message, fix: "use exists or all for lists" });
}

function rootOf(expr: CelExpr): CelExpr {
  const kind = expr.exprKind;
  if (kind.case === "selectExpr" && kind.value.operand !== undefined) return rootOf(kind.value.operand);
  const [of] = kind.case === "callExpr" && kind.value.function === "_[_]" ? kind.value.args : [];
  return of === undefined ? expr : rootOf(of);
}
