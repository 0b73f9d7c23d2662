import { resolve } from "node:path";
import type { Command } from "@commander-js/extra-typings";
import { type BundleClient, createBundleClient } from "../http/bundle-client.ts";
import { createOperatorClient, type OperatorClient } from "../http/client.ts";
import type { ClientResult, ServerAccess } from "../http/exchange.ts";
import { readOperatorToken } from "../http/operator-token.ts";
import type { CliWorld } from "./cli-world.ts";
import { CommandEnd, couldNotRun, EXIT } from "./exit.ts";
import { type ConfigOptions, loadOrEnd } from "./load-or-end.ts";

export type ServerOptions = ConfigOptions & { readonly server?: string | undefined; readonly tokenFile?: string | undefined };

/** A client of the running server's operators' API: `--server`, `SLUICE_SERVER` or `listen.http`. */
export async function openClient(options: ServerOptions, world: CliWorld): Promise<OperatorClient> {
  return createOperatorClient(await findAccess(options, world));
}

/** The same server, asked about its policy. */
export async function openBundleClient(options: ServerOptions, world: CliWorld): Promise<BundleClient> {
  return createBundleClient(await findAccess(options, world));
}

async function findAccess(options: ServerOptions, world: CliWorld): Promise<ServerAccess> {
  const given = { server: options.server ?? world.env["SLUICE_SERVER"], tokenFile: options.tokenFile ?? world.env["SLUICE_TOKEN_FILE"] };
  const { server, tokenFile } =
    given.server !== undefined && given.tokenFile !== undefined ? both(given.server, given.tokenFile) : fromSettings(given, options, world);
  try {
    return { server, token: await readOperatorToken(resolve(world.cwd, tokenFile)) };
  } catch (cause) {
    // Without a code it is no failure of the system but what the reader says of the file.
    if (cause instanceof Error && !("code" in cause)) throw couldNotRun(cause.message);
    throw couldNotRun(
      `${tokenFile} cannot be read: name the operator's token with --token-file, or start \`sluice serve\`, which makes one`,
    );
  }
}

function both(server: string, tokenFile: string) {
  return { server, tokenFile };
}

function fromSettings(given: { server: string | undefined; tokenFile: string | undefined }, options: ConfigOptions, world: CliWorld) {
  const { settings } = loadOrEnd(options, world);
  const { http } = settings.listen;
  if (http.kind !== "tcp") throw couldNotRun("listen.http is no host:port; name the server with --server");
  return { server: given.server ?? `${http.host}:${http.port}`, tokenFile: given.tokenFile ?? `${settings.state.folder}/operator.token` };
}

/** The value of an answer; a no ends the command with 1, no answer with 2. */
export function valueOrEnd<T>(result: ClientResult<T>): T {
  if (result.kind === "ok") return result.value;
  throw new CommandEnd(result.kind === "refused" ? EXIT.no : EXIT.couldNotRun, `${result.code}: ${result.message}`);
}

/** The options of every command that asks a running server. */
export function addServerOptions<A extends unknown[]>(command: Command<A>) {
  return command
    .option("--server <host:port>", "the operators' API (default: SLUICE_SERVER, then listen.http)")
    .option("--token-file <file>", "the operator's token (default: SLUICE_TOKEN_FILE, then <state.folder>/operator.token)")
    .option("--config <file>", "configuration")
    .option("--json", "as JSON");
}
