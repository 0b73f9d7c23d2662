import { Command, CommanderError } from "@commander-js/extra-typings";
import type { CliWorld } from "./cli-world.ts";
import { COMMANDS } from "./commands/index.ts";
import { CommandEnd, EXIT, type ExitCode } from "./exit.ts";

/** Runs one command line and gives its exit code. Never ends the process itself. */
export async function runCli(args: readonly string[], world: CliWorld): Promise<ExitCode> {
  let exit: ExitCode = EXIT.fine;
  const program = new Command("sluice")
    .description("Decides the outbound calls of AI agents for Envoy: allow, sanitize, approval_needed or deny.")
    .version(world.version)
    .exitOverride()
    .configureOutput({ writeOut: world.write, writeErr: world.writeError })
    .showHelpAfterError("(--help shows what there is)");
  for (const add of COMMANDS) {
    add(program, world, (code) => {
      exit = code;
    });
  }
  try {
    await program.parseAsync([...args], { from: "user" });
    return exit;
  } catch (error) {
    return exitOf(error, world);
  }
}

function exitOf(error: unknown, world: CliWorld): ExitCode {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.fine : EXIT.couldNotRun;
  if (error instanceof CommandEnd) {
    if (error.message !== "") world.writeError(`sluice: ${error.message}\n`);
    return error.exit;
  }
  world.writeError(`sluice: ${error instanceof Error ? error.message : "failed"}\n`);
  return EXIT.couldNotRun;
}
