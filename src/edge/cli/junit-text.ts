import type { CaseResult, TestedPolicy } from "../../operate/test-policy.ts";
import { describeProblem } from "../../policy/compile/problem.ts";
import { escapeText } from "../http/escape-text.ts";
import { explanationLines } from "./describe-explanation.ts";

/** JUnit XML as Jenkins, GitLab and GitHub read it: a suite a file. A folder that does not compile is one test that could not run. */
export function junitText(tested: TestedPolicy): string {
  const suites = tested.kind === "invalid" ? [invalidSuite(tested)] : suitesOf(tested.results);
  const tests = suites.reduce((total, { cases }) => total + cases.length, 0);
  const body = suites.map(suiteText).join("");
  const counts = { name: "sluice policy test", tests, failures: sum(suites, "failures"), errors: sum(suites, "errors") };
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites${attributes(counts)}>\n${body}</testsuites>\n`;
}

type Suite = { readonly name: string; readonly failures: number; readonly errors: number; readonly cases: readonly string[] };

function suitesOf(results: readonly CaseResult[]): readonly Suite[] {
  return [...Map.groupBy(results, ({ file }) => file)].map(([name, cases]) => ({
    name,
    failures: cases.filter(({ differences }) => differences.length > 0).length,
    errors: 0,
    cases: cases.map(caseText),
  }));
}

function caseText({ name, file, line, differences, explanation }: CaseResult): string {
  const head = `    <testcase${attributes({ name, classname: file, file, line })}`;
  if (differences.length === 0) return `${head}/>\n`;
  const lines = [...differences, ...(explanation === null ? [] : explanationLines(explanation))];
  const failure = `      <failure${attributes({ message: differences.join("; "), type: "difference" })}>`;
  return `${head}>\n${failure}${lines.map(escapeXml).join("\n")}</failure>\n    </testcase>\n`;
}

function invalidSuite({ problems }: TestedPolicy & { readonly kind: "invalid" }): Suite {
  const lines = problems.map(describeProblem);
  const error = `      <error${attributes({ message: lines[0] ?? "", type: "invalid" })}>${lines.map(escapeXml).join("\n")}</error>\n`;
  const test = `    <testcase${attributes({ name: "the folder compiles", classname: "policy" })}>\n${error}    </testcase>\n`;
  return { name: "policy", failures: 0, errors: 1, cases: [test] };
}

function suiteText({ name, failures, errors, cases }: Suite): string {
  return `  <testsuite${attributes({ name, tests: cases.length, failures, errors, skipped: 0 })}>\n${cases.join("")}  </testsuite>\n`;
}

function attributes(values: Readonly<Record<string, string | number>>): string {
  return Object.entries(values)
    .map(([name, value]) => ` ${name}="${escapeXml(String(value))}"`)
    .join("");
}

const ENTITIES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&apos;" };

/** What XML cannot carry at all, such as most control characters, is written out as everywhere else. */
function escapeXml(text: string): string {
  const shown = escapeText(text).replaceAll(/[\ufffe\uffff]/g, (sign) => `\\u{${sign.charCodeAt(0).toString(16)}}`);
  return shown.replaceAll(/[&<>"']/g, (sign) => ENTITIES[sign] ?? "");
}

function sum(suites: readonly Suite[], key: "failures" | "errors"): number {
  return suites.reduce((total, suite) => total + suite[key], 0);
}
