import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { InvalidArgumentError } from "@commander-js/extra-typings";
import type { KeyFile } from "../../../core/keys.ts";
import { parseDuration } from "../../../core/setting.ts";
import { LOCAL_ISSUER } from "../../../identity/issuer.ts";
import { loadIssuers } from "../../../identity/load-issuers.ts";
import { inspectToken } from "../../../operate/inspect-token.ts";
import { issueToken } from "../../../operate/issue-token.ts";
import { escapeText } from "../../http/escape-text.ts";
import { type AddCommand, example, noun } from "../add-command.ts";
import type { CliWorld } from "../cli-world.ts";
import { couldNotRun, EXIT, isErrorCode } from "../exit.ts";
import { loadOrEnd } from "../load-or-end.ts";

const STANDARD_INPUT = 0;
const LIFETIME_DEFAULT_MS = 15 * 60 * 1000;

export const addToken: AddCommand = (program, world, setExit) => {
  const token = noun(program, "token", "Agents' tokens.");
  token
    .command("issue")
    .description("Signs a short-lived token for an agent with the local issuer's key.")
    .requiredOption("--agent <name>", "the agent")
    .option("--subject <name>", "the principal it acts for")
    .option("--tenant <name>", "the tenant (default: the issuer's)")
    .option("--role <name...>", "roles")
    .option("--group <name...>", "groups")
    .option("--scope <entry...>", "tool:NAME or host:NAME")
    .option("--lifetime <duration>", "such as 15m", parseLifetime, LIFETIME_DEFAULT_MS)
    .option("--key <file>", "the signing key (default: <state.folder>/keys/agents.jwk)")
    .option("--issuer <iss>", "issuer", LOCAL_ISSUER.issuer)
    .option("--audience <aud>", "audience", LOCAL_ISSUER.audience)
    .option("--config <file>", "configuration")
    .addHelpText("after", example("sluice token issue --agent finance-1 --lifetime 10m"))
    .action(async (options) => {
      const path =
        options.key === undefined ? `${loadOrEnd(options, world).settings.state.folder}/keys/agents.jwk` : resolve(world.cwd, options.key);
      const signed = await issueToken({
        key: await readKey(path, world),
        issuer: options.issuer,
        audience: options.audience,
        agent: options.agent,
        tenant: options.tenant ?? null,
        subject: options.subject ?? null,
        roles: options.role ?? [],
        groups: options.group ?? [],
        scope: options.scope ?? null,
        lifetimeMs: options.lifetime,
        nowMs: world.clock.nowMs(),
      });
      world.write(`${signed}\n`);
    });
  token
    .command("inspect <file>")
    .description("Shows what a token says and what the server would make of it; - reads standard input.")
    .option("--config <file>", "configuration")
    .option("--json", "as JSON")
    .addHelpText("after", example("sluice token inspect agent.token"))
    .action(async (file, options) => {
      const { settings } = loadOrEnd(options, world);
      const { issuers } = loadIssuers({ tenants: settings.tenants, acceptDemoKeys: false });
      const local = await world.keyFiles.read(`${settings.state.folder}/keys/agents.jwk`, "agents").then(
        (key) => [key],
        () => [],
      );
      const localIssuer = { ...LOCAL_ISSUER, keys: local, types: ["JWT", "at+jwt", "sluice-agent+jwt", "absent"] };
      const inspected = inspectToken(readToken(file, world), {
        issuers: issuers.length === 0 && local.length > 0 ? [localIssuer] : issuers,
        tokenMaxLifetimeMs: settings.identity.tokenMaxLifetimeMs,
        clockSkewMs: settings.identity.clockSkewMs,
        nowMs: world.clock.nowMs(),
      });
      const { header, claims, verdict } = inspected;
      if (options.json === true) world.write(`${JSON.stringify(inspected)}\n`);
      else {
        world.write(`${escapeText(JSON.stringify(header))}\n${escapeText(JSON.stringify(claims))}\n`);
        world.write(
          verdict.kind === "accepted" ? `accepted until ${new Date(verdict.expiresAtMs).toISOString()}\n` : `refused: ${verdict.reason}\n`,
        );
      }
      setExit(verdict.kind === "accepted" ? EXIT.fine : EXIT.no);
    });
};

async function readKey(path: string, world: CliWorld): Promise<KeyFile> {
  try {
    return await world.keyFiles.read(path, "agents");
  } catch (error) {
    if (isErrorCode(error, "ENOENT"))
      throw couldNotRun(`${path} is not there: start \`sluice serve\`, which makes one, or name a key with --key`);
    throw error;
  }
}

function readToken(file: string, world: CliWorld): string {
  try {
    return readFileSync(file === "-" ? STANDARD_INPUT : resolve(world.cwd, file), "utf8").trim();
  } catch {
    throw couldNotRun(`${file} cannot be read: give the file of a token, or - for standard input`);
  }
}

function parseLifetime(text: string): number {
  const ms = parseDuration(text);
  if (ms === null || ms < 1000) throw new InvalidArgumentError("a duration of at least 1s is expected, such as 15m");
  return ms;
}
