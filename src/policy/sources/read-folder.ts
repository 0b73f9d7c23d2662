import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";

export type PolicyText = { readonly name: string; readonly text: string };

export type ReadFolder =
  | { readonly kind: "read"; readonly files: readonly PolicyText[] }
  | { readonly kind: "unreadable"; readonly reason: string };

const EXTENSIONS = [".yaml", ".yml", ".json", ".rego"];
const FILES_MAX = 1000;
const FILE_BYTES_MAX = 4 * 1024 * 1024;

/**
 * The policy files of a folder and of the folders in it, one level deep, under their names from there. Hidden names are
 * passed over (a Kubernetes ConfigMap keeps its versions in them); links are followed, because its files are links. A
 * policy file further down is refused: who wrote it there believes that it is in force.
 */
export async function readFolder(folder: string): Promise<ReadFolder> {
  try {
    const names = await listFiles(folder);
    if (names.length > FILES_MAX) return unreadable(`more than ${FILES_MAX} policy files`);
    const files: PolicyText[] = [];
    for (const name of names) {
      const path = join(folder, name);
      if ((await stat(path)).size > FILE_BYTES_MAX) return unreadable(`${name} is larger than ${FILE_BYTES_MAX} bytes`);
      files.push({ name, text: new TextDecoder("utf-8", { fatal: true }).decode(await readFile(path)) });
    }
    return { kind: "read", files };
  } catch (error) {
    return unreadable(error instanceof Error ? error.message : "it cannot be read");
  }
}

async function listFiles(folder: string): Promise<readonly string[]> {
  const names: string[] = [];
  for (const name of await visibleNames(folder)) {
    if ((await stat(join(folder, name))).isDirectory()) names.push(...(await listInner(folder, name)));
    else if (isPolicyFile(name)) names.push(name);
  }
  return names;
}

async function listInner(folder: string, name: string): Promise<readonly string[]> {
  const names: string[] = [];
  for (const inner of await visibleNames(join(folder, name))) {
    const path = `${name}/${inner}`;
    if (!(await stat(join(folder, path))).isDirectory()) {
      if (isPolicyFile(inner)) names.push(path);
      continue;
    }
    const deep = (await visibleNames(join(folder, path))).find(isPolicyFile);
    if (deep !== undefined) throw new Error(`${path}/${deep} is too deep: policy files stand in the folder or in one inside it`);
  }
  return names;
}

/** Whatever the case of its ending: a file that is passed over in silence would be believed to be in force. */
function isPolicyFile(name: string): boolean {
  return EXTENSIONS.some((extension) => name.toLowerCase().endsWith(extension));
}

async function visibleNames(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder);
  return names.filter((name) => !name.startsWith(".")).sort();
}

function unreadable(reason: string): ReadFolder {
  return { kind: "unreadable", reason };
}
