import type { DemoServer } from "./demo-parts.ts";
import { payment } from "./demo-steps.ts";

type Try = { readonly server: DemoServer; readonly listenerPort: number | null; readonly agent: string };

/** Where metrics are, and lines to paste into another terminal. */
export async function linesToTry({ server, listenerPort, agent }: Try): Promise<string> {
  const metrics = `metrics: ${server.operatorUrl}/metrics`;
  const operator = `-H "authorization: Bearer $(cat ${server.operatorTokenFile})" ${server.operatorUrl}/v1/approvals`;
  if (listenerPort === null) return [metrics, "try:", `  curl ${operator}`, `  curl ${server.operatorUrl}/healthz`].join("\n");
  const { file } = await server.issueToken(agent);
  const { host, path } = payment(0);
  const pay = (cents: number) =>
    `-H "host: ${host}" -d "amount=${cents}&currency=usd&destination=acct_demo" http://127.0.0.1:${listenerPort}${path}`;
  const token = `-H "x-sluice-token: $(cat ${file})"`;
  return [
    metrics,
    "try:",
    `  curl ${token} ${pay(4_000)}`,
    `  curl ${token} ${pay(900_000)}`,
    `  curl ${pay(4_000)}`,
    `  curl ${operator}`,
  ].join("\n");
}
