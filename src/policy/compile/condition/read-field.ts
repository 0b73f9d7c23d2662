import { suggestName } from "../nearest-name.ts";
import { FINDING_NAMES, INPUT_NAMES, INPUT_NAMES_LATER, type InputRow } from "./input-names.ts";
import type { CelExpr } from "./parse-cel.ts";
import { complain, type Reading } from "./reading.ts";
import type { Field } from "./test-tree.ts";

/** `a.b["c"]` as a path of the input or of the element, with its type. */
export function readField(expr: CelExpr, reading: Reading): Field | null {
  const steps = stepsOf(expr, reading);
  if (steps === null) return null;
  const [root = "", ...rest] = steps;
  const text = steps.join(".");
  const { element } = reading;
  const row = element !== null && root === element.name ? elementRow(rest, element.type, expr, reading) : inputRow(steps, expr, reading);
  if (row === null) return null;
  const isElement = element !== null && root === element.name;
  if (!isElement && element !== null) {
    const message = `inside exists only \`${element.name}\` can be read, not \`${text}\``;
    return complain(reading, expr, { code: "bad_expression", message, fix: "move the other test outside and join it with &&" });
  }
  return {
    kind: "field",
    path: isElement ? rest : steps,
    type: row.type,
    optional: row.optional,
    values: row.values ?? null,
    offset: reading.source.offsetOf(rootOf(expr)),
    text,
  };
}

function stepsOf(expr: CelExpr, reading: Reading): readonly string[] | null {
  const kind = expr.exprKind;
  if (kind.case === "identExpr") return [kind.value.name];
  if (kind.case === "selectExpr" && kind.value.operand !== undefined && !kind.value.testOnly) {
    const steps = stepsOf(kind.value.operand, reading);
    return steps === null ? null : [...steps, kind.value.field];
  }
  if (kind.case === "callExpr" && kind.value.function === "_[_]") return stepsByKey(kind.value.args, expr, reading);
  return complain(reading, expr, { code: "bad_expression", message: "only names such as caller.agent or args.x can be read here" });
}

function stepsByKey(args: readonly CelExpr[], expr: CelExpr, reading: Reading): readonly string[] | null {
  const [of, key] = args;
  const steps = of === undefined ? null : stepsOf(of, reading);
  if (steps === null) return null;
  const constant = key?.exprKind.case === "constExpr" ? key.exprKind.value.constantKind : null;
  if (constant?.case === "stringValue") return [...steps, constant.value];
  const message = constant?.case === "int64Value" ? "elements of lists cannot be read by number" : "a key is a text in quotes";
  return complain(reading, key ?? expr, { code: "bad_expression", message, fix: "use exists for lists" });
}

function rootOf(expr: CelExpr): CelExpr {
  const kind = expr.exprKind;
  if (kind.case === "selectExpr" && kind.value.operand !== undefined) return rootOf(kind.value.operand);
  const [of] = kind.case === "callExpr" && kind.value.function === "_[_]" ? kind.value.args : [];
  return of === undefined ? expr : rootOf(of);
}

function inputRow(steps: readonly string[], expr: CelExpr, reading: Reading): InputRow | null {
  const [root = "", second, ...deeper] = steps;
  if (INPUT_NAMES_LATER.has(root))
    return complain(reading, rootOf(expr), { code: "not_built_yet", message: `\`${root}\` is not built yet` });
  const rootRow = rowOf(INPUT_NAMES, root);
  if (rootRow === null) {
    const names = Object.keys(INPUT_NAMES).filter((name) => !name.includes("."));
    return complain(reading, rootOf(expr), { code: "type_error", message: `there is no \`${root}\``, fix: suggestName(root, names) });
  }
  if (second === undefined) return rootRow;
  if (root === "args") return { type: "any", optional: deeper.length > 0 || !reading.scope.args.has(second) };
  if (root === "path") return bindingRow(second, deeper, expr, reading);
  if (rootRow.type !== "group") return noSuchPart(steps.slice(0, 1), second, [], expr, reading);
  const row = rowOf(INPUT_NAMES, `${root}.${second}`);
  if (row === null) return noSuchPart([root], second, partsOf(root), expr, reading);
  return row.type === "text_map" && deeper.length === 1 ? mapRow(steps, expr, reading) : onlyWhole(row, steps, expr, reading);
}

function mapRow(steps: readonly string[], expr: CelExpr, reading: Reading): InputRow | null {
  const [, map, key = ""] = steps;
  if (map === "headers" && key !== key.toLowerCase()) {
    return complain(reading, expr, {
      code: "type_error",
      message: "names of headers are in lower case",
      fix: `write "${key.toLowerCase()}"`,
    });
  }
  return { type: "text", optional: true };
}

function onlyWhole(row: InputRow, steps: readonly string[], expr: CelExpr, reading: Reading): InputRow | null {
  const depth = row.type === "text_map" ? 3 : 2;
  const extra = steps[depth];
  return extra === undefined ? row : noSuchPart(steps.slice(0, depth), extra, [], expr, reading);
}

function bindingRow(name: string, deeper: readonly string[], expr: CelExpr, reading: Reading): InputRow | null {
  const { bindings, ownBindings } = reading.scope;
  if (ownBindings.has(name)) {
    const message = `\`path.${name}\` bound by the rule's own \`paths\` is not built yet`;
    return complain(reading, expr, { code: "not_built_yet", message, fix: "name tools whose catalogue path binds it" });
  }
  if (bindings.has(name) && deeper.length === 0) return { type: "text", optional: false };
  const message = `\`path.${name}\` is not bound by every tool that the rule names`;
  return complain(reading, expr, { code: "type_error", message, fix: bindings.size === 0 ? null : suggestName(name, [...bindings]) });
}

function elementRow(steps: readonly string[], type: "text" | "finding" | "any", expr: CelExpr, reading: Reading): InputRow | null {
  const [first, ...deeper] = steps;
  if (type === "any") return { type: "any", optional: false };
  if (type === "text") return first === undefined ? { type: "text", optional: false } : noSuchPart([], first, [], expr, reading);
  if (first === undefined) return { type: "group", optional: false };
  const row = deeper.length > 0 ? null : rowOf(FINDING_NAMES, first);
  return row ?? noSuchPart([], first, Object.keys(FINDING_NAMES), expr, reading);
}

function noSuchPart(of: readonly string[], found: string, parts: readonly string[], expr: CelExpr, reading: Reading): null {
  const whole = of.length === 0 ? "the element" : `\`${of.join(".")}\``;
  const fix = parts.length === 0 ? null : suggestName(found, parts);
  return complain(reading, expr, { code: "type_error", message: `${whole} has no part \`${found}\``, fix });
}

function partsOf(root: string): readonly string[] {
  return Object.keys(INPUT_NAMES).flatMap((name) => (name.startsWith(`${root}.`) ? [name.slice(root.length + 1)] : []));
}

function rowOf(table: Readonly<Record<string, InputRow>>, name: string): InputRow | null {
  return Object.hasOwn(table, name) ? (table[name] ?? null) : null;
}
