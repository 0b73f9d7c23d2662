/** A container that is open: its lines stood at the column `from` and now stand at `to`. */
export type Level = { readonly from: number; readonly to: number };

export type Place = {
  /** Where a line that begins here stands. */
  readonly indent: number;
  /** What is open around it, outermost first. */
  readonly levels: readonly Level[];
};

type Text = { readonly kind: "text"; readonly indent: number; readonly text: string; readonly column: number };
type Comment = { readonly kind: "comment"; readonly text: string; readonly column: number; readonly place: Place };
type Line = Text | Comment | { readonly kind: "blank" };

export type Page = {
  /** Adds to the line that is open, behind `glue`, or begins one that stood at `column`. */
  readonly put: (text: string, place: Place, at: { readonly column: number; readonly glue?: "" }) => void;
  /** Behind what stands on the line that is open, or on a line of its own. */
  readonly comment: (text: string, place: Place, column: number) => void;
  /** Ends the line that is open; where none is, leaves one blank line. */
  readonly endLine: () => void;
  /** Goes on with the text of the open line on a line of its own, which is open then. */
  readonly goOn: (text: string, indent: number) => void;
  /** A whole line as it is, with its end. */
  readonly verbatim: (text: string) => void;
  /** The line that is open with its indentation; null where none is. */
  readonly openText: () => string | null;
  readonly finish: () => string;
};

const NO_COLUMN = -1;

/** Collects lines, knows the one that is open, and finds the indentation of each comment at the end. */
export function createPage(): Page {
  const lines: Line[] = [];
  let open: Text | null = null;
  // Whether the end of the last line has been read.
  let isFresh = true;
  const close = () => {
    if (open !== null) lines.push(open);
    open = null;
  };
  return {
    put: (text, { indent }, { column, glue = " " }) => {
      open = open === null ? { kind: "text", indent, text, column } : { ...open, text: `${open.text}${glue}${text}` };
      isFresh = false;
    },
    comment: (text, place, column) => {
      if (open === null) lines.push({ kind: "comment", text: text.trimEnd(), column, place });
      else lines.push({ ...open, text: `${open.text} ${text.trimEnd()}` });
      open = null;
      isFresh = false;
    },
    endLine: () => {
      const last = lines.at(-1);
      if (isFresh && last !== undefined && last.kind !== "blank") lines.push({ kind: "blank" });
      close();
      isFresh = true;
    },
    goOn: (text, indent) => {
      close();
      open = { kind: "text", indent, text, column: NO_COLUMN };
    },
    verbatim: (text) => {
      close();
      lines.push({ kind: "text", indent: 0, text, column: NO_COLUMN });
      isFresh = true;
    },
    openText: () => (open === null ? null : `${" ".repeat(open.indent)}${open.text}`),
    finish: () => {
      close();
      while (lines.at(-1)?.kind === "blank") lines.pop();
      return lines.map((line, at) => `${textOf(line, at, lines)}\n`).join("");
    },
  };
}

function textOf(line: Line, at: number, lines: readonly Line[]): string {
  switch (line.kind) {
    case "blank":
      return "";
    case "text":
      return line.text === "" ? "" : `${" ".repeat(line.indent)}${line.text}`;
    case "comment":
      return `${" ".repeat(indentOf(line, nextText(lines, at)))}${line.text}`;
  }
}

function nextText(lines: readonly Line[], from: number): Text | undefined {
  for (let at = from + 1; at < lines.length; at++) {
    const line = lines[at];
    if (line?.kind === "text") return line;
  }
  return undefined;
}

/** A comment stands as the line that follows it, unless it stood deeper: then it belongs to what ends before it. */
function indentOf({ column, place }: Comment, next: Text | undefined): number {
  const { levels, indent } = place;
  if (levels.length === 0) return indent;
  if (next !== undefined && next.column >= column) return next.indent;
  const same = levels.find(({ from }) => from === column);
  if (same !== undefined) return same.to;
  const around = levels.findLast(({ from }) => from <= column);
  return around === undefined ? 0 : around === levels.at(-1) ? indent : around.to;
}
