#!/usr/bin/env node
import { generateKeyPairSync } from "node:crypto";
import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { describeServer } from "./compose/describe-server.ts";
import { ENGINE_REGO, ENGINE_WASM, openPolicyOf } from "./compose/open-policies.ts";
import { runDemoWithServer } from "./compose/run-demo.ts";
import { startServer } from "./compose/start-server.ts";
import { readEnvironment } from "./config/environment.ts";
import { renderJsonSchema } from "./config/json-schema.ts";
import { loadSettings } from "./config/load-settings.ts";
import { describeProblem } from "./config/problem.ts";
import { renderSettings } from "./config/render-settings.ts";
import type { CliWorld } from "./edge/cli/cli-world.ts";
import { runCli } from "./edge/cli/run-cli.ts";
import { askAtTerminal } from "./platform/ask-at-terminal.ts";
import { createKeyFiles } from "./platform/key-files.ts";
import { createPseudonyms } from "./platform/pseudonyms.ts";
import { SYSTEM_CLOCK } from "./platform/system-clock.ts";
import { untilInputEnds } from "./platform/until-input-ends.ts";
import { untilSignalled } from "./platform/until-signalled.ts";

const env = readEnvironment();
const cwd = process.cwd();
const keyFiles = createKeyFiles({ demo: false });

const world: CliWorld = {
  cwd,
  env,
  clock: SYSTEM_CLOCK,
  version: readVersion(),
  write: (text) => void process.stdout.write(text),
  writeError: (text) => void process.stderr.write(text),
  isColored: env["NO_COLOR"] === undefined && process.stdout.isTTY === true,
  untilStopped: untilSignalled,
  untilInputEnds,
  ask: askAtTerminal,
  loadSettings: (given) => loadSettings({ ...given, env, cwd }),
  renderSettings,
  renderJsonSchema,
  describeProblem,
  startServer: (settings) => startServer(settings, { env, demo: false }),
  describeServer,
  openPolicy: openPolicyOf,
  runDemo: (options) =>
    runDemoWithServer({
      ...options,
      env,
      cwd,
      write: (text) => void process.stdout.write(text),
      untilStopped: () => untilSignalled(tellNoReload),
    }),
  keyFiles,
  readEngine: async () => ({ wasm: await readFile(ENGINE_WASM), engineRego: await readFile(ENGINE_REGO, "utf8") }),
  pseudonyms: createPseudonyms(generateKeyPairSync("ed25519")),
};

process.exitCode = await runCli(process.argv.slice(2), world);

function tellNoReload(): void {
  process.stderr.write("sluice: SIGHUP: the demo has no configuration to reload\n");
}

function readVersion(): string {
  const { version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));
  return String(version);
}
