import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { doctorServer, isHealthy } from "../../../operate/doctor.ts";
import { doctorEnvoy } from "../../../operate/doctor-envoy.ts";
import { type AddCommand, example } from "../add-command.ts";
import { couldNotRun, EXIT } from "../exit.ts";
import { loadOrEnd } from "../load-or-end.ts";

export const addDoctor: AddCommand = (program, world, setExit) => {
  program
    .command("doctor")
    .description("Says what works, what is switched off, and what in an Envoy configuration weakens it.")
    .option("--envoy <file>", "an Envoy bootstrap in YAML or JSON")
    .option("--config <file>", "configuration")
    .option("--json", "as JSON")
    .addHelpText("after", example("sluice doctor --envoy envoy/sidecar.yaml"))
    .action(async (options) => {
      const { settings } = loadOrEnd(options, world);
      const lines = doctorServer(await world.describeServer(settings));
      const findings =
        options.envoy === undefined
          ? []
          : doctorEnvoy(await readEnvoy(resolve(world.cwd, options.envoy)), { deadlineMs: settings.deadlineMs });
      if (options.json === true) world.write(`${JSON.stringify({ server: lines, envoy: findings })}\n`);
      else {
        for (const line of lines) world.write(`${line.state.padEnd(7)} ${line.about}: ${line.text}\n`);
        for (const one of findings)
          world.write(`${one.severity.padEnd(7)} ${options.envoy}:${one.line ?? "-"} ${one.place}: ${one.why}; ${one.fix}\n`);
        if (options.envoy !== undefined && findings.length === 0) world.write("works   envoy: nothing in the file weakens the check\n");
      }
      setExit(isHealthy(lines) && findings.length === 0 ? EXIT.fine : EXIT.no);
    });
};

async function readEnvoy(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch {
    throw couldNotRun(`${path} cannot be read: give the path of an Envoy bootstrap`);
  }
}
