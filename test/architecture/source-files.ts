import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";

export const ROOT = resolve(import.meta.dirname, "../..");

export type SourceFile = { readonly path: string; readonly text: string; readonly imports: readonly Import[] };

export type Import = {
  /** Relative to the root for our own files, the specifier for packages. */
  readonly to: string;
  readonly isOwn: boolean;
  /** `import type` and `export type … from`: gone before anything runs. */
  readonly isType: boolean;
};

const STATEMENT = /(?:^|\n)\s*(?:import|export)\s+(type\s+)?(?:[^"'`;]*?\sfrom\s+)?["']([^"']+)["']/g;
const DYNAMIC = /\bimport\(\s*["']([^"']+)["']\s*\)/g;

/** Every file of ours under `folder`, with what it imports. */
export function readSources(folder: string): readonly SourceFile[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts") && !name.endsWith(".d.ts"))
    .map((name) => {
      const path = join(folder, name);
      const text = readFileSync(join(ROOT, path), "utf8");
      return { path, text, imports: importsOf(path, text) };
    });
}

function importsOf(path: string, text: string): readonly Import[] {
  const stated = [...text.matchAll(STATEMENT)].map((match) => toImport(path, match[2] ?? "", match[1] !== undefined));
  const dynamic = [...text.matchAll(DYNAMIC)].map((match) => toImport(path, match[1] ?? "", false));
  return [...stated, ...dynamic];
}

function toImport(path: string, specifier: string, isType: boolean): Import {
  const isOwn = specifier.startsWith(".");
  return { to: isOwn ? relative(ROOT, resolve(ROOT, dirname(path), specifier)) : specifier, isOwn, isType };
}

/** `src/edge/grpc/server.ts` → `edge`; files directly under src name themselves. */
export function layerOf(path: string): string {
  return path.split("/")[1] ?? "";
}
