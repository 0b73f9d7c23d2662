import { z } from "zod";
import { FILE_KINDS, type FileKind } from "./index.ts";

/** The text of `policies/schemas/KIND.schema.json`, for editors. */
export function renderSchema(kind: FileKind): string {
  return `${JSON.stringify(z.toJSONSchema(FILE_KINDS[kind].schema, { io: "input" }), null, 2)}\n`;
}
