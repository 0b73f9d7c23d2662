import type { CelExpr } from "./parse-cel.ts";

/** Whether more brackets are open at one place than `most`; those inside texts count too. */
export function nestsDeeper(text: string, most: number): boolean {
  let open = 0;
  for (const char of text) {
    if (char === "(" || char === "[" || char === "{") open++;
    else if (char === ")" || char === "]" || char === "}") open = Math.max(0, open - 1);
    if (open > most) return true;
  }
  return false;
}

/** Whether the tree has more levels than `most`. */
export function isDeeper(expr: CelExpr, most: number): boolean {
  return most === 0 || partsOf(expr).some((part) => isDeeper(part, most - 1));
}

function partsOf({ exprKind: kind }: CelExpr): readonly CelExpr[] {
  switch (kind.case) {
    case "selectExpr":
      return present([kind.value.operand]);
    case "callExpr":
      return present([kind.value.target, ...kind.value.args]);
    case "listExpr":
      return kind.value.elements;
    case "comprehensionExpr":
      return present([kind.value.iterRange, kind.value.loopStep]);
    case "identExpr":
    case "constExpr":
    case "structExpr":
    case undefined:
      return [];
  }
}

function present(exprs: readonly (CelExpr | undefined)[]): readonly CelExpr[] {
  return exprs.filter((expr) => expr !== undefined);
}
