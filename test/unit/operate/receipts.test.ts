import { appendFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createRecorder } from "../../../src/audit/create-recorder.ts";
import { createFileSink } from "../../../src/audit/sinks/file.ts";
import { SILENT } from "../../../src/core/observer.ts";
import { findReceipt, tailReceipts, verifyFolder } from "../../../src/operate/receipts.ts";
import { createKey, createTestClock, sampleDecision } from "../audit/sample-receipts.ts";

const key = createKey();
let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "tail-"));
});
afterEach(() => rm(folder, { recursive: true }));

async function openRecorder() {
  const clock = createTestClock();
  const sink = await createFileSink({ folder, out: process.stdout, observer: SILENT })();
  return { clock, recorder: createRecorder({ sinks: [sink], server: "s", clock, signingKey: key, observer: SILENT }) };
}

async function writeSome() {
  const { clock, recorder } = await openRecorder();
  for (let i = 0; i < 6; i++) {
    clock.advance(10);
    recorder.record(sampleDecision({ tenant: i % 2 === 0 ? "a" : "b", us: i, decision: i === 1 ? "deny" : "allow" }));
  }
  return { clock, recorder };
}

async function collect(options: Partial<Parameters<typeof tailReceipts>[1]>) {
  const found = [];
  for await (const { fields } of tailReceipts(folder, { n: 10, filter: {}, follow: null, ...options })) found.push(fields);
  return found;
}

describe("tailReceipts", () => {
  it("gives the newest of all streams, oldest first", async () => {
    const { recorder } = await writeSome();
    await recorder.flush();
    expect((await collect({ n: 3 })).map(({ tenant, us }) => [tenant, us])).toEqual([
      ["b", 3],
      ["a", 4],
      ["b", 5],
    ]);
    await recorder.close();
  });

  it.each([
    [{ tenant: "a" }, [0, 2, 4]],
    [{ tenant: "b", decision: "deny" }, [1]],
    [{ kind: "decision", rule: undefined }, [0, 1, 2, 3, 4, 5]],
    [{ agent: "nobody" }, []],
  ])("gives only what fits %j", async (filter, expected) => {
    const { recorder } = await writeSome();
    await recorder.close();
    expect((await collect({ filter })).map(({ us }) => us)).toEqual(expected);
  });

  it("looks back as far as it takes to find what fits", async () => {
    const { recorder } = await openRecorder();
    recorder.record(sampleDecision({ code: "rare", us: 7 }));
    for (let i = 0; i < 600; i++) recorder.record(sampleDecision());
    await recorder.close();
    expect((await collect({ n: 1, filter: { code: "rare" } })).map(({ us }) => us)).toEqual([7]);
  });

  it("goes on with what is appended, also in new streams, and waits for the end of a line", async () => {
    const { recorder } = await writeSome();
    await recorder.flush();
    const late = { file: join(folder, "b.jsonl"), text: (await readFile(join(folder, "b.jsonl"), "utf8")).split("\n")[0] ?? "" };
    const stop = new AbortController();
    const seen: unknown[] = [];
    for await (const { fields } of tailReceipts(folder, { n: 1, filter: { kind: "decision" }, follow: stop.signal })) {
      seen.push([fields["tenant"], fields["us"]]);
      if (seen.length === 1) {
        await appendFile(late.file, late.text.slice(0, 100));
        recorder.record(sampleDecision({ tenant: "new", us: 8 }));
        await recorder.flush();
      } else if (seen.length === 2) {
        await appendFile(late.file, `${late.text.slice(100)}\n`);
      } else stop.abort();
    }
    await recorder.close();
    expect(seen).toEqual([
      ["b", 5],
      ["new", 8],
      ["b", 1],
    ]);
  });
});

describe("verifyFolder", () => {
  it("verifies all streams of the folder", async () => {
    const { recorder } = await writeSome();
    await recorder.close();
    const report = await verifyFolder(folder, { keys: [key], anchor: null });
    expect(report).toMatchObject({ ok: true, problems: [] });
    expect(report.streams.map(({ stream }) => stream)).toEqual(["a", "b", "~checkpoints"]);
  });
});

describe("findReceipt", () => {
  const ID = "01JD6Q3Z8W0000000000000001";

  async function writeAmongOthers() {
    const { recorder } = await writeSome();
    recorder.record(sampleDecision({ tenant: "b", decision_id: ID, us: 99, fault: "01JD6Q3Z8W0000000000000002" }));
    recorder.record(sampleDecision({ tenant: "a", us: 100 }));
    await recorder.flush();
    await recorder.close();
  }

  it("finds the receipt of a decision in whatever stream it is", async () => {
    await writeAmongOthers();
    expect(await findReceipt(folder, ID)).toMatchObject({ intact: true, fields: { decision_id: ID, stream: "b", us: 99 } });
  });

  it.each(["01JD6Q3Z8W0000000000000002", "01JD6Q3Z8W0000000000000003", "01JD6Q3Z8W000000000000000", "", "\u2028"])(
    "finds none of %j, which only stands somewhere or nowhere",
    async (id) => {
      await writeAmongOthers();
      expect(await findReceipt(folder, id)).toBeNull();
    },
  );

  it("tells that a line was changed, and passes over what is no receipt", async () => {
    await writeAmongOthers();
    const file = join(folder, "b.jsonl");
    const text = await readFile(file, "utf8");
    await writeFile(file, `{"decision_id":"${ID}"}\n${ID}\n\xff\n${text.replace('"us":99', '"us":1')}`);
    expect(await findReceipt(folder, ID)).toMatchObject({ intact: false, fields: { us: 1 } });
  });

  it("fails where the folder is not there", async () => {
    await expect(findReceipt(join(folder, "none"), ID)).rejects.toThrow("ENOENT");
  });
});
