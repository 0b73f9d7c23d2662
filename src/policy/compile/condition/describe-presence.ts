import { INPUT_NAMES } from "./input-names.ts";
import type { CelExpr } from "./parse-cel.ts";
import type { Fault } from "./reading.ts";
import { writePresence } from "./write-name.ts";

/** Why a `has(…)` is none, and how what it asks is written: CEL takes only names with a dot in it. */
export function describePresence(args: readonly CelExpr[]): Fault {
  const [asked, ...more] = args;
  const steps = asked === undefined || more.length > 0 ? null : stepsOf(asked);
  return { code: "bad_expression", message: '`has` is written has(args.x), or "key" in map', fix: steps === null ? null : fixOf(steps) };
}

/** Of the whole call, `match` asks; keys that are no identifiers are asked for only in maps. */
function fixOf(steps: readonly string[]): string | null {
  const [root = "", ...parts] = steps;
  if (parts.length === 0) return MATCHED.has(root) ? `write ${root}s: ["*"] in \`match\`` : null;
  const written = writePresence(steps);
  const whole = INPUT_NAMES[steps.slice(0, -1).join(".")];
  return written.startsWith("has(") || whole?.type === "text_map" || whole?.type === "any_map" ? `write ${written}` : null;
}

const MATCHED: ReadonlySet<string> = new Set(["tool", "model", "operation"]);

function stepsOf({ exprKind: kind }: CelExpr): readonly string[] | null {
  if (kind.case === "identExpr") return [kind.value.name];
  if (kind.case === "selectExpr") return append(kind.value.operand, kind.value.field);
  if (kind.case !== "callExpr" || kind.value.function !== "_[_]") return null;
  const [of, key] = kind.value.args;
  const constant = key?.exprKind.case === "constExpr" ? key.exprKind.value.constantKind : null;
  return constant?.case === "stringValue" ? append(of, constant.value) : null;
}

function append(of: CelExpr | undefined, step: string): readonly string[] | null {
  const steps = of === undefined ? null : stepsOf(of);
  return steps === null ? null : [...steps, step];
}
