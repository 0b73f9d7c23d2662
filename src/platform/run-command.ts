import { execFile } from "node:child_process";

export type CommandResult =
  | { readonly kind: "ended"; readonly code: number; readonly output: string }
  /** It could not be started, or did not end in time. */
  | { readonly kind: "failed"; readonly reason: string };

const OUTPUT_BYTES_MAX = 1 << 20;

/** Runs a program without a shell to its end. `output` is what it wrote, both streams. */
export function runCommand(file: string, args: readonly string[], options: { readonly timeoutMs: number }): Promise<CommandResult> {
  return new Promise((resolve) => {
    execFile(file, [...args], { timeout: options.timeoutMs, maxBuffer: OUTPUT_BYTES_MAX }, (error, stdout, stderr) => {
      const output = `${stdout}${stderr}`;
      if (error === null) resolve({ kind: "ended", code: 0, output });
      else if (typeof error.code === "number") resolve({ kind: "ended", code: error.code, output });
      else resolve({ kind: "failed", reason: error.message });
    });
  });
}
