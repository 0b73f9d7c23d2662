import { type BrokenFile, group } from "./broken-file.ts";

export const BROKEN_GROUPS: readonly BrokenFile[] = [
  {
    name: "a group of nobody",
    text: group("§treasury: {}"),
    message: "nobody is in the group `treasury`",
    fix: "write `people` or `agents`",
  },
  {
    name: "a group whose name holds a space",
    text: group('§"the treasury": { people: [ana] }'),
    message: "`the treasury` is no name of a group",
    fix: "letters, digits, `.`, `_`, `:`, `/`, `@`, `+`, `-`",
  },
  { name: "a person without a name", text: group("treasury: { people: [ana, §b c] }"), message: "`b c` is no name of a person" },
  {
    name: "an agent of a group with a star inside",
    text: group("treasury: { agents: [§fin*ce] }"),
    message: "`fin*ce` is no name of an agent",
    fix: "one `*` may stand at the end",
  },
  {
    name: "a list for a group",
    text: group("treasury: §[ana]"),
    message: "expected a map, found a list",
    fix: "write { people: [ana] }",
  },
  {
    name: "a text for people",
    text: group("treasury: { people: §ana }"),
    message: "expected a list, found the text `ana`",
    fix: "write [ana]",
  },
  {
    name: "members of a group",
    text: group("treasury: { §members: [ana] }"),
    message: "unknown key `members`",
    fix: "allowed: people, agents",
  },
  {
    name: "a group in two files",
    text: group("§treasury: { people: [ana] }"),
    beside: [{ name: "a.yaml", text: group("treasury: { people: [bob] }") }],
    message: "the group `treasury` stands in a.yaml:2 too",
  },
  { name: "a groups file with rules", text: "groups: {}\n§rules: []\n", message: "unknown key `rules`", fix: "allowed: groups" },
];
