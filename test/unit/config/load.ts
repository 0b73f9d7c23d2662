import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";
import type { Environment } from "../../../src/config/apply-environment.ts";
import { type LoadedSettings, loadSettings } from "../../../src/config/load-settings.ts";
import type { Settings } from "../../../src/config/settings.ts";

/** A folder of its own for a test file, removed at its end. */
export function createFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "sluice-config-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export function loadText(folder: string, text: string, env: Environment = {}): LoadedSettings {
  writeFileSync(join(folder, "sluice.yaml"), text);
  return loadSettings({ file: null, env, cwd: folder });
}

/** `line:column path: message` of every problem. */
export function problemsOf(loaded: LoadedSettings): readonly string[] {
  if (loaded.kind === "settings") return [];
  return loaded.problems.map(({ line, column, path, message }) => `${line}:${column} ${path}: ${message}`);
}

export function settingsOf(loaded: LoadedSettings): Settings {
  if (loaded.kind === "invalid") throw new Error(problemsOf(loaded).join("\n"));
  return loaded.settings;
}
