import { execFile } from "node:child_process";
import { appendFile, mkdtemp, readdir, readFile, readlink, rename, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough, Writable } from "node:stream";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createRecorder } from "../../src/audit/create-recorder.ts";
import { SINKS, type SinkName } from "../../src/audit/sinks/index.ts";
import { verifyReceipts } from "../../src/audit/verify.ts";
import { createKey, createNotingObserver, createTestClock, sampleDecision } from "../unit/audit/sample-receipts.ts";

type Harness = {
  readonly open: () => ReturnType<ReturnType<(typeof SINKS)[SinkName]>>;
  /** What is stored of a stream, of all streams where the sink does not tell them apart. */
  readonly stored: (stream: string) => Promise<string>;
  readonly files: () => Promise<readonly string[]>;
};

let folder = "";
const observer = createNotingObserver();
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "sinks-"));
  observer.logs.length = 0;
});
afterEach(() => rm(folder, { recursive: true }));

const HARNESSES: Record<SinkName, () => Harness> = {
  file: () => ({
    open: SINKS.file({ folder: join(folder, "receipts"), out: new PassThrough(), observer }),
    stored: (stream) => readFile(join(folder, "receipts", `${stream}.jsonl`), "utf8"),
    files: async () => (await readdir(join(folder, "receipts"))).map((name) => join(folder, "receipts", name)),
  }),
  stdout: () => {
    const chunks: string[] = [];
    const out = new Writable({
      write: (chunk, _encoding, done) => {
        chunks.push(String(chunk));
        done();
      },
    });
    return {
      open: SINKS.stdout({ folder, out, observer }),
      stored: async () => chunks.join(""),
      files: async () => {
        await writeFile(join(folder, "stdout.log"), chunks.join(""));
        return [join(folder, "stdout.log")];
      },
    };
  },
};

const NAMES = Object.keys(SINKS) as SinkName[];

it("covers every sink there is", () => {
  expect(Object.keys(HARNESSES)).toEqual(NAMES);
  expect(NAMES.length).toBeGreaterThanOrEqual(2);
});

describe.each(NAMES)("the sink %s", (name) => {
  it("is not opened by its settings alone", async () => {
    HARNESSES[name]();
    expect(await readdir(folder)).toEqual([]);
  });

  it("says its name and begins with no heads", async () => {
    const sink = await HARNESSES[name]().open();
    expect(sink.name).toBe(name);
    expect(sink.heads.size).toBe(0);
    await sink.close();
  });

  it("stores lines byte by byte in the order they came", async () => {
    const harness = HARNESSES[name]();
    const sink = await harness.open();
    await sink.append("default", '{"a":"caf\u00e9"}\n{"a":2}\n');
    await sink.append("default", '{"a":3}\n');
    await sink.sync();
    expect(await harness.stored("default")).toBe('{"a":"caf\u00e9"}\n{"a":2}\n{"a":3}\n');
    await sink.close();
    expect(await harness.stored("default")).toBe('{"a":"caf\u00e9"}\n{"a":2}\n{"a":3}\n');
  });

  it("holds what a recorder wrote so that it verifies", async () => {
    const harness = HARNESSES[name]();
    const key = createKey();
    const sink = await harness.open();
    const options = { server: "s", clock: createTestClock(), signingKey: key, observer, checkpointEvery: 50 };
    const recorder = createRecorder({ sinks: [sink], ...options });
    for (let i = 0; i < 120; i++) recorder.record(sampleDecision({ tenant: i % 3 === 0 ? "a" : "b", us: i }));
    await recorder.close();
    const report = await verifyReceipts({ files: await harness.files(), keys: [key], anchor: null });
    expect(report.problems).toEqual([]);
    expect(report.streams.map(({ receipts }) => receipts).sort((a, b) => a - b)).toEqual([3, 40, 80]);
    expect(observer.logs).toEqual([]);
  });
});

