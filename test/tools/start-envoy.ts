import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseAddress } from "../../src/core/setting.ts";
import { type BootstrapChanges, changeBootstrap, type HostPort } from "../../src/platform/envoy-bootstrap.ts";
import { startEnvoyProcess } from "../../src/platform/envoy-process.ts";
import { needTool } from "./need-tool.ts";

export type EnvoySetup = {
  readonly file: "sidecar" | "forward-proxy";
  /** Where Sluice listens: `127.0.0.1:PORT` or `unix:PATH`. */
  readonly sluice: string;
  /** What takes the place of cluster `egress`; null leaves the file's own dynamic forward proxy. */
  readonly upstream: string | null;
  readonly secret: string;
  /** A collector, `127.0.0.1:PORT`. */
  readonly otlp?: string;
  /** A last change to the configuration's JSON, for what only one test needs. */
  readonly change?: (bootstrap: string) => string;
};

export type Envoy = {
  readonly pid: number;
  readonly listenerPort: number;
  readonly stats: () => Promise<Record<string, number>>;
  readonly log: () => Promise<string>;
  readonly stop: () => Promise<void>;
};

const FILES = join(import.meta.dirname, "..", "..", "envoy");

/** A real Envoy on the file of `envoy/`, its addresses changed and nothing else. Call only where `needTool("envoy")` found one. */
export async function startEnvoy(setup: EnvoySetup): Promise<Envoy> {
  const binary = await needTool("envoy");
  if (binary === null) throw new Error("there is no Envoy; guard the suite with needTool");
  const folder = await mkdtemp(join(tmpdir(), "sluice-envoy-"));
  const adminPipe = join(folder, "admin.sock");
  const text = await readFile(join(FILES, `${setup.file}.yaml`), "utf8");
  const bootstrap = changeBootstrap(text, changesOf(setup, adminPipe));
  const change = setup.change ?? ((same: string) => same);
  const environment = { SLUICE_PROXY_SECRET: setup.secret };
  const envoy = await startEnvoyProcess({ binary, bootstrap: change(bootstrap), adminPipe, folder, environment });
  return {
    pid: envoy.pid,
    listenerPort: Object.values(envoy.ports)[0] ?? 0,
    stats: envoy.stats,
    log: envoy.log,
    stop: async () => {
      await envoy.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function changesOf(setup: EnvoySetup, adminPipe: string): BootstrapChanges {
  const sluice = parseAddress(setup.sluice);
  if (sluice === null) throw new Error(`not an address: ${setup.sluice}`);
  return {
    listener: { host: "127.0.0.1", port: 0 },
    sluice,
    egress: setup.upstream === null ? null : hostPort(setup.upstream),
    adminPipe,
    otlp: setup.otlp === undefined ? null : hostPort(setup.otlp),
  };
}

function hostPort(text: string): HostPort {
  const address = parseAddress(text);
  if (address?.kind !== "tcp") throw new Error(`host:port is expected, not ${text}`);
  return address;
}
