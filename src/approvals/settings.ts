import { z } from "zod";
import { later, name } from "../core/setting.ts";

export const approvals = z
  .strictObject({ channels: later("channels").describe("Where else approvals are asked for. Not built yet.") })
  .transform(() => ({}))
  .prefault({})
  .describe("Approvals by people.");

const person = z
  .strictObject({
    name: name().describe("The person."),
    operator: name()
      .nullable()
      .prefault(null)
      .describe("The operator credential this person answers with; `admin` is that of `operator.token`."),
    subjects: z.array(name()).prefault([]).describe("Token subjects that are this person."),
    owns: z
      .array(
        z
          .string()
          .regex(/^[A-Za-z0-9._:@/+-]{0,127}\*?$/, { error: "an agent's name, with at most one * at its end" })
          .min(1),
      )
      .prefault([])
      .describe("Agents this person owns; one `*` at the end."),
    groups: z.array(name()).prefault([]).describe("Groups whose approvals this person may give."),
    slack: later("slack").describe("The person's Slack id. Not built yet."),
    teams: later("teams").describe("The person's Teams id. Not built yet."),
  })
  .transform(({ slack: _slack, teams: _teams, ...person }) => person);

export const people = z
  .array(person)
  .prefault([])
  .describe("Which identities are one person, so that nobody approves what they asked for themselves.");
