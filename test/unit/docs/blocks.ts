import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { ROOT } from "./source-files.ts";

export type Block = { readonly language: string; readonly text: string };

/** The fenced blocks of a page, in order. */
export async function readBlocks(page: string): Promise<readonly Block[]> {
  const text = await readFile(join(ROOT, page), "utf8");
  return [...text.matchAll(/^```([a-z]+)\n([\s\S]*?)^```$/gm)].map(([, language = "", body = ""]) => ({ language, text: body }));
}

/** The text of the only block of this language that begins with this comment. */
export async function readBlock(page: string, comment: string): Promise<string> {
  const found = (await readBlocks(page)).filter(({ text }) => text.startsWith(`# ${comment}\n`));
  const [block] = found;
  if (block === undefined || found.length > 1) throw new Error(`${page} has ${found.length} blocks that begin with # ${comment}`);
  return block.text;
}
