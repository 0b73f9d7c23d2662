import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The encoder of CheckResponse as JavaScript and its types, made from proto/ by protobufjs-cli. */
export function generateCodec(): { readonly js: string; readonly types: string } {
  const folder = mkdtempSync(join(tmpdir(), "sluice-codec-"));
  try {
    const documented = join(folder, "documented.js");
    const plain = join(folder, "plain.js");
    const types = join(folder, "types.d.ts");
    run("pbjs", [...PBJS_OPTIONS, "-o", documented, SOURCE]);
    run("pbjs", [...PBJS_OPTIONS, "--no-comments", "-o", plain, SOURCE]);
    run("pbts", ["--no-comments", "-o", types, documented]);
    return { js: adaptScript(readFileSync(plain, "utf8")), types: adaptTypes(readFileSync(types, "utf8")) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const PROTO = fileURLToPath(new URL("../../../proto/", import.meta.url));
const SOURCE = "envoy/service/auth/v3/external_auth.proto";
// Requests are read by read-check-request.ts, which steps over what nobody reads.
const WITHOUT = ["service", "decode", "verify", "convert", "delimited", "typeurl", "create"].map((part) => `--no-${part}`);
const PBJS_OPTIONS = ["-t", "static-module", "-w", "es6", "--force-number", "-r", "sluice", ...WITHOUT, "-p", PROTO];

const NOTICE = "// Made by generate-codec.ts out of proto/; do not edit.\n";

function run(command: "pbjs" | "pbts", args: readonly string[]): void {
  const packageFolder = dirname(createRequire(import.meta.url).resolve("protobufjs-cli/package.json"));
  const { status, stderr } = spawnSync(process.execPath, [join(packageFolder, "bin", command), ...args], { encoding: "utf8" });
  if (status !== 0) throw new Error(`${command} failed: ${stderr}`);
}

/** The package has no `exports`: Node wants the file's full name, and gives a CommonJS module as the default. */
function adaptScript(text: string): string {
  return NOTICE + text.replace('import * as $protobuf from "protobufjs/minimal";', 'import $protobuf from "protobufjs/minimal.js";');
}

function adaptTypes(text: string): string {
  return NOTICE + text.replace('import Long = require("long");\n', "");
}

if (import.meta.main) {
  const { js, types } = generateCodec();
  writeFileSync(new URL("codec.generated.js", import.meta.url), js);
  writeFileSync(new URL("codec.generated.d.ts", import.meta.url), types);
}
