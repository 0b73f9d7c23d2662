import { readFile, stat, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { Problem } from "../policy/compile/problem.ts";
import { SCHEMA_FILE_END } from "../policy/compile/read-files.ts";
import { formatFile } from "../policy/format/format-file.ts";
import { readFolder } from "../policy/sources/read-folder.ts";

export type FormatOptions = {
  /** What paths are relative to. */
  readonly cwd: string;
  /** Files, and folders whose policy files are meant. */
  readonly paths: readonly string[];
  /** Otherwise nothing is written. */
  readonly write: boolean;
};

export type FormattedPolicies =
  | {
      readonly kind: "formatted";
      readonly files: number;
      /** Files that are, or would be, written anew. */
      readonly changed: readonly string[];
      /** What is wrong with files that cannot be formatted; they are left as they are. */
      readonly problems: readonly Problem[];
    }
  | { readonly kind: "unreadable"; readonly path: string; readonly reason: string };

type Source = { readonly name: string; readonly text: string };

/** Writes policy files in their one form, and repairs expressions that YAML misreads. What they say stays. */
export async function formatPolicies({ cwd, paths, write }: FormatOptions): Promise<FormattedPolicies> {
  const changed: string[] = [];
  const problems: Problem[] = [];
  let files = 0;
  for (const path of paths) {
    const sources = await readSources(cwd, path);
    if (typeof sources === "string") return { kind: "unreadable", path, reason: sources };
    for (const { name, text } of sources) {
      files++;
      const formatted = formatFile({ name, text });
      if (formatted.kind === "broken") problems.push(...formatted.problems);
      else if (formatted.text !== text) {
        if (write) await writeFile(resolve(cwd, name), formatted.text);
        changed.push(name);
      }
    }
  }
  return { kind: "formatted", files, changed, problems };
}

/** The policy files at a path under names that lead to them; a text says why there are none. */
async function readSources(cwd: string, path: string): Promise<readonly Source[] | string> {
  const at = resolve(cwd, path);
  try {
    if (!(await stat(at)).isDirectory())
      return [{ name: path, text: new TextDecoder("utf-8", { fatal: true }).decode(await readFile(at)) }];
  } catch (error) {
    return error instanceof Error ? error.message : "it cannot be read";
  }
  const read = await readFolder(at);
  if (read.kind === "unreadable") return read.reason;
  return read.files.filter(({ name }) => isFormatted(name)).map(({ name, text }) => ({ name: join(path, name), text }));
}

/** Rego has a formatter of its own, and a JSON Schema is no policy file. */
function isFormatted(name: string): boolean {
  const lower = name.toLowerCase();
  return !lower.endsWith(".rego") && !lower.endsWith(SCHEMA_FILE_END);
}
