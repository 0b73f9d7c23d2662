/** A name as a condition writes it: `http.headers["x-a"]`. Ids of limits hold dots and slashes and always stand in quotes. */
export function writeName([root = "", ...steps]: readonly string[]): string {
  return steps.reduce((name, step, at) => {
    const isPlain = IDENTIFIER.test(step) && !(root === "usage" && at === 0);
    return isPlain ? `${name}.${step}` : `${name}[${JSON.stringify(step)}]`;
  }, root);
}

/** How a condition asks whether it is there: a key that is no identifier cannot stand in has(…). */
export function writePresence(steps: readonly string[]): string {
  const key = steps.at(-1) ?? "";
  return IDENTIFIER.test(key) ? `has(${writeName(steps)})` : `${JSON.stringify(key)} in ${writeName(steps.slice(0, -1))}`;
}

const IDENTIFIER = /^[A-Za-z_][A-Za-z0-9_]*$/;
