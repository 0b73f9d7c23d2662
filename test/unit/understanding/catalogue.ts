import type { ArgumentSource, CatalogueEntry, PathSegment } from "../../../src/core/catalogue.ts";
import type { PreparedPolicy } from "../../../src/core/policy.ts";

function path(text: string): readonly PathSegment[] {
  return (text === "/" ? [] : text.slice(1).split("/")).map((part): PathSegment => {
    if (part === "**") return { kind: "rest" };
    if (part === "*") return { kind: "any" };
    return part.startsWith(":") ? { kind: "bind", name: part.slice(1) } : { kind: "literal", text: part };
  });
}

export function entry(tool: string, rest: Partial<CatalogueEntry> & { readonly at: string }): CatalogueEntry {
  const { at, ...given } = rest;
  return {
    tool,
    method: "POST",
    host: "api.pay.example",
    path: path(at),
    body: "none",
    args: [],
    amount: null,
    model: null,
    cost: null,
    schema: null,
    ...given,
  };
}

type Place = Exclude<ArgumentSource["from"]["kind"], "json">;

export function keyed(name: string, kind: Place, key = name, type: ArgumentSource["type"] = "any"): ArgumentSource {
  return { name, from: { kind, key }, type, record: false };
}

function json(name: string, at: string = name, type: ArgumentSource["type"] = "any"): ArgumentSource {
  return { name, from: { kind: "json", path: at.split(".") }, type, record: false };
}

/** A payment by form, a transfer by JSON, and what stands around them. */
const CATALOGUE: readonly CatalogueEntry[] = [
  entry("pay.create", {
    at: "/v1/payments",
    body: "form",
    args: [keyed("amount", "form", "amount", "integer"), keyed("currency", "form"), keyed("to", "form", "destination")],
    amount: { argument: "amount", unit: "minor", currency: { kind: "argument", name: "currency" } },
  }),
  entry("pay.transfer", {
    at: "/v1/transfers",
    body: "json",
    args: [json("amount", "payment.amount", "integer"), json("currency", "payment.currency"), json("to"), keyed("dry", "query", "dry_run")],
    amount: { argument: "amount", unit: "major", currency: { kind: "argument", name: "currency" } },
  }),
  entry("pay.show", { at: "/v1/payments/:id", method: "GET", args: [keyed("id", "path"), keyed("limit", "query", "limit", "integer")] }),
  entry("pay.mine", { at: "/v1/payments/mine", method: "GET" }),
  entry("pay.annotate", { at: "/v1/notes/:id", args: [keyed("note", "header", "X-Note"), keyed("id", "path")] }),
  entry("files.any", { at: "/files/**", method: "GET" }),
  entry("docs.below", { at: "/docs/**", method: "GET" }),
  entry("docs.all", { at: "/docs", method: "GET" }),
  entry("root", { at: "/", method: "GET" }),
];

export function policy(rest: Partial<Pick<PreparedPolicy, "catalogue" | "reads" | "namedHosts">> = {}) {
  return { catalogue: CATALOGUE, reads: [], namedHosts: new Set<string>(["api.pay.example"]), ...rest };
}
