import { chmod, lstat, unlink } from "node:fs/promises";
import { connect, type Server } from "node:net";

/** Where to listen: `host:port`, `[v6]:port` or `unix:PATH`. */
export type ListenAddress =
  | { readonly kind: "tcp"; readonly host: string; readonly port: number }
  | { readonly kind: "unix"; readonly path: string };

export function parseListenAddress(text: string): ListenAddress {
  if (text.startsWith("unix:")) return { kind: "unix", path: text.slice("unix:".length) };
  const parts = /^(?:\[([0-9A-Fa-f:.]+)\]|([^[\]:]+)):([0-9]{1,5})$/.exec(text);
  if (parts === null) throw new Error(`an address to listen on is host:port or unix:PATH, not ${text}`);
  return { kind: "tcp", host: parts[1] ?? parts[2] ?? "", port: Number(parts[3]) };
}

/** Starts listening. A socket file that nobody listens on any more is removed first; the new one is for owner and group. */
export async function listenOn(
  server: Server,
  address: ListenAddress,
): Promise<{ readonly address: string; readonly port: number | null }> {
  if (address.kind === "unix") await removeStale(address.path);
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(address.kind === "unix" ? { path: address.path } : { host: address.host, port: address.port }, () => {
      server.removeListener("error", reject);
      resolve();
    });
  });
  if (address.kind === "unix") {
    await chmod(address.path, 0o660);
    return { address: `unix:${address.path}`, port: null };
  }
  const bound = server.address();
  const port = bound === null || typeof bound === "string" ? address.port : bound.port;
  const host = address.host.includes(":") ? `[${address.host}]` : address.host;
  return { address: `${host}:${port}`, port };
}

async function removeStale(path: string): Promise<void> {
  const found = await lstat(path).catch(() => null);
  // What is no socket, or one that answers, makes listen fail, as it should.
  if (found?.isSocket() === true && !(await answers(path))) await unlink(path);
}

function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ path });
    const settle = (answered: boolean): void => {
      socket.destroy();
      resolve(answered);
    };
    socket.once("connect", () => settle(true));
    socket.once("error", () => settle(false));
  });
}
