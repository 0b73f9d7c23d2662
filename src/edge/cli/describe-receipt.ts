import { z } from "zod";
import { CODES } from "../../core/codes.ts";
import type { Json } from "../../core/intent.ts";
import { describeValue } from "../../policy/wording/describe-value.ts";
import { escapeText } from "../http/escape-text.ts";
import { couldNotRun } from "./exit.ts";

const text = z.string();
const nullable = text.nullable();
const texts = z.array(text);
const verdict = { decision: text, class: nullable, code: nullable, rule: nullable };

/** What is shown of a receipt of a decision (contract section 5). */
const RECEIPT = z.object({
  decision_id: text,
  at: text,
  tenant: nullable,
  agent: nullable,
  subject: nullable,
  session: nullable,
  agent_version: nullable,
  ...verdict,
  reasons: texts,
  unknowns: texts,
  mode: text,
  shadow: z.object(verdict).nullable(),
  policy: z.object({ name: text, revision: text }).nullable(),
  call: z
    .object({
      method: text,
      scheme: text,
      host: text,
      port: z.number().nullable(),
      path: text,
      protocol: nullable,
      operation: nullable,
      tool: nullable,
      model: nullable,
      body: text,
    })
    .nullable(),
  findings: z.array(z.object({ kind: text, where: text, count: z.number() })),
  limits: z.array(z.object({ id: text, remaining: z.number() })),
  cost_micros: z.number().nullable(),
  approval: z.object({ id: text, grant: z.boolean(), approvers: texts }).nullable(),
  obligations: texts,
  facts: z.record(text, z.json()),
  fault: nullable,
  trace_id: nullable,
});

type Receipt = z.output<typeof RECEIPT>;

/** Everything that the record of a decision says for people, a line each, every character of it visible. */
export function receiptLines(fields: Readonly<Record<string, Json>>): readonly string[] {
  const parsed = RECEIPT.safeParse(fields);
  if (!parsed.success) throw couldNotRun("the receipt has another form than this version knows: --json shows it as it is");
  return rowsOf(parsed.data).flatMap(([name, value]) =>
    value === null || value === "" ? [] : [escapeText(`${name.padEnd(11)} ${value}`)],
  );
}

type Row = readonly [name: string, value: string | null];

function rowsOf(receipt: Receipt): readonly Row[] {
  const { approval, call, policy } = receipt;
  return [
    ["decision", `${verdictText(receipt)}${receipt.mode === "shadow" ? ", in shadow: the answer is always allow" : ""}`],
    ["shadow", receipt.shadow === null ? null : `would be ${verdictText(receipt.shadow)}`],
    ["means", meaningOf(receipt.code)],
    ["who", whoOf(receipt)],
    ["call", call === null ? null : `${call.method} ${call.scheme}://${call.host}${portOf(call)}${call.path}`],
    ["as", call === null ? null : understoodAs(call)],
    ["body", call?.body ?? null],
    ["reasons", receipt.reasons.join(", ")],
    ["unknowns", receipt.unknowns.length === 0 ? null : `${receipt.unknowns.join(", ")} (applied only because something was unknown)`],
    ...factRows(receipt.facts),
    ["findings", receipt.findings.map(({ kind, where, count }) => `${kind} in ${where}${count === 1 ? "" : ` (${count})`}`).join(", ")],
    ["limits", receipt.limits.map(({ id, remaining }) => `${id}: ${remaining} left`).join(", ")],
    ["cost", receipt.cost_micros === null ? null : describeValue({ currency: "usd", micros: receipt.cost_micros })],
    ["approval", approval === null ? null : approvalText(approval)],
    ["done", receipt.obligations.join(", ")],
    ["fault", receipt.fault],
    ["policy", policy === null ? null : `${policy.name}, revision ${policy.revision}`],
    ["at", receipt.at],
    ["id", receipt.decision_id],
    ["trace", receipt.trace_id],
  ];
}

function factRows(facts: Receipt["facts"]): readonly Row[] {
  return Object.entries(facts).map(([name, value], at) => [at === 0 ? "facts" : "", `${name} ${describeValue(value)}`]);
}

function verdictText({ decision, class: denyClass, code, rule }: Pick<Receipt, keyof typeof verdict>): string {
  const said = [decision, denyClass, code].filter((part) => part !== null).join(" ");
  return rule === null ? said : `${said} by ${rule}`;
}

/** What a code of ours means; a policy's own says it in the answer to the agent. */
function meaningOf(code: string | null): string | null {
  const row = Object.entries(CODES).find(([name]) => name === code);
  return row === undefined ? null : row[1].message;
}

function whoOf({ agent, tenant, subject, session, agent_version: version }: Receipt): string {
  if (agent === null) return tenant === null ? "nobody known" : `nobody known, of ${tenant}`;
  const more = [
    subject === null ? null : `for ${subject}`,
    session === null ? null : `session ${session}`,
    version === null ? null : `version ${version}`,
  ];
  return [`${agent} of ${tenant ?? "no known tenant"}`, ...more].filter((part) => part !== null).join(", ");
}

const PORTS: Readonly<Record<string, number>> = { http: 80, https: 443 };

function portOf({ scheme, port }: NonNullable<Receipt["call"]>): string {
  return port === null || PORTS[scheme] === port ? "" : `:${port}`;
}

function understoodAs({ protocol, tool, operation, model }: NonNullable<Receipt["call"]>): string {
  const named = Object.entries({ tool, operation, model }).flatMap(([name, value]) => (value === null ? [] : [`${name} ${value}`]));
  return [...(protocol === null ? [] : [protocol]), ...named].join(", ");
}

function approvalText({ id, grant, approvers }: NonNullable<Receipt["approval"]>): string {
  const by = approvers.length === 0 ? "" : `, given by ${approvers.join(", ")}`;
  return `${id} ${grant ? "is used up by this call" : "was asked for"}${by}`;
}
