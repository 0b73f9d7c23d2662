import type { CST } from "yaml";

/** A collection in brackets on one line; null where a comment or a text over several lines forbids it. */
export function flowText({ start, items, end }: CST.FlowCollection): string | null {
  if (hasComment(end.slice(0, closingAt(end)))) return null;
  const parts: string[] = [];
  for (const { start: before, key, sep = [], value } of items) {
    if (hasComment(before) || hasComment(sep)) return null;
    const props = before.filter(isProperty).map(({ source }) => source);
    if (key === undefined && value === undefined && props.length === 0) continue;
    const texts = [key, value].map((token) => (token === undefined || token === null ? "" : scalarText(token)));
    const [keyText, valueText] = texts;
    if (keyText === null || valueText === null) return null;
    const colon = sep.some(({ type }) => type === "map-value-ind") ? ":" : "";
    const after = sep.filter(isProperty).map(({ source }) => source);
    parts.push([...props, `${keyText}${colon}`, ...after, valueText].filter((text) => text !== "").join(" "));
  }
  if (start.type === "flow-seq-start") return `[${parts.join(", ")}]`;
  return parts.length === 0 ? "{}" : `{ ${parts.join(", ")} }`;
}

function scalarText(token: CST.Token): string | null {
  if (token.type === "flow-collection") return hasComment(token.end) ? null : flowText(token);
  if (!("source" in token) || token.source.includes("\n")) return null;
  return "end" in token && token.end !== undefined && hasComment(token.end) ? null : token.source;
}

function closingAt(end: readonly CST.SourceToken[]): number {
  return end.findIndex(({ type }) => type === "flow-map-end" || type === "flow-seq-end");
}

function isProperty({ type }: CST.SourceToken): boolean {
  return type === "anchor" || type === "tag";
}

function hasComment(tokens: readonly CST.SourceToken[]): boolean {
  return tokens.some(({ type }) => type === "comment");
}
