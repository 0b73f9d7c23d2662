import { createColors } from "picocolors";
import type { CaseResult, TestedPolicy } from "../../../../operate/test-policy.ts";
import { escapeText } from "../../../http/escape-text.ts";
import { explanationLines } from "../../describe-explanation.ts";

type Tested = TestedPolicy & { readonly kind: "tested" };

/** The results by file, why of each case that failed, and what no case hits. */
export function describeTested(tested: Tested, { coverage, isColored }: How): string {
  const colors = createColors(isColored);
  const marks: Marks = { ok: colors.green("ok  "), failed: colors.red("FAIL") };
  const passed = tested.results.length - tested.failed;
  const files = Map.groupBy(tested.results, ({ file }) => file);
  const lines = [
    ...[...files].flatMap(([file, results]) => fileLines(file, results, marks)),
    ...(coverage ? coverageLines(tested) : missedLine(tested)),
    `${passed} ${passed === 1 ? "case" : "cases"} passed, ${tested.failed} failed`,
  ];
  return lines.map((line) => `${line}\n`).join("");
}

type How = { readonly coverage: boolean; readonly isColored: boolean };
type Marks = { readonly ok: string; readonly failed: string };

function fileLines(file: string, results: readonly CaseResult[], marks: Marks): readonly string[] {
  const failed = results.filter(({ differences }) => differences.length > 0).length;
  const counts = failed === 0 ? `${results.length} passed` : `${results.length - failed} passed, ${failed} failed`;
  return [`${escapeText(file)}: ${counts}`, ...results.flatMap((result) => caseLines(result, marks))];
}

function caseLines({ name, file, line, differences, explanation }: CaseResult, { ok, failed }: Marks): readonly string[] {
  if (differences.length === 0) return [`  ${ok}  ${escapeText(name)}`];
  const why = explanation === null ? [] : explanationLines(explanation);
  return [
    `  ${failed}  ${escapeText(`${name} (${file}:${line})`)}`,
    ...[...differences.map(escapeText), ...why].map((text) => `          ${text}`),
  ];
}

function missedLine({ neverHit }: Tested): readonly string[] {
  return neverHit.length === 0 ? [] : [`Never hit: ${neverHit.map(({ id }) => id).join(", ")}`];
}

/** A hundred per cent are all of them, and nothing less. */
function coverageLines({ rules, neverHit }: Tested): readonly string[] {
  const hit = rules - neverHit.length;
  const percent = rules === 0 ? 100 : Math.floor((hit / rules) * 100);
  const head = `Coverage: ${percent} %, ${hit} of ${rules} rules and limits hit`;
  if (neverHit.length === 0) return [head];
  return [`${head}; never hit:`, ...neverHit.map(({ id, file, line }) => `  ${escapeText(`${file}:${line}`)}  ${id}`)];
}
