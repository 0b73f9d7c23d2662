import { request } from "node:http";

const ANSWER_BYTES_MAX = 16 << 20;
const TIMEOUT_MS = 5_000;

/** Asks Envoy's admin interface on its pipe. Rejects where nothing listens, on any status but 200, and after five seconds. */
export function readAdmin(pipe: string, path: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const call = request({ socketPath: pipe, path, timeout: TIMEOUT_MS, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      let bytes = 0;
      response.on("data", (chunk: Buffer) => {
        bytes += chunk.length;
        if (bytes > ANSWER_BYTES_MAX) call.destroy(new Error("Envoy's admin answered more than is read"));
        else chunks.push(chunk);
      });
      response.on("end", () => {
        if (response.statusCode === 200) resolve(Buffer.concat(chunks).toString("utf8"));
        else reject(new Error(`Envoy's admin answered ${response.statusCode} to ${path}`));
      });
      response.on("error", reject);
    });
    call.on("timeout", () => call.destroy(new Error("Envoy's admin did not answer in time")));
    call.on("error", reject);
    call.end();
  });
}

/** Counters and gauges by name. */
export async function readStats(pipe: string): Promise<Record<string, number>> {
  const stats: Record<string, number> = {};
  for (const line of (await readAdmin(pipe, "/stats?type=All")).split("\n")) {
    const parts = /^([^:]+): ([0-9]+)$/.exec(line);
    if (parts?.[1] !== undefined) stats[parts[1]] = Number(parts[2]);
  }
  return stats;
}

/** The TCP ports really listened on, by the listeners' names. */
export async function readListenerPorts(pipe: string): Promise<Readonly<Record<string, number>>> {
  const answer: unknown = JSON.parse(await readAdmin(pipe, "/listeners?format=json"));
  const ports: Record<string, number> = {};
  for (const status of list(field(answer, "listener_statuses"))) {
    const name = field(status, "name");
    const port = field(field(field(status, "local_address"), "socket_address"), "port_value");
    if (typeof name === "string" && typeof port === "number") ports[name] = port;
  }
  return ports;
}

function field(value: unknown, key: string): unknown {
  return typeof value === "object" && value !== null ? new Map(Object.entries(value)).get(key) : undefined;
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
