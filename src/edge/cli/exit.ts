/** Exit codes of every command (contract section 1). */
export const EXIT = { fine: 0, no: 1, couldNotRun: 2 } as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** Ends a command with a code and one line on standard error that says what to do. */
export class CommandEnd extends Error {
  readonly exit: ExitCode;

  constructor(exit: ExitCode, message: string) {
    super(message);
    this.name = "CommandEnd";
    this.exit = exit;
  }
}

export function couldNotRun(message: string): CommandEnd {
  return new CommandEnd(EXIT.couldNotRun, message);
}

/** Whether the system refused with this code, such as ENOENT. */
export function isErrorCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}
