import { once } from "node:events";
import { createServer, type IncomingHttpHeaders, type RequestListener, type ServerResponse } from "node:http";
import { createServer as createTlsServer, type ServerOptions } from "node:https";
import type { AddressInfo } from "node:net";
import { sha256 } from "../../../src/policy/digest-policy.ts";
import type { BundleServer } from "../../../src/policy/sources/source-deps.ts";

export type Asked = { readonly url: string; readonly headers: IncomingHttpHeaders };

export type ScriptedServer = {
  readonly url: string;
  readonly place: BundleServer;
  readonly asked: readonly Asked[];
  /** What it does from now on. */
  readonly answer: (listener: RequestListener) => void;
  /** Resolves with the next ask. */
  readonly nextAsk: () => Promise<Asked>;
  /** Ends every connection there is, and goes on listening. */
  readonly closeConnections: () => void;
  readonly close: () => Promise<void>;
};

const HOLDS = "application/vnd.openpolicyagent.bundles";

/** A real HTTP server that answers as it is told; with `tls` it speaks TLS under the name of localhost. */
export async function startBundleServer(first: RequestListener, tls?: ServerOptions): Promise<ScriptedServer> {
  let listener = first;
  const asked: Asked[] = [];
  const waiting: ((ask: Asked) => void)[] = [];
  const listen: RequestListener = (request, response) => {
    const ask = { url: request.url ?? "", headers: request.headers };
    asked.push(ask);
    for (const tell of waiting.splice(0)) tell(ask);
    listener(request, response);
  };
  const server = tls === undefined ? createServer(listen) : createTlsServer(tls, listen);
  server.listen(0, "localhost");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const url = `${tls === undefined ? "http" : "https"}://localhost:${port}/bundles/acme`;
  return {
    url,
    place: { url, readToken: null, readTls: null, waitMs: 0, timeoutMs: 10_000 },
    asked,
    answer: (next) => {
      listener = next;
    },
    nextAsk: () => new Promise((resolve) => waiting.push(resolve)),
    closeConnections: () => server.closeAllConnections(),
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

/** Serves these bytes as OPA's bundle API says; `holds`: an ask that may wait for news gets no answer at all. */
export function serve(packed: Uint8Array, { holds = false }: { readonly holds?: boolean } = {}): RequestListener {
  const etag = `"${sha256(packed)}"`;
  return (request, response) => {
    const type = holds ? HOLDS : "application/gzip";
    if (request.headers["if-none-match"] !== etag) response.writeHead(200, { etag, "content-type": type }).end(packed);
    else if (!holds || !request.headers["prefer"]?.includes("wait=")) response.writeHead(304, { etag, "content-type": type }).end();
  };
}

/** Answers with these bytes, whatever is asked for. */
export function send(status: number, headers: Readonly<Record<string, string>>, body: string | Uint8Array = ""): RequestListener {
  return (_request, response: ServerResponse) => {
    response.writeHead(status, headers).end(body);
  };
}
