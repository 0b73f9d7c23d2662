import { randomBytes } from "node:crypto";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Environment } from "../config/apply-environment.ts";
import { loadSettings } from "../config/load-settings.ts";
import { describeProblem } from "../config/problem.ts";
import type { Settings } from "../config/settings.ts";
import type { DemoServer, StartDemoEnvoy } from "../edge/cli/demo/demo-parts.ts";
import { runDemo } from "../edge/cli/demo/run-demo.ts";
import { LOCAL_ISSUER } from "../identity/issuer.ts";
import { issueToken } from "../operate/issue-token.ts";
import { tailReceipts, verifyFolder } from "../operate/receipts.ts";
import { findTool } from "../platform/find-tool.ts";
import { startEnvoy } from "../platform/start-envoy.ts";
import { type Server, startServer } from "./start-server.ts";

export type DemoOptions = {
  readonly once: boolean;
  readonly envoy: boolean;
  readonly env: Environment;
  readonly cwd: string;
  readonly write: (text: string) => void;
  readonly untilStopped: () => Promise<void>;
};

const TOKEN_LIFETIME_MS = 60 * 60 * 1000;
const RECEIPTS_SEARCHED = 10_000;

/** The demo of `npm start`: keys, tokens and a server of its own in `.sluice/demo`, made anew each time. */
export async function runDemoWithServer(options: DemoOptions): Promise<{ readonly ok: boolean }> {
  const folder = join(options.cwd, ".sluice", "demo");
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const proxySecret = randomBytes(24).toString("base64url");
  await writeFile(join(folder, "proxy.secret"), proxySecret, { mode: 0o600 });
  const bobsToken = randomBytes(24).toString("base64url");
  await writeFile(join(folder, "bob.token"), bobsToken, { mode: 0o600 });
  const server = await startServer(await demoSettings(folder, options), { env: options.env, demo: true });
  try {
    return await runDemo({
      server: describeDemoServer(server, folder, { proxySecret, bobsToken }),
      startEnvoy: options.envoy ? createEnvoyStarter(options) : null,
      out: options.write,
      isColored: options.env["NO_COLOR"] === undefined && process.stdout.isTTY === true,
      untilStopped: options.once ? null : options.untilStopped(),
    });
  } finally {
    await server.stop({ atOnce: true });
  }
}

async function demoSettings(folder: string, { cwd }: DemoOptions): Promise<Settings> {
  const file = join(folder, "sluice.yaml");
  const settings = {
    listen: { grpc: "127.0.0.1:0", http: "127.0.0.1:0" },
    proxies: [
      { name: "demo", auth: { secret: { file: join(folder, "proxy.secret") } }, tenants: ["default"], body: { max_bytes: 1_048_576 } },
    ],
    // Two people of treasury: one has the operator's token of the first start.
    operators: [{ name: "bob", token: { file: join(folder, "bob.token") }, roles: ["approver"], tenants: ["default"] }],
    people: [
      { name: "ana", operator: "admin", groups: ["treasury"] },
      { name: "bob", operator: "bob", groups: ["treasury"] },
    ],
    state: { folder },
    telemetry: { log_level: "error" },
  };
  await writeFile(file, JSON.stringify(settings, null, 2));
  const loaded = loadSettings({ file, env: {}, cwd });
  if (loaded.kind === "invalid") throw new Error(loaded.problems.map(describeProblem).join("\n"));
  return loaded.settings;
}

type Secrets = { readonly proxySecret: string; readonly bobsToken: string };

function describeDemoServer(server: Server, folder: string, { proxySecret, bobsToken }: Secrets): DemoServer {
  const receipts = join(folder, "receipts");
  return {
    grpcAddress: server.grpcAddress,
    operatorUrl: `http://127.0.0.1:${server.httpPort}`,
    operatorTokenFile: join(folder, "operator.token"),
    approverTokens: [server.operatorToken, bobsToken],
    proxySecret,
    issueToken: (agent) => writeToken(server, folder, agent),
    findReceipt: async (id) => {
      await server.recorder.flush();
      for await (const { fields } of tailReceipts(receipts, { n: RECEIPTS_SEARCHED, filter: {}, follow: null })) {
        if (fields["decision_id"] === id) return { rule: textOrNull(fields["rule"]), us: Number(fields["us"]) };
      }
      return null;
    },
    verifyReceipts: async () => {
      await server.recorder.flush();
      const report = await verifyFolder(receipts, { keys: [server.keys.receipts], anchor: null });
      const total = report.streams.reduce((sum, { receipts: count }) => sum + count, 0);
      return {
        ok: report.ok,
        text: report.ok ? `${total} verified, each chained to the one before` : `${report.problems.length} problems found`,
      };
    },
  };
}

async function writeToken(server: Server, folder: string, agent: string) {
  const key = server.keys.agents;
  if (key === null) throw new Error("the demo's server has no local issuer");
  const { issuer, audience, tenant } = LOCAL_ISSUER;
  const token = await issueToken({ key, issuer, audience, tenant, agent, lifetimeMs: TOKEN_LIFETIME_MS, nowMs: Date.now() });
  const file = join(folder, `${agent}.token`);
  await writeFile(file, `${token}\n`, { mode: 0o600 });
  return { token, file };
}

function createEnvoyStarter({ env, cwd, write }: DemoOptions): StartDemoEnvoy {
  return async ({ sluice, upstream, secret }) => {
    const say = (line: string) => write(`${line}\n`);
    const found = await findTool("envoy", { path: env["PATH"] ?? "", cacheFolder: join(cwd, ".cache"), install: true, say });
    return found.kind === "missing" ? null : startEnvoy({ binary: found.path, file: "sidecar", sluice, upstream, secret });
  };
}

function textOrNull(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}