describe("the sink file", () => {
  async function openAndAppend() {
    const harness = HARNESSES.file();
    const sink = await harness.open();
    await sink.append("default", "1\n");
    return { harness, sink, file: join(folder, "receipts", "default.jsonl") };
  }

  it("keeps more streams than it keeps files open", async () => {
    const { harness, sink } = await openAndAppend();
    for (let round = 0; round < 2; round++) {
      for (let i = 0; i < 150; i++) await sink.append(`t${i}`, `${round}\n`);
    }
    await sink.append("default", "2\n");
    expect(await countOpen(join(folder, "receipts"))).toBeLessThanOrEqual(64);
    await sink.close();
    expect(await harness.stored("t0")).toBe("0\n1\n");
    expect(await harness.stored("default")).toBe("1\n2\n");
    expect(observer.logs).toEqual([]);
  });

  it("is loud when someone else wrote to its file", async () => {
    const { harness, sink, file } = await openAndAppend();
    await appendFile(file, "x\n");
    await sink.append("default", "2\n");
    await sink.append("default", "3\n");
    await sink.close();
    expect(await harness.stored("default")).toBe("1\nx\n2\n3\n");
    expect(observer.logs).toEqual(["error: something else changed a receipts file"]);
  });

  it("is loud when its file was moved away, and begins another", async () => {
    const { harness, sink, file } = await openAndAppend();
    await rename(file, `${file}.old`);
    await sink.append("default", "2\n");
    await sink.close();
    expect(await harness.stored("default")).toBe("2\n");
    expect(observer.logs).toEqual(["error: something else changed a receipts file"]);
  });

  it("is loud when another file of the same size took its place", async () => {
    const { harness, sink, file } = await openAndAppend();
    await rename(file, `${file}.old`);
    await writeFile(file, "x\n");
    await sink.append("default", "2\n");
    await sink.close();
    expect(await harness.stored("default")).toBe("x\n2\n");
    expect(observer.logs).toEqual(["error: something else changed a receipts file"]);
  });

  it("leaves no half line behind when the disk is full in the middle of one", async () => {
    const script = `
      import { SINKS } from ${JSON.stringify(new URL("../../src/audit/sinks/index.ts", import.meta.url).href)};
      import { SILENT } from ${JSON.stringify(new URL("../../src/core/observer.ts", import.meta.url).href)};
      const sink = await SINKS.file({ folder: process.argv[1], out: process.stdout, observer: SILENT })();
      await sink.append("default", "a".repeat(2999) + "\\n");
      await sink.append("default", "b".repeat(2999) + "\\n").catch((error) => process.stdout.write(error.code));
      await sink.append("default", "c".repeat(499) + "\\n");
      await sink.close();`;
    // Files of this process may have 4 KiB; a write beyond takes what fits and then fails, as on a full disk.
    const limited = ["-c", 'ulimit -f 4 && exec "$0" --input-type=module -e "$1" "$2"', process.execPath, script, join(folder, "receipts")];
    const { stdout } = await promisify(execFile)("bash", limited);
    expect(stdout).toBe("EFBIG");
    expect(await readFile(join(folder, "receipts", "default.jsonl"), "utf8")).toBe(`${"a".repeat(2999)}\n${"c".repeat(499)}\n`);
  });

  it("lets nobody else read", async () => {
    const { sink, file } = await openAndAppend();
    await sink.close();
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect((await stat(join(folder, "receipts"))).mode & 0o777).toBe(0o700);
  });

  it("does not open on a path that is no folder", async () => {
    await writeFile(join(folder, "receipts"), "");
    await expect(HARNESSES.file().open()).rejects.toThrow();
  });
});

describe("the sink stdout", () => {
  it("refuses when the other end is gone, and does not end the process", async () => {
    const out = new Writable({ write: (_chunk, _encoding, done) => done(Object.assign(new Error("gone"), { code: "EPIPE" })) });
    const sink = await SINKS.stdout({ folder, out, observer })();
    await expect(sink.append("default", "1\n")).rejects.toThrow("gone");
    await sink.close();
    expect(out.emit("error", new Error("late"))).toBe(true);
  });
});

/** How many files below the folder this process has open; 0 where the system does not tell. */
async function countOpen(below: string): Promise<number> {
  const fds = await readdir("/proc/self/fd").catch(() => []);
  const paths = await Promise.all(fds.map((fd) => readlink(`/proc/self/fd/${fd}`).catch(() => "")));
  return paths.filter((path) => path.startsWith(below)).length;
}
