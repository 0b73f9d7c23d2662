import { adds, type BrokenFile } from "./broken-file.ts";

const FACTS =
  "allowed: caller.agent, caller.subject, caller.tenant, caller.session, caller.agent_version, caller.issuer, caller.labels.NAME";

/** What a rule sets, removes and takes out of bodies. */
export const BROKEN_CHANGES: readonly BrokenFile[] = [
  // Headers
  ...[
    "host",
    "Content-Length",
    "connection",
    "keep-alive",
    "proxy-connection",
    "proxy-authorization",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "expect",
    "x-envoy-retry-on",
    "x-sluice-token",
  ].flatMap((header) => [
    {
      name: `a set of ${header}`,
      text: adds(`    set: { §${header}: b }`),
      message: `the header \`${header.toLowerCase()}\` cannot be set by a rule`,
    },
    {
      name: `a removal of ${header}`,
      text: adds(`    remove: [x-a, §${header}]`),
      message: `the header \`${header.toLowerCase()}\` cannot be removed by a rule`,
    },
  ]),
  { name: "a set of a pseudo header", text: adds('    set: { §":path": /x }'), message: "the header `:path` cannot be set by a rule" },
  { name: "a header that is no name", text: adds('    set: { §"x a": b }'), message: "`x a` is no name of a header" },
  { name: "a removal of no name", text: adds('    remove: [§"x a"]'), message: "`x a` is no name of a header" },
  { name: "a header set twice", text: adds("    set: { X-A: b, §x-a: c }"), message: "the header `x-a` is set twice by this rule" },
  {
    name: "a number for a header's value",
    text: adds("    set: { x-a: §5 }"),
    message: "expected a text, found the number `5`",
    fix: "quote it",
  },
  {
    name: "a header set to nothing",
    text: adds('    set: { x-a: §"" }'),
    message: "a header is not set to nothing",
    fix: "write `remove` to take it out",
  },
  {
    name: "a header's value with a line break",
    text: adds('    set: { x-a: "b§\\nc" }'),
    message: "a header's value is visible ASCII and spaces",
  },
  { name: "a header's value beyond ASCII", text: adds("    set: { x-a: gr§ün }"), message: "a header's value is visible ASCII and spaces" },
  {
    name: "a header's value that ends with a space",
    text: adds('    set: { x-a: §"b " }'),
    message: "a header's value neither begins nor ends with a space",
  },
  {
    name: "an argument in a header",
    text: adds('    set: { x-a: "to §{args.to}" }'),
    message: "`{args.to}` cannot stand in a header's value: verified facts of the caller only",
    fix: FACTS,
  },
  {
    name: "a header set and removed",
    text: adds("    §set: { x-a: b }\n    remove: [X-A]"),
    message: "this rule sets the header `x-a` and removes it",
  },
  {
    name: "a header set and redacted",
    text: adds("    §set: { x-a: b }\n    redact: [{ header: x-a }]"),
    message: "this rule sets the header `x-a` and redacts it",
  },

  // Places in a JSON body
  {
    name: "a place that begins elsewhere",
    text: adds("    redact: [{ json: §a.b }]"),
    message: "`a.b` is no place in a JSON body: it begins with $",
    fix: "write $.a.b",
  },
  {
    name: "the whole body",
    text: adds("    redact: [{ json: §$ }]"),
    message: "`$` is the whole body: name a place in it",
    fix: "for example $.a.b[*].c",
  },
  {
    name: "an element by its number",
    text: adds('    redact: [{ json: "$.a§[0]" }]'),
    message: "`[0]` is no step of a place in a JSON body",
    fix: "write [*]: all elements of the list",
  },
  {
    name: "a search at any depth",
    text: adds('    redact: [{ json: "$§..ssn" }]'),
    message: "`..ssn` is no step of a place in a JSON body",
    fix: "write every step: a search at any depth is not part of places",
  },
  {
    name: "a filter",
    text: adds('    redact: [{ json: "$.a§[?(@.b)]" }]'),
    message: "`[?(@.b)]` is no step of a place in a JSON body",
    fix: "filters are not part of places",
  },
  {
    name: "a dot without a name",
    text: adds('    redact: [{ json: "$.a§." }]'),
    message: "`.` is no step of a place in a JSON body",
    fix: 'a step is .name, ["a name"] or [*]',
  },
  { name: "a place of many steps", text: adds(`    redact: [{ json: §$${".a".repeat(33)} }]`), message: "a place has at most 32 steps" },
];
