import { z } from "zod";
import { PROGRAM_FORMAT, type Program, type ProgramRule, RULES_BEHIND_A_KEY_MAX } from "../program.ts";
import { catalogueEntrySchema } from "./catalogue-schema.ts";
import { namesSchema, ruleSchema } from "./rule-schema.ts";

export type ParsedProgram = { readonly kind: "parsed"; readonly program: Program } | { readonly kind: "refused"; readonly reason: string };

/**
 * Checks `data.policies` of a bundle. A gap that the engine would step over in silence (a restricting rule without a
 * condition, a rule behind no key, an operator nobody knows) is refused here: it would widen.
 */
export function parseProgram(data: unknown): ParsedProgram {
  const parsed = programSchema.safeParse(data);
  if (!parsed.success) return { kind: "refused", reason: z.prettifyError(parsed.error) };
  // The schema is typed by its parts; the annotation below makes the compiler compare it with the contract.
  const program: Program = parsed.data;
  const gap = findGap(program);
  return gap === null ? { kind: "parsed", program } : { kind: "refused", reason: gap };
}

const text = z.string();
const texts = z.array(text).readonly();

const programSchema = z
  .strictObject({
    format: z.literal(PROGRAM_FORMAT),
    rules: z.array(ruleSchema).readonly(),
    index: z.record(text, z.array(z.int().min(0)).max(RULES_BEHIND_A_KEY_MAX).readonly()),
    reads: z.array(z.strictObject({ host: text, body: z.boolean(), detectors: texts }).readonly()).readonly(),
    catalogue: z.array(catalogueEntrySchema).readonly(),
    fields: texts,
    namedHosts: texts,
    groups: z.record(text, namesSchema).readonly(),
    usage: texts,
    policies: z.array(z.strictObject({ name: text, version: text.nullable() }).readonly()).readonly(),
  })
  .readonly();

function findGap(program: Program): string | null {
  const indexed = new Set(Object.values(program.index).flat());
  for (const number of indexed) {
    if (number >= program.rules.length) return `the index names rule ${number}, which is not there`;
  }
  for (const [number, entry] of program.rules.entries()) {
    const gap = findRuleGap(entry) ?? findSetsGap(entry);
    if (gap !== null) return `rule ${entry.id}: ${gap}`;
    if (!indexed.has(number)) return `rule ${entry.id}: no key of the index leads to it`;
  }
  const limits = new Set(program.rules.flatMap(({ limit }) => limit?.id ?? []));
  const lost = program.usage.find((id) => !limits.has(id));
  return lost === undefined ? null : `the usage of limit ${lost} is read, which is not there`;
}

function findRuleGap(entry: ProgramRule): string | null {
  switch (entry.effect) {
    case "allow":
      if (entry.guard) return "it is a guardrail, and permits";
      if (entry.sure === null) return "it permits, and has no condition for it";
      return entry.obligations.length > 0 && entry.maybe === null ? "it redacts, and has no condition for that" : null;
    case "approval_needed":
      if (entry.approval === null) return "it asks for an approval, and does not say whose";
      return entry.maybe === null ? "it restricts, and has no condition" : null;
    case "limit":
      if (entry.limit === null) return "it limits, and has no limit";
      return entry.maybe === null ? "it limits, and has no condition" : null;
    case "add":
      // What only sets headers needs no condition where unknown counts as true.
      if (entry.maybe === null && entry.sets.length > 0 && entry.obligations.length === 0) return null;
      return entry.maybe === null ? "it restricts or adds, and has no condition" : null;
    case "deny":
      return entry.maybe === null ? "it restricts or adds, and has no condition" : null;
  }
}

function findSetsGap(entry: ProgramRule): string | null {
  if (entry.sets.length === 0) return null;
  if (entry.guard) return "it is a guardrail, and sets headers";
  return entry.sure === null ? "it sets headers, and has no condition for that" : null;
}
