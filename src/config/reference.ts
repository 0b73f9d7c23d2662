import { branchesOf, createJsonSchema, type SchemaNode } from "./json-schema.ts";

const INTRODUCTION = `# Configuration

One YAML file: \`--config FILE\`, else \`SLUICE_CONFIG\`, else \`sluice.yaml\` in the working directory, else the defaults alone.
Relative paths start at the working directory. Unknown keys, wrong types and contradictions end the start and are told with file, line, column,
the allowed values and the nearest name. This page and \`src/config/sluice.schema.json\` are generated from the schema.

- A **duration** is a whole number with a unit: \`150ms\`, \`5s\`, \`30m\`, \`1h\`, \`1d\`.
- An **address** is \`host:port\`, \`[v6]:port\` or \`unix:PATH\`.
- A **secret** is \`{file: PATH}\` or \`{env: NAME}\`; it is never written down here and never printed.
- A **name** is 1 to 128 of \`A-Z a-z 0-9 . _ : @ / + -\`.
- A scalar is overridden by \`SLUICE_\` and its path in upper case with \`__\` between the keys: \`SLUICE_LISTEN__GRPC=127.0.0.1:9191\`,
  \`SLUICE_TENANTS__DEFAULT__MODE=shadow\`, \`SLUICE_PROXIES__0__NAME=edge\`. A variable overrides what the file has; it adds no tenant and no list item.
  Any other \`SLUICE_\` name ends the start, except \`SLUICE_CONFIG\`, \`SLUICE_SERVER\`, \`SLUICE_TOKEN_FILE\`, names that a secret refers to, and
  those that Kubernetes sets for a Service called \`sluice\`.
- With one tenant, \`mode\`, \`policies\`, the keys of bundles, \`identity.required\` and \`identity.issuers\` may stand at the top level; the tenant is
  then \`default\`.
- A key whose feature is not built yet ends the start when it is set; it is never ignored.

| key | type | default | meaning |
| --- | --- | --- | --- |
`;

/** The text of `docs/configuration.md`. */
export function renderReference(): string {
  return INTRODUCTION + listRows(createJsonSchema(), "").join("");
}

function listRows(node: SchemaNode, path: string): readonly string[] {
  return branchesOf(node).flatMap((branch) => {
    if (branch.properties !== undefined && !isSecret(branch)) {
      const required = new Set(branch.required ?? []);
      return Object.entries(branch.properties).flatMap(([key, child]) =>
        rowsOf(child, path === "" ? key : `${path}.${key}`, required.has(key)),
      );
    }
    if (typeof branch.additionalProperties === "object") return listRows(branch.additionalProperties, `${path}.NAME`);
    return branch.items === undefined ? [] : listRows(branch.items, `${path}[]`);
  });
}

function rowsOf(node: SchemaNode, path: string, required: boolean): readonly string[] {
  const standard = node.default === undefined ? (required ? "required" : "") : `\`${JSON.stringify(node.default)}\``;
  const row = `| \`${path}\` | ${describeType(node)} | ${standard} | ${node.description ?? ""} |\n`;
  return [row, ...listRows(node, path)];
}

function describeType(node: SchemaNode): string {
  const types = branchesOf(node).map((branch) => {
    if (isSecret(branch)) return "secret";
    if (branch.title !== undefined) return branch.title;
    if (branch.const !== undefined) return `\`${String(branch.const)}\``;
    if (branch.enum !== undefined) return branch.enum.map((value) => `\`${String(value)}\``).join(", ");
    if (branch.items !== undefined) return `list of ${describeType(branch.items)}`;
    return WORDS[branch.type ?? ""] ?? "";
  });
  return types.join(" or ");
}

const WORDS: Readonly<Record<string, string>> = {
  string: "text",
  object: "mapping",
  integer: "whole number",
  number: "number",
  boolean: "`true`, `false`",
  null: "null",
};

function isSecret(node: SchemaNode): boolean {
  const keys = Object.keys(node.properties ?? {});
  return keys.length === 2 && keys.includes("file") && keys.includes("env");
}
