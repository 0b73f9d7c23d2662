import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { gunzipSync } from "node:zlib";
import { extract } from "tar-stream";
import { findTool } from "../../src/platform/find-tool.ts";
import { runCommand } from "../../src/platform/run-command.ts";

// Compiles engine.rego into the checked-in policy.wasm; with --check it compares instead and writes nothing.

const root = join(import.meta.dirname, "..", "..");
// The module carries its source's name, so the same bytes come out only when it is always built by this path.
const SOURCE = "policies/engine";
const target = join(import.meta.dirname, "policy.wasm");
const BUILD_TIMEOUT_MS = 60_000;

process.exitCode = await main(process.argv.includes("--check"));

async function main(isCheck: boolean): Promise<number> {
  const say = (line: string) => process.stdout.write(`${line}\n`);
  const opa = await findTool("opa", { path: process.env["PATH"] ?? "", cacheFolder: join(root, ".cache"), install: false, say });
  if (opa.kind === "missing") return 1;
  const wasm = await compile(opa.path);
  if (!isCheck) {
    await writeFile(target, wasm);
    say(`policies/engine/policy.wasm: ${wasm.length} bytes`);
    return 0;
  }
  const isSame = wasm.equals(await readFile(target).catch(() => Buffer.alloc(0)));
  say(
    isSame ? "policies/engine/policy.wasm is what engine.rego compiles to" : "policies/engine/policy.wasm is stale: npm run build:engine",
  );
  return isSame ? 0 : 1;
}

async function compile(opa: string): Promise<Buffer> {
  const folder = await mkdtemp(join(tmpdir(), "sluice-engine-"));
  try {
    const bundle = join(folder, "bundle.tar.gz");
    const entries = ["sluice/verdict", "sluice/ruling"].flatMap((entry) => ["-e", entry]);
    process.chdir(root);
    const built = await runCommand(
      opa,
      ["build", "-t", "wasm", ...entries, "--ignore", "*_test.rego", "--ignore", "*.ts", "-o", bundle, SOURCE],
      {
        timeoutMs: BUILD_TIMEOUT_MS,
      },
    );
    if (built.kind === "failed") throw new Error(`opa build: ${built.reason}`);
    if (built.code !== 0) throw new Error(`opa build ended with ${built.code}: ${built.output}`);
    return await readEntry(gunzipSync(await readFile(bundle)), "/policy.wasm");
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function readEntry(tar: Buffer, name: string): Promise<Buffer> {
  const reader = extract();
  reader.end(tar);
  for await (const entry of reader) {
    const bytes = await buffer(entry);
    if (entry.header.name === name) return bytes;
  }
  throw new Error(`opa build made no ${name}`);
}
