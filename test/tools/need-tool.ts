import { join } from "node:path";
import { findTool, type ToolName } from "../../src/platform/find-tool.ts";

const ROOT = join(import.meta.dirname, "..", "..");
const searches = new Map<ToolName, Promise<string | null>>();

/**
 * The tool's path, or null where it is missing: the suite then says so and skips. Under CI a missing tool is a failure.
 * Use as `describe.skipIf(envoy === null)` after `const envoy = await needTool("envoy")`.
 */
export function needTool(name: ToolName): Promise<string | null> {
  const known = searches.get(name);
  if (known !== undefined) return known;
  const search = look(name);
  searches.set(name, search);
  return search;
}

async function look(name: ToolName): Promise<string | null> {
  const lines: string[] = [];
  const found = await findTool(name, {
    path: process.env["PATH"] ?? "",
    cacheFolder: join(ROOT, ".cache"),
    install: true,
    say: (line) => lines.push(line),
  });
  if (found.kind === "found") return found.path;
  const last = lines.at(-1) ?? name;
  if (process.env["CI"] === "true") throw new Error(`a tool that the tests need is missing: ${last}`);
  process.stdout.write(`skipped: ${last}\n`);
  return null;
}
