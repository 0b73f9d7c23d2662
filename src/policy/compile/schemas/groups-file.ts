import { z } from "zod";
import { fileSchema, object, text, texts } from "./object.ts";

const group = object({
  people: texts.optional().describe("Names of people, as `people` of the configuration has them: they may approve for this group."),
  agents: texts.optional().describe("Agents of this group, for a match's `groups`; one `*` may stand at the end."),
});

/** A file with the key `groups`: people and agents by group, beside what tokens and the configuration say. */
export const groupsFile = object({
  $schema: fileSchema,
  groups: z.record(text, group).describe("Groups by their names."),
}).describe("A groups file: people who approve and agents, by group.");

export type GroupSource = z.infer<typeof group>;
