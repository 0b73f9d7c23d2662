import type { CaseResult, TestedPolicy } from "../../../../operate/test-policy.ts";
import { escapeText } from "../../../http/escape-text.ts";
import { explanationLines } from "../../describe-explanation.ts";

type Tested = TestedPolicy & { readonly kind: "tested" };

/** The results by file, why of each case that failed, and what no case hits. */
export function describeTested(tested: Tested, coverage: boolean): string {
  const files = Map.groupBy(tested.results, ({ file }) => file);
  const lines = [
    ...[...files].flatMap(([file, results]) => fileLines(file, results)),
    ...(coverage ? coverageLines(tested) : missedLine(tested)),
    `${tested.results.length - tested.failed} cases passed, ${tested.failed} failed`,
  ];
  return lines.map((line) => `${line}\n`).join("");
}

function fileLines(file: string, results: readonly CaseResult[]): readonly string[] {
  const failed = results.filter(({ differences }) => differences.length > 0).length;
  const counts = failed === 0 ? `${results.length} passed` : `${results.length - failed} passed, ${failed} failed`;
  return [`${escapeText(file)}: ${counts}`, ...results.flatMap(caseLines)];
}

function caseLines({ name, file, line, differences, explanation }: CaseResult): readonly string[] {
  if (differences.length === 0) return [`  ok    ${escapeText(name)}`];
  const why = explanation === null ? [] : explanationLines(explanation);
  return [
    `  FAIL  ${escapeText(`${name} (${file}:${line})`)}`,
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
