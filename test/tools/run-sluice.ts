import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { vi } from "vitest";

// Node compiles what it has compiled before in half the time.
const COMPILED = { NODE_COMPILE_CACHE: join(tmpdir(), "sluice-test-compiled") };
const END_MS_MAX = 40_000;
const MAIN = join(import.meta.dirname, "..", "..", "src", "main.ts");

export type Where = {
  /** The folder it is started in. */
  readonly cwd: string;
  /** The file itself, as its shebang says, instead of an interpreter that is given the file. */
  readonly directly?: boolean;
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string;
  /** Standard input stays open behind what is given, until `endInput`. */
  readonly holdsInput?: boolean;
};

export type Ended = { readonly code: number | null; readonly stdout: string; readonly stderr: string };

export type SluiceProcess = {
  readonly pid: number;
  readonly output: () => string;
  /** Resolves when it has written this; rejects when it ended before. */
  readonly until: (text: string) => Promise<void>;
  /** Ends its standard input and waits for its end. */
  readonly endInput: () => Promise<Ended>;
  /** Sends the signal to it and waits for its end. */
  readonly end: (signal: "SIGTERM" | "SIGINT" | "SIGKILL") => Promise<Ended>;
};

/** One command as a process of its own, to its end. */
export async function runSluice(args: readonly string[], where: Where): Promise<Ended> {
  const { child, ended } = start(args, where);
  // What should have ended by itself is ended before the test is: nothing outlives a failing one.
  const timer = setTimeout(() => child.kill("SIGKILL"), END_MS_MAX);
  try {
    return await ended;
  } finally {
    clearTimeout(timer);
  }
}

/** A command that goes on until it is ended. */
export function startSluiceProcess(args: readonly string[], where: Where): SluiceProcess {
  const { child, ended, output } = start(args, where);
  let over = false;
  void ended.then(() => {
    over = true;
  });
  return {
    pid: child.pid ?? 0,
    output,
    until: async (text) => {
      await vi.waitUntil(
        () => {
          if (output().includes(text)) return true;
          if (over) throw new Error(`it ended: ${output()}`);
          return false;
        },
        { timeout: 30_000, interval: 20 },
      );
    },
    endInput: () => {
      child.stdin?.end();
      return ended;
    },
    end: (signal) => {
      child.kill(signal);
      return ended;
    },
  };
}

function start(args: readonly string[], { cwd, env = {}, stdin = "", directly = false, holdsInput = false }: Where) {
  // The environment of the test run is not the user's: only what a process needs to start.
  const environment = { PATH: [dirname(process.execPath), process.env["PATH"]].join(delimiter), HOME: cwd, ...COMPILED, ...env };
  const [command, commandArgs] = directly ? [MAIN, args] : [process.execPath, [MAIN, ...args]];
  const child: ChildProcess = spawn(command, commandArgs, { cwd, env: environment });
  let stdout = "";
  let stderr = "";
  child.stdout?.on("data", (chunk: Buffer) => {
    stdout += chunk.toString();
  });
  child.stderr?.on("data", (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  child.stdin?.on("error", () => {});
  if (holdsInput) child.stdin?.write(stdin);
  else child.stdin?.end(stdin);
  const ended = once(child, "close").then(([code]): Ended => ({ code: typeof code === "number" ? code : null, stdout, stderr }));
  return { child, ended, output: () => stdout + stderr };
}
