import { chmod, readFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { runSluice } from "../../tools/run-sluice.ts";
import { aFolder } from "./a-folder.ts";

const BAD_CONFIG = "listen:\n  grcp: 127.0.0.1:1\nworkers: two\n";

describe("a command that could not run", () => {
  let cwd: string;
  beforeAll(async () => {
    cwd = await aFolder({ "bad.yaml": BAD_CONFIG, "empty.yaml": "", "list.json": "[", "is-there.jwk": "mine" });
    await chmod(join(cwd, "is-there.jwk"), 0o600);
  });

  it.each([
    { args: ["nothing"], says: /^error: unknown command 'nothing'\n/ },
    { args: ["key", "new", "k.jwk"], says: /--for <use>/ },
    {
      args: ["key", "new", "is-there.jwk", "--for", "agents"],
      says: /^sluice: is-there\.jwk is there already and is never overwritten: give/,
    },
    {
      args: ["token", "issue", "--agent", "a"],
      says: /^sluice: .*agents\.jwk is not there: start `sluice serve`, which makes one, or name/,
    },
    { args: ["token", "inspect", "nowhere"], says: /^sluice: nowhere cannot be read: give the file of a token/ },
    { args: ["config", "check", "--config", "nowhere.yaml"], says: /^nowhere\.yaml: cannot be read/ },
    { args: ["serve", "--config", "bad.yaml"], says: /^bad\.yaml:2:3: listen\.grcp: unknown key; the nearest is "grpc"/ },
    { args: ["check", "nowhere.json"], says: /^sluice: nowhere\.json does not exist: give a file CALL\.json/ },
    { args: ["check", "GET", "ftp://a.test/"], says: /^sluice: the URL must be http\(s\):\/\/host\/path\n/ },
    {
      args: ["check", "GET", "https://a.test/", "--policies", "nowhere"],
      says: /^sluice: nowhere does not exist: name a folder of policy files\n/,
    },
    { args: ["policy", "validate", "nowhere"], says: /^sluice: nowhere does not exist: name a folder of policy files\n/ },
    { args: ["policy", "test", "nowhere"], says: /^sluice: nowhere does not exist/ },
    { args: ["policy", "test", ".", "--guardrails", "nowhere"], says: /^sluice: nowhere does not exist/ },
    {
      args: ["policy", "diff", ".", "nowhere"],
      says: /nowhere is not there[\s\S]*\nsluice: one side cannot be compared: name two folders/,
    },
    { args: ["policy", "fmt", "nowhere"], says: /^sluice: nowhere cannot be read \(.+\): name policy files or folders of them\n/ },
    { args: ["policy", "fmt"], says: /missing required argument 'paths'/ },
    {
      args: ["check", "GET", "https://a.test/", "--guardrails", "."],
      says: /^sluice: the embedded examples are compiled already: name a folder with --policies beside --guardrails\n/,
    },
    { args: ["receipts", "tail"], says: /^sluice: .*receipts is not there: name the folder of the receipts with --folder\n/ },
    { args: ["receipts", "verify", "--key", "list.json"], says: /^sluice: list\.json is no key file: name the receipts key with --key\n/ },
    { args: ["approvals", "list"], says: /^sluice: .*operator\.token cannot be read: name the operator's token with --token-file/ },
    { args: ["doctor", "--envoy", "nowhere.yaml"], says: /^sluice: .*nowhere\.yaml cannot be read: give the path of an Envoy bootstrap\n/ },
  ])("ends with 2 and says on standard error what to do: $args", async ({ args, says }) => {
    const { code, stdout, stderr } = await runSluice(args, { cwd });
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(says);
  });

  it("leaves a key that is there as it is", async () => {
    expect(await readFile(join(cwd, "is-there.jwk"), "utf8")).toBe("mine");
  });

  it("tells every mistake of a configuration with file, line, column and what is allowed", async () => {
    const { code, stdout, stderr } = await runSluice(["config", "check", "--config", "bad.yaml"], { cwd });
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr.split("\n")).toEqual([
      'bad.yaml:2:3: listen.grcp: unknown key; the nearest is "grpc"; allowed: grpc, http, hosts, agents, callbacks, metrics, tls',
      "bad.yaml:3:10: workers: found text; expected: a whole number",
      "sluice: the configuration has errors; `sluice config schema` prints what is allowed",
      "",
    ]);
  });

  it("says 0 for a good configuration, prints it with defaults, and overrides it by the environment", async () => {
    expect(await runSluice(["config", "check", "--config", "empty.yaml"], { cwd })).toEqual({
      code: 0,
      stdout: "The configuration is fine.\n",
      stderr: "",
    });
    const env = { SLUICE_LISTEN__GRPC: "127.0.0.1:7" };
    const printed = await runSluice(["config", "print", "--config", "empty.yaml", "--json"], { cwd, env });
    expect(JSON.parse(printed.stdout)).toMatchObject({ listen: { grpc: "127.0.0.1:7", http: "127.0.0.1:9190" }, workers: 1 });
  });
});
