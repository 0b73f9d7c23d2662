export type ParsedObject =
  | { readonly kind: "object"; readonly members: Readonly<Record<string, unknown>> }
  | { readonly kind: "malformed" }
  /** An object names a member twice: readers differ on which one counts (RFC 8725 section 2.4, RFC 7515 section 4). */
  | { readonly kind: "duplicate" };

const DEPTH_MAX = 16;

/** One JSON object without duplicate members at any depth. */
export function parseJsonObject(text: string): ParsedObject {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { kind: "malformed" };
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) return { kind: "malformed" };
  const scan = scanMembers(text);
  // Any object can be asked for any member; whoever reads one checks it.
  return scan === "unique" ? { kind: "object", members: value as Record<string, unknown> } : { kind: scan };
}

// The text is JSON already, so a string starts at each quote outside one and a member's name stands before a colon.
function scanMembers(text: string): "unique" | "duplicate" | "malformed" {
  const open: Set<string>[] = [];
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (character === "{" || character === "[") {
      if (open.length === DEPTH_MAX) return "malformed";
      open.push(new Set());
    } else if (character === "}" || character === "]") open.pop();
    else if (character === '"') {
      const end = findStringEnd(text, at);
      if (isFollowedByColon(text, end)) {
        const name = String(JSON.parse(text.slice(at, end)));
        const names = open.at(-1);
        if (names?.has(name)) return "duplicate";
        names?.add(name);
      }
      at = end - 1;
    }
  }
  return "unique";
}

function findStringEnd(text: string, start: number): number {
  let at = start + 1;
  while (at < text.length && text[at] !== '"') at += text[at] === "\\" ? 2 : 1;
  return at + 1;
}

function isFollowedByColon(text: string, end: number): boolean {
  let at = end;
  while (/[ \t\r\n]/.test(text[at] ?? "")) at++;
  return text[at] === ":";
}
