import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, it } from "vitest";
import { createBundleClient } from "../../src/edge/http/bundle-client.ts";
import { decodeCheckResponse, encodeCheckRequest } from "../tools/check-request.ts";
import { freePort } from "../tools/free-port.ts";
import { connectCheckClient } from "../tools/grpc-client.ts";
import { createPublisher } from "../tools/make-bundle.ts";
import { startSluiceProcess } from "../tools/run-sluice.ts";
import { SOAK_FACTOR } from "../tools/soak-factor.ts";
import { PROXY_SECRET } from "../tools/start-sluice.ts";

const KILLS = SOAK_FACTOR > 1 ? 100 : 20;
const publisher = createPublisher();
const version = (serial: number) =>
  publisher.make(`policy: p\nrules: [{ id: stop, then: deny, code: stopped_by_${serial} }]\n`, { serial });

it(`decides by the old or the new version after each of ${KILLS} kills during a swap`, { timeout: 1_800_000 }, async () => {
  const folder = await mkdtemp(join(tmpdir(), "sluice-killed-"));
  const [grpc, http] = [`127.0.0.1:${await freePort()}`, `127.0.0.1:${await freePort()}`];
  await writeFile(join(folder, "proxy.secret"), PROXY_SECRET);
  await writeFile(join(folder, "ci.pem"), publisher.pem);
  const config = {
    listen: { grpc, http },
    proxies: [{ name: "test", auth: { secret: { file: "proxy.secret" } }, tenants: ["default"] }],
    bundle: "pushed",
    bundle_keys: [{ kid: publisher.kid, key: { file: "ci.pem" } }],
    identity: { required: false },
    deadline: "5s",
    shutdown: { delay: "0s", grace: "1s" },
    state: { folder: "state" },
  };
  await writeFile(join(folder, "sluice.yaml"), JSON.stringify(config));
  const seen = { old: 0, new: 0 };
  try {
    // 0: nothing was pushed yet, so that nothing can decide.
    let live = 0;
    let tookMs = 0;
    for (let kill = 0; kill <= KILLS; kill++) {
      const server = startSluiceProcess(["serve"], { cwd: folder });
      await server.until('"msg":"listening"');
      const client = createBundleClient({ server: http, token: (await readFile(join(folder, "state", "operator.token"), "utf8")).trim() });
      const code = await decidingCode(grpc);
      if (kill === 0) expect(code).toBe("policy_unavailable");
      else {
        expect([`stopped_by_${live}`, `stopped_by_${live + 1}`]).toContain(code);
        if (code === `stopped_by_${live + 1}`) live += 1;
      }
      if (kill === 0) {
        live = 1;
        const beganMs = performance.now();
        expect(await client.push("default", (await version(1)).packed, { forbidWidening: false })).toMatchObject({ kind: "ok" });
        tookMs = performance.now() - beganMs;
      }
      const next = await version(live + 1);
      const push = client.push("default", next.packed, { forbidWidening: false }).catch(() => null);
      // Over the whole of what a push takes in a fresh process: received, admitted, kept, swapped.
      await sleep((tookMs * 1.2 * kill) / KILLS);
      await server.end("SIGKILL");
      const result = await push;
      if (result?.kind === "ok") {
        live += 1;
        seen.new += 1;
      } else seen.old += 1;
    }
    process.stdout.write(`bundles: of ${KILLS + 1} kills ${seen.new} came after the swap was answered, ${seen.old} before\n`);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

async function decidingCode(address: string): Promise<unknown> {
  const client = connectCheckClient(address, { secret: PROXY_SECRET });
  try {
    return decodeCheckResponse(await client.check(encodeCheckRequest({ path: "/" }))).error?.["code"];
  } finally {
    client.close();
  }
}
