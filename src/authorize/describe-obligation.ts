import type { JsonPath, Obligation } from "../core/ruling.ts";

/** What an obligation is about, in a rule's own words. */
export function describeObligation(obligation: Obligation): string {
  switch (obligation.kind) {
    case "redact_finding":
      return `find:${obligation.finding}`;
    case "redact_header":
    case "remove_header":
      return `header:${obligation.name}`;
    case "redact_query":
      return `query:${obligation.key}`;
    case "redact_form":
      return `form:${obligation.key}`;
    case "redact_json":
      return `json:${describeJsonPath(obligation.path)}`;
  }
}

function describeJsonPath(path: JsonPath): string {
  const steps = path.map((step) => (step.kind === "elements" ? "[*]" : PLAIN.test(step.name) ? `.${step.name}` : `["${step.name}"]`));
  return `$${steps.join("")}`;
}

const PLAIN = /^[A-Za-z_][A-Za-z0-9_-]*$/;
