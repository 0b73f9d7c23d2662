import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Address, parseAddress } from "../core/setting.ts";
import { changeBootstrap, type HostPort } from "./envoy-bootstrap.ts";
import { startEnvoyProcess } from "./envoy-process.ts";

export type EnvoySetup = {
  readonly binary: string;
  readonly file: "sidecar" | "forward-proxy";
  /** Where Sluice listens: `127.0.0.1:PORT` or `unix:PATH`. */
  readonly sluice: string;
  /** What takes the place of cluster `egress`, `127.0.0.1:PORT`; null leaves the file's own dynamic forward proxy. */
  readonly upstream: string | null;
  /** What Envoy proves itself with. */
  readonly secret: string;
  /** A collector, `127.0.0.1:PORT`. */
  readonly otlp?: string;
  /** A last change to the configuration's JSON. */
  readonly change?: (bootstrap: string) => string;
};

export type Envoy = {
  readonly pid: number;
  /** On 127.0.0.1. */
  readonly listenerPort: number;
  /** Counters and gauges, from the admin pipe. */
  readonly stats: () => Promise<Record<string, number>>;
  /** What Envoy wrote so far: access log and warnings. */
  readonly log: () => Promise<string>;
  readonly stop: () => Promise<void>;
};

const FILES = join(import.meta.dirname, "..", "..", "envoy");

/** A real Envoy on a file of `envoy/`, with its addresses changed and nothing else, on a port the system chose. */
export async function startEnvoy(setup: EnvoySetup): Promise<Envoy> {
  const text = await readFile(join(FILES, `${setup.file}.yaml`), "utf8");
  const folder = await mkdtemp(join(tmpdir(), "sluice-envoy-"));
  const adminPipe = join(folder, "admin.sock");
  try {
    const changed = changeBootstrap(text, {
      listener: { host: "127.0.0.1", port: 0 },
      sluice: address(setup.sluice),
      egress: setup.upstream === null ? null : hostPort(setup.upstream),
      adminPipe,
      otlp: setup.otlp === undefined ? null : hostPort(setup.otlp),
    });
    const bootstrap = setup.change?.(changed) ?? changed;
    const environment = { SLUICE_PROXY_SECRET: setup.secret };
    const { pid, ports, stats, log, stop } = await startEnvoyProcess({ binary: setup.binary, bootstrap, adminPipe, folder, environment });
    return {
      pid,
      listenerPort: Object.values(ports)[0] ?? 0,
      stats,
      log,
      stop: async () => {
        await stop();
        await rm(folder, { recursive: true, force: true });
      },
    };
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

function address(text: string): Address {
  const parsed = parseAddress(text);
  if (parsed === null) throw new Error(`not an address: ${text}`);
  return parsed;
}

function hostPort(text: string): HostPort {
  const parsed = address(text);
  if (parsed.kind !== "tcp") throw new Error(`host:port is expected, not ${text}`);
  return parsed;
}
