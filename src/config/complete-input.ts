import { resolve } from "node:path";
import { PUSHED } from "../policy/settings.ts";
import { branchesOf, type SchemaNode } from "./json-schema.ts";
import { isMapping } from "./problem.ts";

const UNIX = "unix:";

/** The file's form with every default written in and every path made absolute; what is wrong in it stays as it is. */
export function completeInput(schema: SchemaNode, given: unknown, folder: string): unknown {
  const value = given === undefined ? schema.default : given;
  for (const branch of branchesOf(schema)) {
    if (isMapping(value) && branch.properties !== undefined) return completeMapping(branch.properties, value, folder);
    if (isMapping(value) && typeof branch.additionalProperties === "object") {
      const each = branch.additionalProperties;
      return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, completeInput(each, item, folder)]));
    }
    if (Array.isArray(value) && branch.items !== undefined) {
      const each = branch.items;
      return value.map((item) => completeInput(each, item, folder));
    }
    if (typeof value === "string" && branch.title === "path" && value !== "") return absolute(value, folder);
    if (typeof value === "string" && branch.title === "file, folder or URL" && value !== "" && value !== PUSHED)
      return absolute(value, folder);
    if (typeof value === "string" && branch.title === "address" && value.startsWith(UNIX) && value !== UNIX) {
      return UNIX + absolute(value.slice(UNIX.length), folder);
    }
  }
  return value;
}

function completeMapping(properties: Readonly<Record<string, SchemaNode>>, value: Record<string, unknown>, folder: string) {
  const complete: Record<string, unknown> = { ...value };
  for (const [key, child] of Object.entries(properties)) {
    const completed = completeInput(child, value[key], folder);
    if (completed !== undefined) complete[key] = completed;
  }
  return complete;
}

// A URL or an abstract socket is no file; what reads it decides whether it may stand there.
function absolute(path: string, folder: string): string {
  return /^([a-z][a-z0-9+.-]*:\/\/|bundle:|@)/i.test(path) ? path : resolve(folder, path);
}
