import { type CST, Parser } from "yaml";
import { flowText } from "./flow-text.ts";
import { createPage, type Page, type Place } from "./page.ts";
import { blockBody, foldedLines } from "./scalar-lines.ts";

const STEP = 2;
export const LINE_CHARS_MAX = 140;

type Layout = { readonly page: Page; readonly columnOf: (token: { readonly offset: number }) => number };

/**
 * YAML that reads well, laid out anew: two columns a level, one space between things, at most one blank line. Comments,
 * quotes, blocks and the order of keys stay. A collection in brackets stays on one line where it fits, and becomes a block
 * otherwise. Null where the text has a form that is left as it is.
 */
export function layOut(text: string): string | null {
  const page = createPage();
  const columnOf = ({ offset }: { readonly offset: number }) => offset - (text.lastIndexOf("\n", offset - 1) + 1);
  const layout: Layout = { page, columnOf };
  const root: Place = { indent: 0, levels: [{ from: 0, to: 0 }] };
  for (const token of new Parser().parse(text)) {
    switch (token.type) {
      case "document":
        layTrivia(token.start, root, layout);
        if (token.value !== undefined) layValue(token.value, root, layout);
        layTrivia(token.end ?? [], root, layout);
        break;
      case "comment":
      case "newline":
      case "space":
        layTrivia([token], root, layout);
        break;
      default:
        return null;
    }
  }
  return page.finish();
}

type Trivia = readonly CST.SourceToken[];

/** What stands between values: comments, ends of lines, and the signs of structure. */
function layTrivia(tokens: Trivia, place: Place, { page, columnOf }: Layout): void {
  for (const token of tokens) {
    const { type, source } = token;
    if (type === "comment") page.comment(source, place, columnOf(token));
    else if (type === "newline") page.endLine();
    else if (type === "map-value-ind") page.put(source, place, { column: columnOf(token), glue: "" });
    else if (!SILENT.has(type)) page.put(source, place, { column: columnOf(token) });
  }
}

const SILENT: ReadonlySet<string> = new Set(["space", "comma", "flow-map-end", "flow-seq-end", "byte-order-mark"]);

function layValue(token: CST.Token, place: Place, layout: Layout): void {
  const { page, columnOf } = layout;
  switch (token.type) {
    case "alias":
    case "scalar":
    case "single-quoted-scalar":
    case "double-quoted-scalar": {
      const [first = "", ...rest] = foldedLines(token.source);
      page.put(first, place, { column: columnOf(token) });
      for (const line of rest) page.goOn(line, place.indent);
      layTrivia(token.end ?? [], place, layout);
      break;
    }
    case "block-scalar":
      layBlockScalar(token, place, layout);
      break;
    case "block-map":
      layMap(token, place, layout);
      break;
    case "block-seq":
      laySeq(token, place, layout);
      break;
    case "flow-collection":
      layFlow(token, place, layout);
      layTrivia(token.end, place, layout);
      break;
    default:
      break;
  }
}

function layBlockScalar(token: CST.BlockScalar, place: Place, layout: Layout): void {
  const { page, columnOf } = layout;
  const header = token.props.flatMap((prop) => (prop.type === "block-scalar-header" ? [prop.source] : [])).join("");
  const body = blockBody(token, header, place.indent);
  for (const prop of token.props) {
    if (prop.type === "block-scalar-header") page.put(body.header, place, { column: columnOf(prop) });
    else if (prop.type === "comment") page.comment(prop.source, place, columnOf(prop));
  }
  page.endLine();
  for (const line of body.lines) page.verbatim(line);
}

function layMap(map: CST.BlockMap, place: Place, layout: Layout): void {
  const inside: Place = { indent: place.indent, levels: [...place.levels, { from: map.indent, to: place.indent }] };
  for (const item of map.items) layPair(item, inside, layout);
}

type Pair = { readonly start: Trivia; readonly key?: CST.Token | null; readonly sep?: Trivia; readonly value?: CST.Token };

function layPair(pair: Pair, place: Place, layout: Layout): void {
  layTrivia(pair.start, place, layout);
  if (pair.key !== undefined && pair.key !== null) layValue(pair.key, place, layout);
  const below = { ...place, indent: place.indent + STEP };
  layTrivia(pair.sep ?? [], below, layout);
  if (pair.value !== undefined) layValue(pair.value, below, layout);
}

function laySeq(seq: CST.BlockSequence, place: Place, layout: Layout): void {
  const inside: Place = { indent: place.indent, levels: [...place.levels, { from: seq.indent, to: place.indent }] };
  const below = { ...inside, indent: place.indent + STEP };
  for (const item of seq.items) {
    layTrivia(item.start, inside, layout);
    if (item.value !== undefined) layValue(item.value, below, layout);
  }
}

/** On one line where it fits, as a block otherwise. */
function layFlow(flow: CST.FlowCollection, place: Place, layout: Layout): void {
  const { page, columnOf } = layout;
  const text = flowText(flow);
  const before = page.openText()?.length ?? place.indent;
  if (text !== null && (flow.items.length === 0 || before + 1 + text.length <= LINE_CHARS_MAX)) {
    page.put(text, place, { column: columnOf(flow) });
    return;
  }
  const isMap = flow.start.type === "flow-map-start";
  // Columns of what stood in brackets say nothing: comments in them stand as the entries do.
  const inside: Place = { indent: place.indent, levels: [] };
  for (const item of flow.items) {
    const before = page.openText();
    const isCompact = before?.endsWith("-") === true;
    layTrivia(isCompact || before === null ? withoutFirstEnd(item.start, flow.items[0] === item) : item.start, inside, layout);
    if (item.key === undefined && item.value === undefined) continue;
    if (!isCompact && page.openText() !== null) page.endLine();
    layFlowItem(item, isMap, { place: inside, layout });
  }
}

/** Behind an opening bracket that goes, the end of its line goes too. */
function withoutFirstEnd(start: Trivia, isFirstItem: boolean): Trivia {
  const at = isFirstItem ? start.findIndex(({ type }) => type !== "space") : -1;
  return start[at]?.type === "newline" ? start.slice(at + 1) : start;
}

type Inside = { readonly place: Place; readonly layout: Layout };

function layFlowItem(item: Pair, isMap: boolean, { place, layout }: Inside): void {
  const below = { ...place, indent: place.indent + STEP };
  if (!isMap) layout.page.put("-", place, { column: 0 });
  if (item.key === undefined && item.value !== undefined) layValue(item.value, below, layout);
  else layPair({ ...item, start: [] }, isMap ? place : below, layout);
  const hasColon = item.sep?.some(({ type }) => type === "map-value-ind") === true;
  if (isMap && !hasColon) layout.page.put(":", place, { column: 0, glue: "" });
}
