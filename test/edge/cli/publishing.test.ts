import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { readFile, stat, writeFile } from "node:fs/promises";
import { delimiter, dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { POLICY_REFUSALS } from "../../../src/policy/bundle/refusals.ts";
import { freePort } from "../../tools/free-port.ts";
import { needTool } from "../../tools/need-tool.ts";
import { readBlock, readBlocks } from "../../unit/docs/blocks.ts";
import { aFolder } from "./a-folder.ts";

const PAGE = "docs/publishing.md";
const ROOT = join(import.meta.dirname, "../../..");
const MAIN = join(ROOT, "src/main.ts");
const FILES = ["policies/policy.yaml", "policies/cases.yaml", "sluice.yaml", "second.yaml", "opa.yaml"];
const opa = await needTool("opa");

type Ended = { readonly code: number; readonly stdout: string; readonly stderr: string };

let cwd = "";
const ports = new Map<string, number>();
const background: ChildProcess[] = [];
let kid = "KID";
let revision = "REVISION";

beforeAll(async () => {
  for (const port of ["9190", "9191", "9290", "9291", "8181"]) ports.set(port, await freePort());
  const files = await Promise.all(FILES.map(async (name) => [name, await readBlock(PAGE, name)] as const));
  cwd = await aFolder(Object.fromEntries(files.map(([name, text]) => [name, ownPorts(text)])));
});
afterAll(async () => {
  for (const child of background.filter(({ exitCode }) => exitCode === null)) {
    child.kill();
    await once(child, "exit");
  }
});

/** The page's ports, which may be taken here, as free ones; the first server says none, and gets the free ones by the environment. */
function ownPorts(text: string): string {
  return text.replaceAll(/127\.0\.0\.1:([0-9]{4})/g, (_, port: string) => `127.0.0.1:${ports.get(port)}`);
}

const environment = () => ({
  PATH: [dirname(opa ?? "/"), dirname(process.execPath), process.env["PATH"]].join(delimiter),
  HOME: cwd,
  SLUICE: `${process.execPath} ${MAIN}`,
});
const FIRST = () => ({ SLUICE_LISTEN__GRPC: `127.0.0.1:${ports.get("9191")}`, SLUICE_LISTEN__HTTP: `127.0.0.1:${ports.get("9190")}` });

const ownWords = (line: string) =>
  ownPorts(line)
    .replaceAll("npx sluice", `"${process.execPath}" "${MAIN}"`)
    .replace("REVISION", revision)
    .replace("deploy/ci", `${ROOT}/deploy/ci`);

/** Runs a line as a shell would. */
function run(line: string, env: Readonly<Record<string, string>> = {}): Promise<Ended> {
  return new Promise((resolve) => {
    execFile("/bin/sh", ["-c", ownWords(line)], { cwd, env: { ...environment(), ...env } }, (error, stdout, stderr) => {
      resolve({ code: typeof error?.code === "number" ? error.code : error === null ? 0 : -1, stdout, stderr });
    });
  });
}

/** The page's console lines, block by block. */
const linesOf = async () =>
  (await readBlocks(PAGE))
    .filter(({ language }) => language === "console")
    .map(({ text }) =>
      text
        .trim()
        .split("\n")
        .map((line) => line.replace(/^\$ /, "")),
    );

async function start(line: string, env: Readonly<Record<string, string>>, url: string): Promise<void> {
  const child = spawn("/bin/sh", ["-c", `exec ${ownWords(line.replace(/ &$/, ""))}`], {
    cwd,
    env: { ...environment(), ...env },
    stdio: "ignore",
  });
  background.push(child);
  await vi.waitUntil(
    () =>
      fetch(url).then(
        () => true,
        () => false,
      ),
    { timeout: 30_000, interval: 50 },
  );
}

async function replace(name: string, from: string, to: string): Promise<void> {
  const path = join(cwd, name);
  await writeFile(path, (await readFile(path, "utf8")).replaceAll(from, to));
}

const policyAt = async (port: string) => {
  const headers = { authorization: `Bearer ${(await readFile(join(cwd, "fetch.token"), "utf8")).trim()}` };
  const readyz = await fetch(`http://127.0.0.1:${ports.get(port)}/v1/policy`, { headers });
  return readyz.json();
};
const secondIs = (digest: string) =>
  vi.waitUntil(
    async () => {
      const token = (await readFile(join(cwd, "second/operator.token"), "utf8")).trim();
      const answer = await fetch(`http://127.0.0.1:${ports.get("9290")}/v1/policy`, { headers: { authorization: `Bearer ${token}` } });
      const { tenants } = (await answer.json()) as { readonly tenants: readonly { readonly digest: string | null }[] };
      return tenants[0]?.digest === digest;
    },
    { timeout: 30_000, interval: 50 },
  );
const digestIn = (text: string) => /sha256 ([0-9a-f]{64})/.exec(text)?.[1] ?? "";

// Some forty processes, one after the other.
describe.skipIf(opa === null)("docs/publishing.md, line by line", { timeout: 300_000 }, () => {
  it("makes a key, and a bundle that verifies", async () => {
    const [[newKey = "", build = "", verify = "", inspect = ""] = []] = await linesOf();
    const made = await run(newKey);
    kid = made.stdout.split("\n")[0] ?? "";
    expect([made.code, kid]).toEqual([0, expect.stringMatching(/^[\w-]{43}$/)]);
    expect((await stat(join(cwd, "keys/ci.jwk"))).mode & 0o777).toBe(0o600);
    for (const name of ["sluice.yaml", "second.yaml"]) await replace(name, "KID", kid);
    const built = await run(build);
    expect(built).toMatchObject({ code: 0, stderr: "" });
    revision = /revision (\w+)/.exec(built.stdout)?.[1] ?? "";
    expect(await run(verify)).toMatchObject({ code: 0, stdout: expect.stringContaining(`serial 1, signed by ${kid}`) });
    expect(await run(`${verify}x`)).toMatchObject({ code: 1, stderr: expect.stringMatching(/^tenant_differs: /) });
    expect(await run(inspect)).toMatchObject({ code: 0, stdout: expect.stringContaining("by ES256; that was NOT verified.") });
  });

  it("lets a pushed bundle decide", async () => {
    const [, [tokens = "", serve = "", push = ""] = []] = await linesOf();
    expect(await run(tokens)).toMatchObject({ code: 0 });
    await start(serve, FIRST(), `http://127.0.0.1:${ports.get("9190")}/healthz`);
    expect(await run(push.replace(" --yes", ""))).toMatchObject({ code: 2, stderr: expect.stringContaining("say --yes") });
    expect(await run(push.replace("ci.token", "fetch.token"))).toMatchObject({ code: 1, stderr: expect.stringContaining("role_missing") });
    const pushed = await run(push);
    expect(pushed).toMatchObject({
      code: 0,
      stdout: expect.stringContaining("No bundle decides for this tenant yet.\nLive for default: "),
    });
    expect(await policyAt("9190")).toMatchObject({
      tenants: [{ source: "pushed", serial: 1, revision, signed_by: kid, last_error: null }],
    });
  });

  it("feeds a second server and a stock OPA", async () => {
    const [, , [serve = "", run2 = ""] = []] = await linesOf();
    await start(serve, {}, `http://127.0.0.1:${ports.get("9290")}/healthz`);
    await start(run2, {}, `http://127.0.0.1:${ports.get("8181")}/health?bundles`);
    const { tenants } = (await policyAt("9190")) as { readonly tenants: readonly { readonly digest: string }[] };
    await secondIs(tenants[0]?.digest ?? "");
    await vi.waitUntil(async () => (await fetch(`http://127.0.0.1:${ports.get("8181")}/health?bundles`)).status === 200, {
      timeout: 30_000,
      interval: 100,
    });
    const asked = await fetch(`http://127.0.0.1:${ports.get("8181")}/v1/data/sluice/ruling`, { method: "POST", body: '{"input":{}}' });
    expect(await asked.json()).toMatchObject({ result: { decision: "deny" } });
  });

  it("publishes a next version everywhere, and goes back", async () => {
    const [, , , [build = "", push = "", log = "", rollback = ""] = []] = await linesOf();
    const token = join(cwd, "policies/policy.yaml");
    await writeFile(token, (await readFile(token, "utf8")).replace("1.0.0", "1.1.0").replace('"20"]', '"20", "30"]'));
    expect(await run(build)).toMatchObject({ code: 0 });
    expect(await run(push.replace("--yes", "--yes --forbid-widening"))).toMatchObject({
      code: 1,
      stdout: expect.stringContaining("~ payments/small (allow)"),
      stderr: expect.stringContaining("widening_forbidden"),
    });
    const pushed = await run(push);
    expect(pushed).toMatchObject({ code: 0 });
    await secondIs(digestIn(pushed.stdout));
    const rolled = await run(rollback);
    expect(rolled).toMatchObject({ code: 0, stdout: expect.stringContaining(`revision ${revision}, serial 1`) });
    await secondIs(digestIn(rolled.stdout));
    expect(await run(rollback.replace(revision, digestIn(rolled.stdout)))).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("decides already"),
    });
    const told = await run(log);
    const events = told.stdout.split("\n").flatMap((line) => /default {2}(\w+)( {2}[a-z_]+)?/.exec(line)?.[1] ?? []);
    expect([told.code, events]).toEqual([0, ["refused", "activated", "activated", "rolled_back"]]);
    expect(told.stdout).toContain("pushed by ci");
    expect(told.stdout).toContain("~payments/small  [may widen]");
  });

  it("publishes from CI", async () => {
    const [, , , , [publish = ""] = []] = await linesOf();
    expect(await run(publish.replace(/SERIAL=3 /, ""))).toMatchObject({ code: 2, stderr: "publish.sh: set SERIAL\n" });
    const published = await run(publish);
    expect(published).toMatchObject({ code: 0, stdout: expect.stringMatching(/Live for default: revision \w+, serial 3/) });
    expect(published.stderr.match(/^== .*$/gm)).toEqual([
      "== validate",
      "== format",
      "== test",
      "== build and sign",
      "== verify",
      "== diff and push",
    ]);
    await secondIs(digestIn(published.stdout.slice(published.stdout.indexOf("Live for"))));
  });

  it("does not publish what a step says no to", async () => {
    const [, , , , [publish = ""] = []] = await linesOf();
    const next = publish.replace("SERIAL=3", "SERIAL=4");
    const path = join(cwd, "policies/policy.yaml");
    const before = await readFile(path, "utf8");
    await writeFile(path, before.replace('"10", ', ""));
    expect(await run(next)).toMatchObject({ code: 1, stdout: expect.stringContaining("FAIL  ten pass") });
    await writeFile(path, before.replace('"30"]', '"30", "40"]').replace("1.1.0", "1.2.0"));
    expect(await run(next, { FORBID_WIDENING: "1" })).toMatchObject({ code: 1, stderr: expect.stringContaining("widening_forbidden") });
    const [, , , [, push = ""] = []] = await linesOf();
    expect(await run(push)).toMatchObject({ code: 1, stderr: expect.stringContaining("serial_too_old") });
    expect(await run(`BASE=policies ${publish} check`)).toMatchObject({ code: 0, stdout: expect.stringContaining("It does not widen.") });
    expect(await policyAt("9190")).toMatchObject({ tenants: [{ serial: 3 }] });
  });
});

describe("docs/publishing-codes.md", () => {
  it("names every code that a bundle is refused by, in its own words", async () => {
    const page = await readFile(join(ROOT, "docs/publishing-codes.md"), "utf8");
    const rows = [...page.matchAll(/^\| `([a-z_]+)` \| (.*) \|$/gm)].map(([, code, sentence]) => [code, sentence]);
    expect(rows).toEqual(Object.entries(POLICY_REFUSALS));
  });
});
