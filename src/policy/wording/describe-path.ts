const PLAIN = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** A path into the call's input, as a condition writes it. */
export function describePath(path: readonly string[]): string {
  const [first = "", second = "", third = ""] = path;
  if (path.length === 0) return "the element";
  if (first === "time" && path.length === 3) return `time.${third} in ${second}`;
  if (first === "segment" && path.length === 2) return `segment ${Number(second) + 1} of the path`;
  return path.map((part, at) => (at === 0 ? part : PLAIN.test(part) ? `.${part}` : `[${JSON.stringify(part)}]`)).join("");
}
