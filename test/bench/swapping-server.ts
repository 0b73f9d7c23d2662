import { createBundleClient } from "../../src/edge/http/bundle-client.ts";
import { createPublisher, type MadeBundle } from "../tools/make-bundle.ts";
import { startSluice } from "../tools/start-sluice.ts";

const RULES = 100;
const VERSIONS = 20;
const publisher = createPublisher();
const sluice = await startSluice({
  config: { bundle: "pushed", bundle_keys: [{ kid: publisher.kid, key: { env: "KEY" } }], identity: { required: false } },
  env: { KEY: publisher.pem },
});
const client = createBundleClient({ server: `127.0.0.1:${sluice.server.httpPort}`, token: sluice.server.operatorToken });
const versions: MadeBundle[] = [];
for (let version = 0; version < VERSIONS; version++) {
  const rules = Array.from(
    { length: RULES },
    (_, n) => `  - { id: r${n}, match: { hosts: [h${n}.example.com] }, if: "http.path.startsWith('/${version}/${n}')", then: allow }`,
  );
  versions.push(await publisher.make(`policy: p\nrules:\n${rules.join("\n")}\n`, { serial: 0 }));
}
let isSwapping = false;
let swaps = 0;
await push(0);
process.on("message", (told) => {
  if (told === "swap") {
    isSwapping = true;
    void swapOn();
  } else {
    isSwapping = false;
    process.send?.({ swaps });
  }
});
process.once("disconnect", () => void sluice.stop().then(() => process.exit(0)));
process.send?.({ address: sluice.grpcAddress });

async function swapOn(): Promise<void> {
  while (isSwapping) {
    swaps += 1;
    await push(swaps % VERSIONS);
  }
}

async function push(version: number): Promise<void> {
  const result = await client.push("default", versions[version]?.packed ?? new Uint8Array(), { forbidWidening: false });
  if (result.kind !== "ok") throw new Error("a version was refused");
}
