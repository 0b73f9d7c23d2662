import type { Names } from "../program.ts";

export function isNamed(text: string, names: Names): boolean {
  if (Object.hasOwn(names.is, text)) return true;
  return names.starts.some((start) => text.startsWith(start)) || names.ends.some((end) => text.endsWith(end));
}
