import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { buildPolicy } from "../../src/operate/build-policy.ts";
import { EMBEDDED_FILE } from "../../src/policy/bundle/embedded.ts";
import { describeProblem } from "../../src/policy/compile/problem.ts";

// Builds the embedded bundle of the examples and pins its digest in the source; with --check it compares and writes nothing.

const engine = join(import.meta.dirname, "..", "engine");
const pin = join(import.meta.dirname, "..", "..", "src", "policy", "bundle", "embedded.ts");
const PINNED = /(EMBEDDED_SHA256 = ")([0-9a-f]{64})"/;

process.exitCode = await main(process.argv.includes("--check"));

async function main(isCheck: boolean): Promise<number> {
  const say = (line: string) => process.stdout.write(`${line}\n`);
  const wasm = await readFile(join(engine, "policy.wasm"));
  const engineRego = await readFile(join(engine, "engine.rego"), "utf8");
  const built = await buildPolicy({ folder: import.meta.dirname, name: "examples", wasm, engineRego });
  if (built.kind === "invalid") {
    for (const problem of built.problems) say(describeProblem(problem));
    return 1;
  }
  const source = await readFile(pin, "utf8");
  if (isCheck) {
    const isSame = PINNED.exec(source)?.[2] === built.digest && (await readFile(EMBEDDED_FILE)).equals(built.bundle);
    say(isSame ? "bundles/examples.tar.gz is what policies/examples build to" : "bundles/examples.tar.gz is stale: npm run build:bundle");
    return isSame ? 0 : 1;
  }
  await writeFile(EMBEDDED_FILE, built.bundle);
  await writeFile(pin, source.replace(PINNED, `$1${built.digest}"`));
  say(`bundles/examples.tar.gz: revision ${built.revision}, sha256 ${built.digest}`);
  return 0;
}
