import type { Command } from "@commander-js/extra-typings";
import type { CliWorld } from "./cli-world.ts";
import type { ExitCode } from "./exit.ts";

/** A row of the commands' table: adds itself to the program. `setExit` says how a command that ran ended. */
export type AddCommand = (program: Command, world: CliWorld, setExit: (code: ExitCode) => void) => void;

/** The example every `--help` ends with. */
export function example(...lines: readonly string[]): string {
  return `\nExample:\n${lines.map((line) => `  ${line}`).join("\n")}\n`;
}

/** The sub-command of this name, made once for all its verbs. */
export function noun(program: Command, name: string, description: string): Command {
  const known = program.commands.find((command) => command.name() === name);
  // Sub-commands are made by this program alone and take neither arguments nor options of their own.
  return (known as Command | undefined) ?? (program.command(name).description(description) as Command);
}
