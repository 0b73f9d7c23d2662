import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { applyEnvironment, type Environment } from "./apply-environment.ts";
import { completeInput } from "./complete-input.ts";
import { findContradictions } from "./contradictions.ts";
import { explainIssue } from "./explain-issue.ts";
import { createJsonSchema } from "./json-schema.ts";
import { placeTenants } from "./place-tenants.ts";
import { type Complaint, type ConfigProblem, describePath, findValueAt, isMapping, type Path } from "./problem.ts";
import { readYaml, type YamlFile } from "./read-yaml.ts";
import { type Settings, settingsSchema } from "./settings.ts";

export type LoadOptions = {
  /** Null: `SLUICE_CONFIG`, then `sluice.yaml` in `cwd` if it is there, then the defaults alone. */
  readonly file: string | null;
  readonly env: Environment;
  /** Relative paths, in the file too, start here. */
  readonly cwd: string;
  /** `--policies DIR`: runs this folder for the only tenant. */
  readonly policies?: string | null;
};

export type LoadedSettings =
  | {
      readonly kind: "settings";
      readonly settings: Settings;
      /** The same in the file's form, with every default written in; for `renderSettings`. */
      readonly effective: unknown;
      readonly file: string | null;
    }
  | { readonly kind: "invalid"; readonly problems: readonly ConfigProblem[] };

const ENVIRONMENT = "environment";
const NOWHERE = { file: null, line: null, column: null, path: "" };
const FILE_DEFAULT = "sluice.yaml";
const EMPTY: YamlFile = { kind: "file", input: {}, findPlace: () => ({ line: 1, column: 1 }) };

/** File and environment → complete settings, or everything that is wrong with them. */
export function loadSettings(options: LoadOptions): LoadedSettings {
  const source = readSource(options);
  if (source.kind === "unreadable") return invalid([{ ...NOWHERE, file: source.file, message: source.message }]);
  if (source.yaml.kind === "broken") return invalid(source.yaml.problems.map((problem) => ({ file: source.file, path: "", ...problem })));
  const yaml = source.yaml;
  const schema = createJsonSchema();
  const overridden = applyEnvironment(yaml.input, options.env, schema);
  const fromEnv = overridden.problems.map((message) => ({ ...NOWHERE, file: ENVIRONMENT, message }));
  const placed = placeTenants(overridden.input);
  const locate = createLocator({ file: source.file, yaml, findOrigin: placed.findOrigin, origins: overridden.origins });

  const chosen = putPolicies(placed.input, options.policies ?? null);
  const effective = completeInput(schema, chosen.input, options.cwd);
  const parsed = settingsSchema.safeParse(effective);
  const complaints = placed.contradictions.map(
    (path): Complaint => ({ path, message: "belongs into a tenant, as `tenants` is given", atKey: true, other: ["tenants"] }),
  );
  complaints.push(...chosen.complaints);
  if (!parsed.success) complaints.push(...parsed.error.issues.flatMap((issue) => explainIssue(issue, effective, schema)));
  else complaints.push(...findContradictions(parsed.data));
  const problems = [...fromEnv, ...complaints.map(locate)];
  if (!parsed.success || problems.length > 0) return invalid(problems);
  return { kind: "settings", settings: parsed.data, effective, file: source.file };
}

function invalid(problems: readonly ConfigProblem[]): LoadedSettings {
  return { kind: "invalid", problems };
}

type Source =
  | { readonly kind: "read"; readonly file: string | null; readonly yaml: YamlFile }
  | { readonly kind: "unreadable"; readonly file: string; readonly message: string };

function readSource({ file, env, cwd }: LoadOptions): Source {
  const named = file ?? env["SLUICE_CONFIG"] ?? null;
  const path = resolve(cwd, named ?? FILE_DEFAULT);
  try {
    return { kind: "read", file: named ?? FILE_DEFAULT, yaml: readYaml(readFileSync(path, "utf8")) };
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "unreadable";
    if (named === null && code === "ENOENT") return { kind: "read", file: null, yaml: EMPTY };
    return { kind: "unreadable", file: named ?? FILE_DEFAULT, message: `cannot be read: ${code}` };
  }
}

// A command's argument is stronger than the file.
function putPolicies(input: unknown, policies: string | null): { readonly input: unknown; readonly complaints: readonly Complaint[] } {
  if (policies === null || !isMapping(input) || !isMapping(input["tenants"])) return { input, complaints: [] };
  const [only, ...others] = Object.entries(input["tenants"]);
  if (only === undefined || others.length > 0) {
    return { input, complaints: [{ path: ["tenants"], message: "--policies needs exactly one tenant", atKey: true, other: null }] };
  }
  const tenant = isMapping(only[1]) ? only[1] : {};
  return { input: { ...input, tenants: { [only[0]]: { ...tenant, policies } } }, complaints: [] };
}

type Locator = {
  readonly file: string | null;
  readonly yaml: Extract<YamlFile, { kind: "file" }>;
  readonly findOrigin: (path: Path) => Path;
  readonly origins: readonly { readonly path: Path; readonly variable: string }[];
};

function createLocator({ file, yaml, findOrigin, origins }: Locator): (complaint: Complaint) => ConfigProblem {
  const describeOther = (path: Path): string => {
    if (findValueAt(yaml.input, path) === undefined) return ` (also ${describePath(path)})`;
    const { line, column } = yaml.findPlace(path, false);
    return ` (also ${describePath(path)} at ${line}:${column})`;
  };
  return function locateProblem({ path, message, atKey, other }) {
    const origin = findOrigin(path);
    const text = message + (other === null ? "" : describeOther(findOrigin(other)));
    const shown = describePath(origin);
    const variable = origins.find(({ path: set }) => set.length === origin.length && set.every((step, index) => origin[index] === step));
    if (variable !== undefined) return { ...NOWHERE, file: ENVIRONMENT, path: shown, message: `${variable.variable}: ${text}` };
    return file === null
      ? { ...NOWHERE, path: shown, message: text }
      : { file, ...yaml.findPlace(origin, atKey), path: shown, message: text };
  };
}
