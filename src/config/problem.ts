/** Something wrong with the configuration, where it stands and what would be right. Never quotes a secret. */
export type ConfigProblem = {
  /** The file, `environment`, or null where the value is a default or an argument. */
  readonly file: string | null;
  readonly line: number | null;
  readonly column: number | null;
  /** `proxies[0].auth`; empty for the whole file. */
  readonly path: string;
  readonly message: string;
};

export type Path = readonly PropertyKey[];

/** A problem before its place in the file is known. */
export type Complaint = {
  readonly path: Path;
  readonly message: string;
  /** Whether the key itself is wrong, rather than its value. */
  readonly atKey: boolean;
  /** The other half of a contradiction. */
  readonly other: Path | null;
};

/** One line: `sluice.yaml:3:5: proxies[0].auth: …`. */
export function describeProblem(problem: ConfigProblem): string {
  const place = [problem.file, problem.line, problem.column].filter((part) => part !== null).join(":");
  return [place, problem.path, problem.message].filter((part) => part !== "").join(": ");
}

export function describePath(path: Path): string {
  let text = "";
  for (const step of path) {
    if (typeof step === "number") text += `[${step}]`;
    else text += text === "" ? String(step) : `.${String(step)}`;
  }
  return text;
}

/** What a tree of plain values holds at a path; undefined where nothing stands. */
export function findValueAt(tree: unknown, path: Path): unknown {
  let value = tree;
  for (const step of path) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, step)) return undefined;
    // Any object can be asked for an own key; the line above says that it is there.
    value = (value as Record<PropertyKey, unknown>)[step];
  }
  return value;
}

export function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
