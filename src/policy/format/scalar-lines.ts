import type { CST } from "yaml";

/** The lines of a plain or quoted text; white space at the beginning of its further lines means nothing to YAML. */
export function foldedLines(source: string): readonly string[] {
  return source.split("\n").map((line, at) => (at === 0 ? line : line.trimStart()));
}

/** Header and lines of a block at a new indentation; what is indented beyond it stays so. */
export function blockBody(
  token: CST.BlockScalar,
  header: string,
  indent: number,
): { readonly header: string; readonly lines: readonly string[] } {
  const lines = token.source.replace(/\n$/, "").split("\n");
  const [given = ""] = /[1-9]/.exec(header) ?? [];
  const first = lines.find((line) => line.trim() !== "");
  const found = first === undefined ? Number.POSITIVE_INFINITY : first.length - first.trimStart().length;
  const cut = given === "" ? found : token.indent + Number(given);
  const margin = " ".repeat(indent);
  return {
    header: header.replace(/[1-9]/, "2"),
    lines: token.source === "" ? [] : lines.map((line) => (line.slice(cut) === "" ? "" : `${margin}${line.slice(cut)}`)),
  };
}
