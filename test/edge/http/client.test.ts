import { createServer, type RequestListener } from "node:http";
import { afterEach, describe, expect, it } from "vitest";
import { createOperatorClient } from "../../../src/edge/http/client.ts";
import { startServer, TOKENS } from "./start-server.ts";

const ends: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

async function start() {
  const server = await startServer();
  ends.push(server.close);
  return { server, client: createOperatorClient({ server: `127.0.0.1:${server.port}`, token: TOKENS.ana }) };
}

/** Something else at the address. */
async function startOther(listener: RequestListener) {
  const other = createServer(listener);
  await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
  ends.push(() => new Promise((resolve) => other.close(resolve)));
  const address = other.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return { port: address.port, client: createOperatorClient({ server: `http://127.0.0.1:${address.port}`, token: TOKENS.ana }) };
}

const NO_FILTER = { status: null, tenant: null };

describe("the operators' client", () => {
  it("says what to do when no server answers", async () => {
    const { port } = await startOther(() => {});
    await ends.pop()?.();
    expect(await createOperatorClient({ server: `127.0.0.1:${port}`, token: TOKENS.ana }).list(NO_FILTER)).toEqual({
      kind: "failed",
      code: "unreachable",
      message: `no server answers at http://127.0.0.1:${port}: start it with \`sluice serve\`, or name another with --server`,
    });
  });

  it("says what to do when the token is refused", async () => {
    const { server } = await start();
    const client = createOperatorClient({ server: `127.0.0.1:${server.port}`, token: "someone-else-0123456789" });
    expect(await client.show("apr_1")).toEqual({
      kind: "failed",
      code: "token_refused",
      message: `the server at http://127.0.0.1:${server.port} does not accept this token: name the file with the operator's with --token-file`,
    });
  });

  it.each(["", "tök€n", "a b", "a\r\nx: y"])("sends no token that cannot be one: %j", async (token) => {
    const { server } = await start();
    expect(await createOperatorClient({ server: `127.0.0.1:${server.port}`, token }).list(NO_FILTER)).toEqual({
      kind: "failed",
      code: "token_refused",
      message: "the operator's token is empty or has characters that no token has",
    });
  });

  it.each(["", "http://", "ftp://x/", "user:secret@127.0.0.1:9190", "a b"])("refuses the address %j", async (server) => {
    expect(await createOperatorClient({ server, token: TOKENS.ana }).list(NO_FILTER)).toMatchObject({
      kind: "failed",
      code: "server_invalid",
    });
  });

  it.each<[string, RequestListener]>([
    ["another program's page", (_request, response) => response.end("<html>")],
    ["another shape", (_request, response) => response.end("{}")],
    ["an error without a shape", (_request, response) => response.writeHead(500).end()],
  ])("does not believe %s", async (_claim, listener) => {
    const { client, port } = await startOther(listener);
    expect(await client.list(NO_FILTER)).toEqual({
      kind: "failed",
      code: "unreadable",
      message: `what answers at http://127.0.0.1:${port} is not the operators' API of this version`,
    });
  });

  it("carries its token to no other server", async () => {
    let seen = 0;
    const { port } = await startOther((_request, response) => {
      seen++;
      response.end();
    });
    const { client } = await startOther((_request, response) => response.writeHead(307, { location: `http://127.0.0.1:${port}/` }).end());
    expect(await client.list(NO_FILTER)).toMatchObject({ kind: "failed", code: "unreachable" });
    expect(seen).toBe(0);
  });

  it("shows a refusal's text escaped", async () => {
    const { client } = await startOther((_request, response) =>
      response.writeHead(403).end('{"error":{"code":"x\\u001b","message":"\\u202eno"}}'),
    );
    expect(await client.list(NO_FILTER)).toEqual({ kind: "refused", code: "x\\u{1b}", message: "\\u{202e}no" });
  });

  it("lists, shows, approves and rejects", async () => {
    const { server, client } = await start();
    const first = await server.ask({ digest: "1" });
    const second = await server.ask({ digest: "2" });
    expect(await client.list({ status: "pending", tenant: "default" })).toMatchObject({
      kind: "ok",
      value: { approvals: [{ id: second.id }, { id: first.id }], truncated: false },
    });
    expect(await client.approve(first.id, null)).toMatchObject({ kind: "ok", value: { status: "approved", approvers: ["ana"] } });
    expect(await client.reject(second.id, "no")).toMatchObject({ kind: "ok", value: { status: "rejected", rejected_reason: "no" } });
    expect(await client.show(first.id)).toMatchObject({ kind: "ok", value: { status: "approved" } });
    expect(await client.list({ status: "pending", tenant: null })).toEqual({ kind: "ok", value: { approvals: [], truncated: false } });
  });

  it("tells a refusal by its code", async () => {
    const { server, client } = await start();
    const { id } = await server.ask();
    await client.approve(id, null);
    expect(await client.approve(id, null)).toEqual({
      kind: "refused",
      code: "approval_not_open",
      message: "The approval is not pending any more.",
    });
    expect(await client.show("../metrics?")).toMatchObject({ kind: "refused", code: "approval_unknown" });
  });
});
