import { branchesOf, type SchemaNode } from "./json-schema.ts";
import { findNearestName } from "./nearest-name.ts";
import { findValueAt, isMapping, type Path } from "./problem.ts";

export type Environment = Readonly<Record<string, string | undefined>>;

export type Overridden = {
  readonly input: unknown;
  /** Which variable set a path. */
  readonly origins: readonly { readonly path: Path; readonly variable: string }[];
  readonly problems: readonly string[];
};

type Scalar = { readonly steps: readonly string[]; readonly types: ReadonlySet<string> };

const PREFIX = "SLUICE_";
const ANY = "*";
// Read by commands, not part of the settings.
const COMMAND_NAMES = new Set(["SLUICE_CONFIG", "SLUICE_SERVER", "SLUICE_TOKEN_FILE"]);
// Kubernetes puts these into every pod of a namespace that has a Service called `sluice`.
const SERVICE_LINK = /^SLUICE_(SERVICE_HOST|SERVICE_PORT(_[A-Z0-9_]+)?|PORT|PORT_[0-9]+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?)$/;

/** Puts `SLUICE_LISTEN__GRPC=…` over `listen.grpc`, and so on for every scalar of the schema. */
export function applyEnvironment(given: unknown, env: Environment, schema: SchemaNode): Overridden {
  const input: unknown = structuredClone(given ?? {});
  const scalars = listScalars(schema);
  const secrets = listSecretNames(input);
  const origins: { path: Path; variable: string }[] = [];
  const problems: string[] = [];
  for (const [variable, text] of Object.entries(env).sort()) {
    if (text === undefined || !variable.startsWith(PREFIX)) continue;
    if (COMMAND_NAMES.has(variable) || SERVICE_LINK.test(variable) || secrets.has(variable)) continue;
    const target = findTarget(variable, scalars, input);
    if (target === null) problems.push(describeUnknown(variable, scalars));
    else if (put(input, target.path, convert(text, target.types))) origins.push({ path: target.path, variable });
    else problems.push(`${variable}: what it overrides is not a mapping in the file`);
  }
  return { input, origins, problems };
}

/** Names of all variables, with `*` for a tenant's name or a position in a list. */
export function listVariables(schema: SchemaNode): readonly string[] {
  return listScalars(schema).map((scalar) => PREFIX + scalar.steps.map(spell).join("__"));
}

function listScalars(schema: SchemaNode, steps: readonly string[] = []): readonly Scalar[] {
  const found: Scalar[] = [];
  const types = new Set<string>();
  for (const branch of branchesOf(schema)) {
    if (branch.properties !== undefined) {
      for (const [key, child] of Object.entries(branch.properties)) found.push(...listScalars(child, [...steps, key]));
    } else if (typeof branch.additionalProperties === "object") found.push(...listScalars(branch.additionalProperties, [...steps, ANY]));
    else if (branch.items !== undefined) found.push(...listScalars(branch.items, [...steps, ANY]));
    else types.add(branch.type ?? "any");
  }
  const isScalar = [...types].some((type) => type !== "null");
  return isScalar ? [...found, { steps, types }] : found;
}

function findTarget(variable: string, scalars: readonly Scalar[], input: unknown): { path: Path; types: ReadonlySet<string> } | null {
  const words = variable.slice(PREFIX.length).split("__");
  for (const scalar of scalars) {
    if (scalar.steps.length !== words.length) continue;
    const path = resolvePath(scalar.steps, words, input);
    if (path !== null) return { path, types: scalar.types };
  }
  return null;
}

function resolvePath(steps: readonly string[], words: readonly string[], input: unknown): Path | null {
  const path: PropertyKey[] = [];
  for (const [index, step] of steps.entries()) {
    const word = words[index] ?? "";
    const found = step === ANY ? findMember(findValueAt(input, path), word) : spell(step) === word ? step : null;
    if (found === null) return null;
    path.push(found);
  }
  return path;
}

/** Only what the file has can be overridden: a variable adds no tenant and no list item. */
function findMember(holder: unknown, word: string): PropertyKey | null {
  if (Array.isArray(holder)) return /^(0|[1-9][0-9]{0,3})$/.test(word) && Number(word) < holder.length ? Number(word) : null;
  return isMapping(holder) ? (Object.keys(holder).find((key) => spell(key) === word) ?? null) : null;
}

function spell(key: string): string {
  return key === ANY ? ANY : key.toUpperCase().replace(/[^A-Z0-9]/g, "_");
}

function convert(text: string, types: ReadonlySet<string>): unknown {
  if (text === "null" && types.has("null")) return null;
  if ((text === "true" || text === "false") && types.has("boolean")) return text === "true";
  if (/^-?[0-9]+(\.[0-9]+)?$/.test(text) && (types.has("integer") || types.has("number"))) return Number(text);
  return text;
}

function put(input: unknown, path: Path, value: unknown): boolean {
  let holder: unknown = input;
  for (const [index, step] of path.entries()) {
    if (typeof holder !== "object" || holder === null) return false;
    // Keys come from the schema or from the tree itself, so any object here may be written by them.
    const fields = holder as Record<PropertyKey, unknown>;
    if (index === path.length - 1) fields[step] = value;
    else fields[step] ??= {};
    holder = fields[step];
  }
  return true;
}

function listSecretNames(input: unknown): ReadonlySet<string> {
  const names = new Set<string>();
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) value.forEach(visit);
    else if (isMapping(value)) {
      if (typeof value["env"] === "string") names.add(value["env"]);
      Object.values(value).forEach(visit);
    }
  };
  visit(input);
  return names;
}

function describeUnknown(variable: string, scalars: readonly Scalar[]): string {
  const known = scalars.map((scalar) => PREFIX + scalar.steps.map(spell).join("__")).filter((name) => !name.includes(ANY));
  const nearest = findNearestName(variable, known);
  return `${variable}: overrides nothing${nearest === null ? "" : `; the nearest is ${nearest}`}`;
}
