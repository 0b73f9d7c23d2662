import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Server, startServer } from "../../src/compose/start-server.ts";
import { loadSettings } from "../../src/config/load-settings.ts";
import { describeProblem } from "../../src/config/problem.ts";
import { createOperatorClient, type OperatorClient } from "../../src/edge/http/client.ts";
import { LOCAL_ISSUER } from "../../src/identity/issuer.ts";
import { issueToken, type TokenRequest } from "../../src/operate/issue-token.ts";
import { type StoredReceipt, tailReceipts } from "../../src/operate/receipts.ts";
import { type CheckAnswer, type CheckParts, decodeCheckResponse, encodeCheckRequest } from "./check-request.ts";
import { connectCheckClient } from "./grpc-client.ts";

export const PROXY_SECRET = "a secret between this Envoy and this Sluice";

export type SluiceSetup = {
  /** Files of a policy folder by name; absent: the embedded examples decide. */
  readonly policies?: Readonly<Record<string, string>>;
  /** Merged over the test's own configuration. */
  readonly config?: Readonly<Record<string, unknown>>;
  /** What its secrets of `{env: …}` are. */
  readonly env?: Readonly<Record<string, string>>;
};

export type Sluice = {
  readonly server: Server;
  /** `127.0.0.1:PORT`. */
  readonly grpcAddress: string;
  readonly folder: string;
  readonly policiesFolder: string;
  readonly operator: OperatorClient;
  readonly issue: (agent: string, more?: Partial<TokenRequest>) => Promise<string>;
  /** Every receipt so far, oldest first. */
  /** Asks as the proxy `test` does, without an Envoy. */
  readonly check: (parts: CheckParts) => Promise<CheckAnswer>;
  /** Takes up another file, as at SIGHUP. */
  readonly reload: (config: Readonly<Record<string, unknown>>) => ReturnType<Server["reload"]>;
  readonly receipts: () => Promise<readonly StoredReceipt["fields"][]>;
  readonly stop: () => Promise<void>;
};

/** The real server in this process, on free loopback ports, with state in a folder of its own that goes with it. */
export async function startSluice(setup: SluiceSetup = {}): Promise<Sluice> {
  const folder = await mkdtemp(join(tmpdir(), "sluice-test-"));
  const policiesFolder = join(folder, "policies");
  await mkdir(policiesFolder);
  for (const [name, text] of Object.entries(setup.policies ?? {})) await writeFile(join(policiesFolder, name), text);
  await writeFile(join(folder, "proxy.secret"), PROXY_SECRET);
  const server = await startServer(await settingsOf(setup, folder), { env: setup.env ?? {}, demo: false });
  const client = connectCheckClient(server.grpcAddress, { secret: PROXY_SECRET });
  return {
    server,
    grpcAddress: server.grpcAddress,
    folder,
    policiesFolder,
    operator: createOperatorClient({ server: `127.0.0.1:${server.httpPort}`, token: server.operatorToken }),
    issue: (agent, more = {}) => issue(server, agent, more),
    check: async (parts) => decodeCheckResponse(await client.check(encodeCheckRequest(parts))),
    reload: async (config) => server.reload(await loadOf({ ...setup, config }, folder)),
    receipts: async () => {
      await server.recorder.flush();
      const found: StoredReceipt["fields"][] = [];
      for await (const { fields } of tailReceipts(join(folder, "state", "receipts"), { n: 100_000, filter: {}, follow: null }))
        found.push(fields);
      return found;
    },
    stop: async () => {
      client.close();
      await server.stop({ atOnce: true });
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function settingsOf(setup: SluiceSetup, folder: string) {
  const loaded = await loadOf(setup, folder);
  if (loaded.kind === "invalid") throw new Error(loaded.problems.map(describeProblem).join("\n"));
  return loaded.settings;
}

async function loadOf({ policies, config }: SluiceSetup, folder: string) {
  const file = join(folder, "sluice.yaml");
  const own = {
    listen: { grpc: "127.0.0.1:0", http: "127.0.0.1:0" },
    proxies: [
      { name: "test", auth: { secret: { file: join(folder, "proxy.secret") } }, tenants: ["default"], body: { max_bytes: 1_048_576 } },
    ],
    people: [{ name: "ana", operator: "admin", groups: ["treasury"] }],
    // Tests run side by side on a busy machine; what the deadline does has tests of its own.
    deadline: "5s",
    state: { folder: join(folder, "state") },
    telemetry: { log_level: "error" },
    ...(policies === undefined ? {} : { policies: join(folder, "policies") }),
  };
  await writeFile(file, JSON.stringify({ ...own, ...config }));
  return loadSettings({ file, env: {}, cwd: folder });
}

function issue(server: Server, agent: string, more: Partial<TokenRequest>): Promise<string> {
  const key = server.keys.agents;
  if (key === null) throw new Error("an issuer is configured; sign with its key");
  const { issuer, audience, tenant } = LOCAL_ISSUER;
  return issueToken({ key, issuer, audience, tenant, agent, lifetimeMs: 600_000, nowMs: Date.now(), ...more });
}
