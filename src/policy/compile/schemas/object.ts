import { z } from "zod";

/**
 * A map with exactly these keys. `later` are keys of the language that are not built yet: each is an error of its own,
 * never ignored. An issue about keys carries both lists as its message, for `readKeys`.
 */
export function object<Shape extends z.core.$ZodLooseShape>(shape: Shape, later: readonly string[] = []) {
  const keys = `${Object.keys(shape).join(" ")}|${later.join(" ")}`;
  return z.strictObject(shape, { error: (issue) => (issue.code === "unrecognized_keys" ? keys : undefined) });
}

export function readKeys(message: string): { readonly allowed: readonly string[]; readonly later: readonly string[] } {
  const [allowed = "", later = ""] = message.split("|");
  return { allowed: allowed.split(" ").filter((key) => key !== FILE_SCHEMA_KEY), later: later.split(" ") };
}

/** What editors read to find the JSON Schema of a file; nothing else reads it. */
const FILE_SCHEMA_KEY = "$schema";

export const text = z.string();
export const texts = z.array(text);
export const fileSchema = text.optional().describe("The JSON Schema of this file, for editors.");

/** A text of a fixed form; `says` names the form. */
export function form(pattern: RegExp, says: string) {
  return z.string().regex(pattern, { error: says });
}

export const id = form(/^[a-z0-9][a-z0-9._-]{0,63}$/, "an id: a-z, 0-9, `.`, `_`, `-`, at most 64 characters");
