import { type ChildProcess, spawn } from "node:child_process";
import { open, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { readAdmin, readListenerPorts, readStats } from "./envoy-admin.ts";

export type EnvoyStart = {
  readonly binary: string;
  /** The whole configuration; its admin pipe must be `adminPipe`. */
  readonly bootstrap: string;
  readonly adminPipe: string;
  /** A private folder for the configuration and the log. */
  readonly folder: string;
  /** Envoy's whole environment: the proxy secret, nothing inherited. */
  readonly environment: Readonly<Record<string, string>>;
};

export type EnvoyProcess = {
  readonly pid: number;
  /** TCP ports by listener name. */
  readonly ports: Readonly<Record<string, number>>;
  readonly stats: () => Promise<Record<string, number>>;
  /** What Envoy wrote so far, access log and warnings. */
  readonly log: () => Promise<string>;
  /** Ends this process and no other; settles when it is gone. */
  readonly stop: () => Promise<void>;
};

const READY_TIMEOUT_MS = 20_000;
const READY_STEP_MS = 25;
const STOP_TIMEOUT_MS = 5_000;
const LOG_TAIL = 2_000;

/** Starts an Envoy and waits until it takes calls. Several run side by side. */
export async function startEnvoyProcess(start: EnvoyStart): Promise<EnvoyProcess> {
  const config = join(start.folder, "envoy.json");
  const logFile = join(start.folder, "envoy.log");
  await writeFile(config, start.bootstrap, { mode: 0o600 });
  await using log = await open(logFile, "w", 0o600);
  const args = ["-c", config, "--disable-hot-restart", "--concurrency", "1", "--log-level", "warn", "--file-flush-interval-msec", "50"];
  const child = spawn(start.binary, args, { stdio: ["ignore", log.fd, log.fd], env: { ...start.environment }, cwd: start.folder });
  const stop = createStop(child);
  try {
    const ports = await waitUntilReady(child, start.adminPipe);
    return {
      pid: child.pid ?? 0,
      ports,
      stats: () => readStats(start.adminPipe),
      log: () => readFile(logFile, "utf8"),
      stop,
    };
  } catch (error) {
    await stop();
    const tail = (await readFile(logFile, "utf8").catch(() => "")).slice(-LOG_TAIL);
    throw new Error(`Envoy did not start: ${error instanceof Error ? error.message : "unknown"}\n${tail}`);
  }
}

function createStop(child: ChildProcess): () => Promise<void> {
  const gone = new Promise<void>((resolve) => {
    child.once("exit", () => resolve());
    child.once("error", () => resolve());
  });
  // An Envoy must not outlive a process that ends without stopping it.
  const killAtExit = (): void => {
    child.kill("SIGKILL");
  };
  process.once("exit", killAtExit);
  return async function stopEnvoy() {
    process.removeListener("exit", killAtExit);
    if (child.exitCode === null && child.signalCode === null) child.kill("SIGTERM");
    const overdue = setTimeout(killAtExit, STOP_TIMEOUT_MS);
    await gone;
    clearTimeout(overdue);
  };
}

async function waitUntilReady(child: ChildProcess, adminPipe: string): Promise<Readonly<Record<string, number>>> {
  const state: { failure: Error | null } = { failure: null };
  child.once("error", (error) => {
    state.failure = error;
  });
  child.once("exit", (code, signal) => {
    state.failure = new Error(`it ended with ${code ?? signal}`);
  });
  for (let waitedMs = 0; waitedMs < READY_TIMEOUT_MS; waitedMs += READY_STEP_MS) {
    if (state.failure !== null) throw state.failure;
    const ports = await readPortsWhenReady(adminPipe);
    if (ports !== null) return ports;
    await delay(READY_STEP_MS);
  }
  throw new Error(`it was not ready after ${READY_TIMEOUT_MS / 1000} s`);
}

async function readPortsWhenReady(adminPipe: string): Promise<Readonly<Record<string, number>> | null> {
  try {
    await readAdmin(adminPipe, "/ready");
    const ports = await readListenerPorts(adminPipe);
    return Object.values(ports).length > 0 && Object.values(ports).every((port) => port > 0) ? ports : null;
  } catch {
    return null;
  }
}
